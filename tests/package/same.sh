#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two packages of the same commit, built from nothing in different folders, are the same bytes (C89). Takes two whole builds.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CCACHE_DISABLE=1 SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
for place in a another/and/deeper; do
    mkdir -p "$work/$place"
    git -C "$root" archive HEAD | tar -x -C "$work/$place"
    "$work/$place/tools/package" --out "$work/out/${place##*/}" >/dev/null
done
sha256sum "$work"/out/*/*.deb
cmp "$work"/out/a/*.deb "$work"/out/deeper/*.deb && echo "1 passed, 0 failed"
