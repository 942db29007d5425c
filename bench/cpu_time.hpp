// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the calling thread has cost so far, in milliseconds: other work on the machine does not count.
#include <ctime>

inline double cpu_ms() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}
