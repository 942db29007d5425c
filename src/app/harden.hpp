// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What this process takes from itself, whatever the service manager does.

namespace linli::app {

/// What is in memory (keys, personal data) is never written to a core file and not shown to other
/// processes of the same user (C61).
void forbid_core_dumps();
/// From now on no thread of this process can run another program or look into another process (C45,
/// C86). False if the kernel offers no such filter.
bool forbid_programs();

}  // namespace linli::app
