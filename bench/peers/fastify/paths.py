# SPDX-License-Identifier: Apache-2.0
"""Paths of the first and of deep pages of the peer's list, as bench/http.sh asks linli for: paths.py PORT LEVEL."""
import json
import sys
import urllib.request

port, level = sys.argv[1:]
query = f"level={level}&area=3&state=closed&limit=50"
paths, path = [], f"/api/records/request?{query}"
for page in range(400):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": "linli_session=bench"})
    answer = json.load(urllib.request.urlopen(request))
    if page in (0, 1, 20, 100, 399):
        paths.append(path)
    if not answer["next"]:
        break
    before, before_id = answer["next"].split(".")
    path = f"/api/records/request?{query}&before={before}&before_id={before_id}"
print(" ".join(paths))
