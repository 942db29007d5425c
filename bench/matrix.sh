#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The scope matrix with a million probes: routes, roles, places that bear ids, areas near and far. Needs a build with tests:
#   bench/matrix.sh [folder of the build] [probes]
set -euo pipefail
cd "$(dirname "$0")/.."
LINLI_SCOPE_PROBES=${2:-1000000} "${1:-build}/test_app" -tc="*foreign id is answered*,*matrix finds*"
