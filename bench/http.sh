#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Durable creates and lists over HTTP: linli on SQLite, linli on PostgreSQL and the Fastify peer, in turns on one machine.
#   bench/http.sh create [seconds] [rounds]        bench/http.sh list [count] [seconds]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
export BENCH="$root/bench"
build=${BUILD:-$root/build}  # a release build
. "$root/tools/packages.sh"
. "$root/tools/postgres.sh"
install_packages "${build_packages[@]}" postgresql-15 wrk curl python3 >/dev/null
use_node
[ -d "$root/bench/peers/fastify/node_modules" ] || (cd "$root/bench/peers/fastify" && npm ci --silent --ignore-scripts)

work=$(mktemp -d)
pids=()
cleanup() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    stop_postgres
    rm -rf "$work"
}
trap cleanup EXIT

ask() { python3 -c "import json,sys; v=json.load(sys.stdin)
for k in '$1'.split('.'): v=v[int(k) if k.isdigit() else k]
print(v)"; }

# start_linli NAME PORT [--db URL]: serves what is in $work/NAME.
start_linli() {
    local name=$1 port=$2
    shift 2
    "$build/linli" serve --demo --pace 0 --data "$work/$name" --port "$port" --catalogue "$root/catalogue" "$@" \
        >"$work/$name.out" 2>"$work/$name.err" &
    pids+=($!)
    for _ in $(seq 600); do curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && return; sleep 0.2; done
    cat "$work/$name.err"; exit 1
}

# sign_in PORT LOGIN: sets COOKIE, CSRF, ME.
sign_in() {
    ME=$(curl -fs -c "$work/jar" -H 'content-type: application/json' -d "{\"login\":\"$2\",\"password\":\"linli-demo\"}" "http://127.0.0.1:$1/api/session")
    CSRF=$(ask csrf <<<"$ME")
    COOKIE="linli_session=$(awk '/linli_session/ {print $7}' "$work/jar")"
    export COOKIE CSRF
}

# measure NAME SCRIPT CONNECTIONS PORT SECONDS: prints "NAME rate p50 p99 bad" and keeps it in $work/results.
measure() {
    local line
    line=$(wrk -t1 -c"$3" -d"$5s" --latency -s "$root/bench/$2.lua" "http://127.0.0.1:$4" | grep RESULT | cut -d' ' -f2-)
    echo "$1 $line" | tee -a "$work/results" | awk '{printf "%-34s %9.1f/s  p50 %7.2f ms  p99 %7.2f ms  bad %d\n", $1, $2, $3, $4, $5}'
}

# ceiling LEVEL SECONDS DATABASE: the peer's statement alone by pgbench, prepared, 16 connections: no server and no answer can be faster.
ceiling() {
    local one files=()
    python3 "$root/bench/peers/fastify/ceiling.py" "$1" "$work"
    for one in "$work/$1"-*.sql; do files+=(-f "$one"); done
    pgbench -n -M prepared -c 16 -j 1 -T "$2" "${files[@]}" "$3" | awk -v n="postgres-alone:$1" \
        '/^tps/ {rate = $3} /^latency average/ {mean = $4} END {printf "%-34s %9.1f/s  mean %6.2f ms\n", n, rate, mean}'
}

start_peer() {  # PROCESSES PORT DATABASE
    node "$root/bench/peers/fastify/server.mjs" --database "$3" --host "$pg_dir" --port "$2" --processes "$1" 2>"$work/peer.err" &
    pids+=($!)
    for _ in $(seq 100); do curl -s "http://127.0.0.1:$2/" >/dev/null && return; sleep 0.1; done
    cat "$work/peer.err"; exit 1
}

summary() {
    python3 - "$work/results" <<'PY'
import statistics, sys
rows = {}
for line in open(sys.argv[1]):
    name, rate, p50, p99, bad = line.split()
    rows.setdefault(name, []).append((float(rate), float(p50), float(p99), int(bad)))
print("\nmedian of rounds")
best = {}
for name, runs in rows.items():
    rate, p50, p99 = (statistics.median(run[i] for run in runs) for i in range(3))
    print(f"{name:34s} {rate:9.1f}/s  p50 {p50:7.2f} ms  p99 {p99:7.2f} ms  failed {sum(run[3] for run in runs)}")
    group = name.split(":")[1] if ":" in name else ""
    if name.startswith("peer"):
        best[group] = max(best.get(group, (0, 0)), (rate, p99))
for name, runs in rows.items():
    group = name.split(":")[1] if ":" in name else ""
    if not name.startswith("peer") and group in best:
        print(f"{name:34s} {statistics.median(run[0] for run in runs) / best[group][0]:5.2f} x the peer's better set-up")
PY
}

create() {
    local seconds=${1:-10} rounds=${2:-3}
    start_postgres
    psql -q "$pg_url" -c 'CREATE DATABASE linli' -c 'CREATE DATABASE peer'
    local base="?host=$pg_dir&port=5433&user=linli"
    psql -q "postgresql:///peer$base" -f "$root/bench/peers/fastify/schema.sql"
    psql -q "postgresql:///peer$base" -c "INSERT INTO session VALUES (encode(sha256('bench'), 'hex'), 11, 3, 5)"
    start_linli sqlite 9101
    start_linli postgres 9102 --db "postgresql:///linli$base"
    start_peer 1 9103 peer
    start_peer 2 9104 peer
    CATEGORY=$(curl -fs http://127.0.0.1:9101/api/catalogue | python3 -c "import json,sys
l=json.load(sys.stdin)['lists']['request_category']['choices']; print(next(c['key'] for c in l if c.get('parent') and not c.get('questions')))")
    export CATEGORY
    for round in $(seq "$rounds"); do
        for one in sqlite:9101 postgres:9102; do
            sign_in "${one#*:}" mas-community1
            AREA=$(ask grants.0.area.id <<<"$ME")
            export AREA
            measure "linli-${one%:*}" create 64 "${one#*:}" "$seconds"
        done
        export COOKIE=linli_session=bench CSRF=x
        measure peer-1-process create 64 9103 "$seconds"
        measure peer-2-processes create 64 9104 "$seconds"
    done
    summary
}

# The keyset paths of the first page and of deep pages, each made by following "next" from the start.
paths_of() {  # PORT QUERY
    python3 - "$1" "$2" "$COOKIE" <<'PY'
import json, sys, urllib.request
port, query, cookie = sys.argv[1:]
paths, path = [], f"/api/records/request?{query}"
for page in range(400):
    answer = json.load(urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})))
    if page in (0, 1, 20, 100, 399):
        paths.append(path)
    if not answer["next"]:
        break
    path = f"/api/records/request?{query}&cursor={answer['next']}"
