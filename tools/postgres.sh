# SPDX-License-Identifier: Apache-2.0
# Sourced: a private PostgreSQL 15 on a socket of its own, for tests and benchmarks. Never for data that matters.
pg_bin=/usr/lib/postgresql/15/bin

# PostgreSQL refuses to run as root; then it runs as the user postgres.
pg_as() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# Sets pg_dir, pg_url and LINLI_CRASH_POSTGRES, a command that stops it as a crash would and starts it again.
# Further arguments are settings: "fsync=off".
start_postgres() {
    pg_dir=$(mktemp -d)
    [ "$(id -u)" != 0 ] || chown postgres:postgres "$pg_dir"
    chmod 755 "$pg_dir"
    pg_as $pg_bin/initdb -D "$pg_dir/data" -U linli -A trust -E UTF8 --locale=C.UTF-8 \
        --locale-provider=icu --icu-locale=zh >/dev/null
    local as=
    [ "$(id -u)" != 0 ] || as="runuser -u postgres -- "
    export LINLI_CRASH_POSTGRES="$as$pg_bin/pg_ctl -D $pg_dir/data -l $pg_dir/log -m immediate -w -t 300 restart >/dev/null 2>&1"
    pg_url="postgresql:///postgres?host=$pg_dir&port=5433&user=linli"
    run_postgres start "$@"
}

run_postgres() {  # start|restart SETTING...
    local command=$1 settings="-k $pg_dir -p 5433 -c listen_addresses='' -c max_connections=200"
    shift
    for setting in "$@"; do settings="$settings -c $setting"; done
    pg_as $pg_bin/pg_ctl -D "$pg_dir/data" -l "$pg_dir/log" -w -o "$settings" "$command" >/dev/null
}

# The same data with other settings, given anew.
restart_postgres() { run_postgres restart "$@"; }

stop_postgres() {
    [ -n "${pg_dir:-}" ] || return 0
    pg_as $pg_bin/pg_ctl -D "$pg_dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$pg_dir"
    pg_dir=
}
