#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How calm a server stays: 2,000 idle and 2,000 slow connections beside ordinary work; three times more creates than it can do.
#   bench/load.sh [seconds] [path of linli]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
export BENCH="$root/bench"
. "$root/tools/packages.sh"
install_packages "${build_packages[@]}" wrk nghttp2-client curl python3 >/dev/null
seconds=${1:-10} linli=${2:-$root/build/linli}
work=$(mktemp -d) port=9111
pids=()
cleanup() {
    kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
ulimit -n 20000
ask() { python3 -c "import json,sys; v=json.load(sys.stdin)
for k in '$1'.split('.'): v=v[int(k) if k.isdigit() else k]
print(v)"; }

"$linli" serve --demo --pace 0 --data "$work/data" --port $port --catalogue "$root/catalogue" >"$work/out" 2>"$work/err" &
server=$!
pids+=($server)
for _ in $(seq 600); do curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && break; sleep 0.2; done
me=$(curl -fs -c "$work/jar" -H 'content-type: application/json' -d '{"login":"mas-community1","password":"linli-demo"}' "http://127.0.0.1:$port/api/session")
COOKIE="linli_session=$(awk '/linli_session/ {print $7}' "$work/jar")"
CSRF=$(ask csrf <<<"$me") AREA=$(ask grants.0.area.id <<<"$me")
CATEGORY=$(curl -fs "http://127.0.0.1:$port/api/catalogue" | python3 -c "import json,sys
l=json.load(sys.stdin)['lists']['request_category']['choices']
print(next(c['key'] for c in l if c.get('parent') and not c.get('questions') and not c.get('urgent')))")
PATHS=/api/inbox
export COOKIE CSRF AREA CATEGORY PATHS

memory() { awk '/VmRSS/ {printf "%.0f", $2 / 1024}' /proc/$server/status; }
run() { wrk -t1 -c"$2" -d"${seconds}s" --latency -s "$root/bench/$1.lua" "http://127.0.0.1:$port" | grep RESULT; }  # rate p50 p99 bad

run list 16 >/dev/null
read -r _ rate _ quiet bad < <(run list 16)
before=$(memory)
echo "alone:                       $rate inboxes/s, p99 $quiet ms, failed $bad, memory $before MiB"
python3 "$root/bench/crowd.py" $port 2000 2000 >"$work/crowd" &
pids+=($!)
until grep -q here "$work/crowd"; do sleep 0.2; done
sleep 12  # the first slow ones have been closed, and come again
read -r _ rate _ crowded bad < <(run list 16)
echo "2,000 idle and 2,000 slow:   $rate inboxes/s, p99 $crowded ms, failed $bad, memory $(memory) MiB (+$(($(memory) - before)))"
kill "${pids[1]}" && wait "${pids[1]}" 2>/dev/null || true

run create 64 >/dev/null
read -r _ peak _ p99 bad < <(run create 64)
echo "64 clients that wait:        $peak creates/s, p99 $p99 ms, failed $bad"
printf '{"area":"%s","fields":{"category":"%s","description":"楼道三层的灯坏了一个多星期"}}' "$AREA" "$CATEGORY" >"$work/body"
clients=500
each=$(python3 -c "print(max(1, round(3 * $peak / $clients)))")
h2load --h1 -c $clients -t1 --rps "$each" -D "$seconds" -d "$work/body" -H "cookie: $COOKIE" -H "x-csrf: $CSRF" \
    -H 'content-type: application/json' "http://127.0.0.1:$port/api/records/request" >"$work/overload"
python3 - "$work/overload" "$seconds" "$peak" "$((each * clients))" <<'PY'
import re, sys
text, seconds, peak, asked = open(sys.argv[1]).read(), float(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
codes = dict((name, int(n)) for n, name in re.findall(r"(\d+) (2xx|4xx|5xx)", text))
good = codes["2xx"] / seconds
print(f"{asked / peak:.1f} x as many, {asked:.0f}/s asked: {good:.1f} creates/s = {100 * good / peak:.0f} % of the peak, "
      f"refused {codes['5xx'] / seconds:.0f}/s with 503, other {codes['4xx']}")
PY
