// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Of threads.

namespace linli {

/// The calling thread gets a small share of the processor while others want it: for work that
/// nobody waits for (index, figures). No effect where the system does not know it for one thread.
void give_way();

}  // namespace linli
