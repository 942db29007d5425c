#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How soon the server is ready after kill -9 under load with a large SQLite file (C74). The file is padded with rows that no
# start has a reason to read, so a start that reads everything shows.
#   bench/ready.sh [gigabytes = 5] [kills = 10]       needs build/test_app and build/linli
cd "$(dirname "$0")/.."
LINLI_PAD_GB=${1:-5} LINLI_KILLS=${2:-10} "${LINLI_BUILD:-build}"/test_app -tc="kill -9 loses nothing*" 2>/dev/null