print(" ".join(paths))
PY
}

list() {
    local count=${1:-1000000} seconds=${2:-10}
    if [ -n "${FILLED:-}" ]; then
        cp -a --reflink=auto "$FILLED" "$work/sqlite"  # made before by fill_bench
    else
        "$build/fill_bench" --data "$work/sqlite" --count "$count" --catalogue "$root/catalogue"
    fi
    # Filling waits for no disk; what is measured afterwards runs with the usual settings.
    start_postgres fsync=off synchronous_commit=off full_page_writes=off autovacuum=off max_wal_size=8GB
    psql -q "$pg_url" -c 'CREATE DATABASE linli' -c 'CREATE DATABASE peer'
    local base="?host=$pg_dir&port=5433&user=linli"
    "$build/fill_bench" --data "$work/postgres" --db "postgresql:///linli$base" --count "$count" --catalogue "$root/catalogue"
    psql -q "postgresql:///peer$base" -f "$root/bench/peers/fastify/schema.sql"
    psql -q "postgresql:///peer$base" -f "$root/bench/peers/fastify/fill.sql" -v count="$count"
    psql -q "postgresql:///linli$base" -c 'VACUUM ANALYZE' -c CHECKPOINT
    restart_postgres
    start_linli sqlite 9101
    start_linli postgres 9102 --db "postgresql:///linli$base"
    start_peer 1 9103 peer
    start_peer 2 9104 peer
    local who level area
    for level in community county city; do
        case $level in community) who=mas-community1 ;; county) who=mas-county ;; city) who=mas-city ;; esac
        for one in sqlite:9101 postgres:9102; do
            sign_in "${one#*:}" $who
            area=$(ask grants.0.area.id <<<"$ME")
            PATHS=$(paths_of "${one#*:}" "area=$area&state=closed&limit=50&sort=-created_at")
            export PATHS
            measure "linli-${one%:*}:$level" list 16 "${one#*:}" "$seconds"
        done
        export COOKIE=linli_session=bench
        PATHS=$(python3 "$root/bench/peers/fastify/paths.py" 9103 $level)
        export PATHS
        measure "peer-1-process:$level" list 16 9103 "$seconds"
        measure "peer-2-processes:$level" list 16 9104 "$seconds"
        ceiling "$level" "$seconds" "postgresql:///peer$base"
    done
    summary
}

"${1:-create}" "${@:2}"
