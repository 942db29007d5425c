#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The rules of routing asked of 100,000 past requests of a database that fill_bench made, by a city's supervisor.
#   FILLED=DIR bench/routing.sh [rounds]
# FILLED is copied, not changed.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$root/build}
port=${PORT:-9393}
work=$(mktemp -d)
trap '[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cp -a --reflink=auto "${FILLED:?a folder made by fill_bench}/linli.db" "$work/"
cp -a "$FILLED/keys" "$work/"
"$build/linli" serve --demo --pace 0 --data "$work" --port "$port" --catalogue "$root/catalogue" >"$work/out" 2>"$work/err" &
pid=$!
for _ in $(seq 1200); do curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && break; sleep 0.2; done
curl -fs -o /dev/null -c "$work/jar" -H 'content-type: application/json' -d '{"login":"mas-city","password":"linli-demo"}' \
    "http://127.0.0.1:$port/api/session"
ask="http://127.0.0.1:$port/api/routing/request?when=category%3D%27public_toilet%27&words=%E7%81%AF,%E6%B0%B4"
curl -fs -b "$work/jar" "$ask" | python3 -c 'import json,sys
replay = json.load(sys.stdin)
print(replay["records"], "records,", len(replay["rules"]), "rules, capped:", replay["capped"])'
for _ in $(seq "${1:-5}"); do
    curl -fs -o /dev/null -w '%{time_total} s\n' -b "$work/jar" "$ask"
done
