#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes every parser under AddressSanitizer and UBSan, beginning with the inputs of tests/corpus.
#   bench/fuzz.sh [inputs per parser] [seconds per parser at most] [parser ...]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tools/packages.sh"
install_packages "${build_packages[@]}" clang-14 libclang-rt-14-dev >/dev/null
inputs=${1:-100000000} seconds=${2:-600}
shift $(($# < 2 ? $# : 2))
build="$root/build-fuzz"
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER=clang++-14 -DLINLI_FUZZ=ON -DCMAKE_BUILD_TYPE=Fuzz \
    -DCMAKE_CXX_FLAGS="-O1 -g1" >/dev/null
parsers=("$@")
if [ ${#parsers[@]} -eq 0 ]; then
    for source in "$root"/src/*/fuzz/*_fuzz.cpp; do parsers+=("$(basename "$source" .cpp)"); done
fi
ninja -C "$build" "${parsers[@]}"
failed=0
for parser in "${parsers[@]}"; do
    found="$build/found/$parser" log="$build/$parser.log"
    mkdir -p "$found" "$build/crashes"
    seeds=("$root/tests/corpus/${parser%_fuzz}")
    [ -d "${seeds[0]}" ] || seeds=()
    verdict=ok
    "$build/$parser" -runs="$inputs" -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="$build/crashes/$parser-" "$found" "${seeds[@]}" >"$log" 2>&1 || { verdict="CRASH, see $log"; failed=1; }
    awk -v p="$parser" -v v="$verdict" '/number_of_executed_units/ {n = $2} /average_exec_per_sec/ {r = $2}
        END {printf "%-20s %12d inputs %9d/s  %s\n", p, n, r, v}' "$log"
done
exit $failed
