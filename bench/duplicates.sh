#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Hints over a database that fill_bench made (1,000,000 requests), asked by a resident for 200 communities in turn.
#   FILLED=DIR bench/duplicates.sh [connections] [seconds]
# FILLED is copied, not changed.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
export BENCH="$root/bench"
build=${BUILD:-$root/build}
port=${PORT:-9391}
work=$(mktemp -d)
trap '[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cp -a --reflink=auto "${FILLED:?a folder made by fill_bench}/linli.db" "$work/"
cp -a "$FILLED/keys" "$work/"
"$build/linli" serve --demo --pace 0 --data "$work" --port "$port" --catalogue "$root/catalogue" >"$work/out" 2>"$work/err" &
pid=$!
for _ in $(seq 1200); do curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && break; sleep 0.2; done
me=$(curl -fs -c "$work/jar" -H 'content-type: application/json' -d '{"login":"mas-resident1","password":"linli-demo"}' \
    "http://127.0.0.1:$port/api/session")
CSRF=$(python3 -c 'import json,sys; print(json.load(sys.stdin)["csrf"])' <<<"$me")
COOKIE="linli_session=$(awk '/linli_session/ {print $7}' "$work/jar")"
AREAS=$(python3 -c 'import sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT community FROM request GROUP BY community ORDER BY count(*) DESC LIMIT 200")
print(" ".join(str(row[0]) for row in rows))' "$work/linli.db")
export COOKIE CSRF AREAS
# CPU time of the server in ms
spent() { awk -v hz="$(getconf CLK_TCK)" '{print ($14 + $15) * 1000 / hz}' "/proc/$pid/stat"; }
ask() { wrk -t1 -c"$1" -d"$2s" --latency -s "$root/bench/duplicates.lua" "http://127.0.0.1:$port" | grep RESULT |
    awk -v c="$1" '{printf "%d at once: %.1f/s  p50 %.2f ms  p99 %.2f ms  failed %d\n", c, $2, $3, $4, $5}'; }
curl -fs -H "Cookie: $COOKIE" -H "X-CSRF: $CSRF" -H 'content-type: application/json' "http://127.0.0.1:$port/api/records/request/duplicates" \
    -d "{\"area\":\"${AREAS%% *}\",\"fields\":{\"category\":\"public_toilet\"}}" |
    python3 -c 'import json,sys; hints=json.load(sys.stdin)["hints"]; print(len(hints), "hints, the first:", hints[0]["title"]["en"], hints[0]["reasons"])'
ask 1 3 >/dev/null  # the pages of the file are read once
ask 1 "${2:-10}"
ask "${1:-4}" "${2:-10}"
before=$(spent)
for area in $AREAS; do
    curl -fs -o /dev/null -H "Cookie: $COOKIE" -H "X-CSRF: $CSRF" -H 'content-type: application/json' \
        "http://127.0.0.1:$port/api/records/request/duplicates" -d "{\"area\":\"$area\",\"fields\":{\"category\":\"public_toilet\"}}"
done
awk -v a="$before" -v b="$(spent)" -v n="$(wc -w <<<"$AREAS")" 'BEGIN {printf "%.1f ms of CPU time each\n", (b - a) / n}'
