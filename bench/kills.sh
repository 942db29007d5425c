#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Many kill -9 of the server under load, on SQLite and on PostgreSQL, which is stopped without warning in every third round.
#   bench/kills.sh [kills = 1000]                     needs build/test_app and build/linli
cd "$(dirname "$0")/.."
. tools/packages.sh
. tools/postgres.sh
start_postgres
trap stop_postgres EXIT
export LINLI_KILLS=${1:-1000}
"${LINLI_BUILD:-build}"/test_app -tc="kill -9*" 2>/dev/null
LINLI_TEST_POSTGRES=$pg_url LINLI_TEST_ONLY=postgres "${LINLI_BUILD:-build}"/test_app -tc="kill -9*" 2>/dev/null
