// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Vectors of the compiler: it knows the instructions, we say how long they are. Which length suits
/// this machine is asked at run time.
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

// Vectors are passed to inlined functions only.
#pragma GCC diagnostic ignored "-Wpsabi"

#if defined(__x86_64__) && defined(__GNUC__)
#define LINLI_X86 1
#define LINLI_AVX2 [[gnu::target("avx2")]]
#define LINLI_AVX512 [[gnu::target("avx512f,avx512vl,avx512bw,avx512dq")]]
#endif

namespace linli::spatial {

enum class Width { plain, avx2, avx512 };
constexpr auto names(Width) {
    return std::array{"plain", "avx2", "avx512"};
}
/// Whether this machine and this program can do it; `plain` always is.
bool can_use(Width);
Width widest();

/// Numbers of one type, `bytes` of them in all.
template <class Number, std::size_t bytes>
struct Vectors {
    using Scalar = Number;
    typedef Number Vector __attribute__((vector_size(bytes)));
    static constexpr std::size_t size = bytes / sizeof(Number);
    [[gnu::always_inline]] static inline Vector load(const void* from) {
        Vector out;
        std::memcpy(&out, from, sizeof out);
        return out;
    }
    [[gnu::always_inline]] static inline void store(void* to, Vector values) {
        std::memcpy(to, &values, sizeof values);
    }
    [[gnu::always_inline]] static inline Vector all(Number value) { return Vector{} + value; }
    [[gnu::always_inline]] static inline Vector least(Vector a, Vector b) { return a < b ? a : b; }
    [[gnu::always_inline]] static inline Vector most(Vector a, Vector b) { return a < b ? b : a; }
};
template <class Number>
using By128 = Vectors<Number, 16>;
template <class Number>
using By256 = Vectors<Number, 32>;
template <class Number>
using By512 = Vectors<Number, 64>;

/// Calls work(i) for each i whose bit is set, the highest first; it may set lower ones meanwhile.
template <class Work>
[[gnu::always_inline]] inline void each_falling(
    std::uint64_t* words, std::size_t count, Work work
) {
    for (auto w = count; w-- > 0;) {
        for (auto left = words[w]; left != 0;) {
            const auto bit = static_cast<std::uint32_t>(std::bit_width(left)) - 1;
            work(static_cast<std::uint32_t>(w * 64) + bit);
            left = words[w] & ((std::uint64_t{1} << bit) - 1);
        }
    }
}

}  // namespace linli::spatial
