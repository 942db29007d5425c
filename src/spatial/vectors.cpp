// SPDX-License-Identifier: Apache-2.0
#include "spatial/vectors.hpp"

namespace linli::spatial {

bool can_use(Width width) {
#ifdef LINLI_X86
    if (width == Width::avx512) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    }
    if (width == Width::avx2) {
        return __builtin_cpu_supports("avx2");
    }
#endif
    return width == Width::plain;
}

Width widest() {
    return can_use(Width::avx512) ? Width::avx512
           : can_use(Width::avx2) ? Width::avx2
                                  : Width::plain;
}

}  // namespace linli::spatial
