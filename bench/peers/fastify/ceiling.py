# SPDX-License-Identifier: Apache-2.0
"""The peer's list statement for each page of PATHS as pgbench scripts: what the database alone can do. ceiling.py LEVEL FOLDER"""
import os
import sys
from urllib.parse import parse_qs, urlparse

level, folder = sys.argv[1:]
# The county and community of the session that fill.sql makes.
narrow = {"community": "AND r.county = 4 AND r.community = 3", "county": "AND r.county = 4", "city": ""}[level]
for page, path in enumerate(os.environ["PATHS"].split()):
    query = parse_qs(urlparse(path).query)
    before, before_id = (query.get(key, ["9223372036854775807"])[0] for key in ("before", "before_id"))
    with open(f"{folder}/{level}-{page}.sql", "w") as out:
        out.write(f"""SELECT r.id, r.number, r.area, a.name AS area_name, r.state, r.version, r.created_at, r.updated_at, r.unit,
 u.name AS unit_name, r.category, r.description, r.handling, r.urgent, w.due_at
 FROM request r JOIN area a ON a.id = r.area LEFT JOIN unit u ON u.id = r.unit LEFT JOIN work w ON w.county = r.county AND w.id = r.id
 WHERE r.state = 'closed' {narrow} AND (r.created_at, r.id) < ({int(before)}, {int(before_id)})
 ORDER BY r.created_at DESC, r.id DESC LIMIT 50;
""")
