// SPDX-License-Identifier: Apache-2.0
#include "base/thread.hpp"

#include <sys/resource.h>

namespace linli {

void give_way() {
    // On Linux a priority is a thread's own; 0 is the caller.
    constexpr int share_of_a_tenth = 10;
    static_cast<void>(::setpriority(PRIO_PROCESS, 0, share_of_a_tenth));
}

}  // namespace linli
