// SPDX-License-Identifier: Apache-2.0
#include "spatial/lane_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed to inlined functions only

#if defined(__x86_64__) && defined(__GNUC__)
#define LINLI_X86 1
#endif

namespace linli::spatial {

namespace {

/// Vectors of the compiler: it knows the instructions, we say how long they are.
struct By4 {
    typedef std::int32_t Vector __attribute__((vector_size(16)));
};
struct By8 {
    typedef std::int32_t Vector __attribute__((vector_size(32)));
};
struct By16 {
    typedef std::int32_t Vector __attribute__((vector_size(64)));
};
template <class W>
constexpr std::size_t size_of = sizeof(typename W::Vector) / sizeof(Ms);

template <class W>
[[gnu::always_inline]] inline typename W::Vector load(const Ms* from) {
    typename W::Vector out;
    std::memcpy(&out, from, sizeof out);
    return out;
}
template <class W>
[[gnu::always_inline]] inline void store(Ms* to, typename W::Vector values) {
    std::memcpy(to, &values, sizeof values);
}
template <class V>
[[gnu::always_inline]] inline V least(V a, V b) {
    return a < b ? a : b;
}

constexpr LaneRow nowhere = [] {
    LaneRow row;
    row.walk.fill(unreachable);
    return row;
}();

bool holds(const Touched& touched, std::uint32_t place) {
    return (touched[place / 64] >> place % 64 & 1) != 0;
}

template <class W>
[[gnu::always_inline]] inline void rise_by(const Hierarchy& up, LaneRow* rows, Touched& touched) {
    for (auto word = touched.size(); word-- > 0;) {
        // Rising may touch further places of the same word, all of them lower bits.
        for (auto left = touched[word]; left != 0;) {
            const auto bit = static_cast<std::uint32_t>(std::bit_width(left)) - 1;
            const auto place = static_cast<std::uint32_t>(word * 64) + bit;
            for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
                const auto arc = up.arcs[a];
                if (!holds(touched, arc.to)) {
                    touched[arc.to / 64] |= std::uint64_t{1} << arc.to % 64;
                    rows[arc.to] = nowhere;
                }
                for (std::size_t l = 0; l < lanes; l += size_of<W>) {
                    const auto walk = load<W>(&rows[place].walk[l]) + static_cast<int>(arc.length);
                    store<W>(&rows[arc.to].walk[l], least(load<W>(&rows[arc.to].walk[l]), walk));
                }
            }
            left = touched[word] & ((std::uint64_t{1} << bit) - 1);
        }
    }
}

template <class W>
[[gnu::always_inline]] inline void fall_by(
    const Hierarchy& up, LaneRow* rows, const Touched& touched
) {
    constexpr auto parts = lanes / size_of<W>;
    const auto count = static_cast<std::uint32_t>(up.place.size());
    for (std::uint32_t place = 0; place < count; ++place) {
        const auto& known = holds(touched, place) ? rows[place] : nowhere;
        typename W::Vector walk[parts];
        for (std::size_t p = 0; p < parts; ++p) {
            walk[p] = load<W>(&known.walk[p * size_of<W>]);
        }
        for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
            const auto arc = up.arcs[a];
            const auto& above = rows[arc.to].walk;
            for (std::size_t p = 0; p < parts; ++p) {
                const auto through = load<W>(&above[p * size_of<W>]) + static_cast<int>(arc.length);
                walk[p] = least(walk[p], through);
            }
        }
        for (std::size_t p = 0; p < parts; ++p) {
            store<W>(&rows[place].walk[p * size_of<W>], walk[p]);
        }
    }
}

[[gnu::always_inline]] inline Ms within(Ms walk, Ms limit) {
    return walk > limit ? unreachable : walk;
}

/// One lane along points of one chain.
template <class W>
[[gnu::always_inline]] inline void along(const Ms* offsets, Ms from, Ms to, Ms limit, Ms* out) {
    const auto offset = load<W>(offsets);
    const auto walk = least(offset + static_cast<int>(from), static_cast<int>(to) - offset);
    const auto beyond = typename W::Vector{} + static_cast<int>(unreachable);
    store<W>(out, walk > static_cast<int>(limit) ? beyond : walk);
}

/// The last vector overlaps the one before instead of going beyond the end.
template <class W>
[[gnu::always_inline]] inline void all_along(
    const Ms* offsets, std::size_t count, Ms from, Ms to, Ms limit, Ms* out
) {
    for (std::size_t i = 0; i + size_of<W> < count; i += size_of<W>) {
        along<W>(offsets + i, from, to, limit, out + i);
    }
    const auto last = count - size_of<W>;
    along<W>(offsets + last, from, to, limit, out + last);
}

template <class W>
[[gnu::always_inline]] inline void fill_chains(
    const Network& network, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    const auto each = [&](const InnerChain& chain, const auto& work) {
        const Ms* offsets = network.offsets.data() + (chain.first - network.junctions);
        const auto& from = rows[chain.from].walk;
        const auto& to = rows[chain.to].walk;
        for (std::size_t l = 0; l < columns.size(); ++l) {
            work(offsets, from[l], to[l] + chain.length, columns[l] + chain.first);
        }
    };
    // Writes beyond the end of the chain; what stands there comes later.
    for (const auto& chain : inner.few) {
        each(chain, [&](auto* offsets, Ms from, Ms to, Ms* out) {
            along<By4>(offsets, from, to, limit, out);
        });
    }
    for (const auto& chain : inner.many) {
        const std::size_t count = chain.count;
        each(chain, [&](auto* offsets, Ms from, Ms to, Ms* out) {
            if (count >= size_of<W>) {
                all_along<W>(offsets, count, from, to, limit, out);
            } else if (count >= 4) {
                all_along<By4>(offsets, count, from, to, limit, out);
            } else {
                for (std::size_t i = 0; i < count; ++i) {
                    out[i] = within(std::min(from + offsets[i], to - offsets[i]), limit);
                }
            }
        });
    }
}

/// Exchanges the blocks of `size` off the diagonal of two rows of a square.
template <class W, std::size_t size, std::size_t... at>
[[gnu::always_inline]] inline void
exchange(typename W::Vector& a, typename W::Vector& b, std::index_sequence<at...>) {
    constexpr auto n = size_of<W>;
    const auto low = __builtin_shufflevector(a, b, ((at & size) != 0 ? n + at - size : at)...);
    b = __builtin_shufflevector(a, b, ((at & size) != 0 ? n + at : at + size)...);
    a = low;
}
template <class W, std::size_t size>
[[gnu::always_inline]] inline void transpose(typename W::Vector* square) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < size_of<W>; ++i) {
        if ((i & size) == 0) {
            exchange<W, size>(square[i], square[i + size], std::make_index_sequence<size_of<W>>());
        }
    }
    if constexpr (size > 1) {
        transpose<W, size / 2>(square);
    }
}

/// Rows of junctions into columns, a square at a time.
template <class W>
[[gnu::always_inline]] inline void fill_junctions(
    std::span<const std::uint32_t> place, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    constexpr auto n = size_of<W>;
    const auto beyond = typename W::Vector{} + static_cast<int>(unreachable);
    std::size_t j = 0;
    for (; j + n <= place.size(); j += n) {
        for (std::size_t l = 0; l < columns.size(); l += n) {
            typename W::Vector square[n];
#pragma GCC unroll 16
            for (std::size_t i = 0; i < n; ++i) {
                square[i] = load<W>(&rows[place[j + i]].walk[l]);
                square[i] = square[i] > static_cast<int>(limit) ? beyond : square[i];
            }
            transpose<W, n / 2>(square);
#pragma GCC unroll 16
            for (std::size_t i = 0; i < n; ++i) {
                if (l + i < columns.size()) {
                    store<W>(columns[l + i] + j, square[i]);
                }
            }
        }
    }
    for (; j < place.size(); ++j) {
        for (std::size_t l = 0; l < columns.size(); ++l) {
            columns[l][j] = within(rows[place[j]].walk[l], limit);
        }
    }
}

template <class W>
[[gnu::always_inline]] inline void fill_by(
    const Network& network, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    fill_junctions<W>(network.hierarchy.place, rows, limit, columns);
    fill_chains<W>(network, inner, rows, limit, columns);
}

void rise_plain(const Hierarchy& up, LaneRow* rows, Touched& touched) {
    rise_by<By4>(up, rows, touched);
}
void fall_plain(const Hierarchy& up, LaneRow* rows, const Touched& touched) {
    fall_by<By4>(up, rows, touched);
}
void fill_plain(
    const Network& n, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    fill_by<By4>(n, inner, rows, limit, columns);
}
constexpr LaneKernels plain_kernels{rise_plain, fall_plain, fill_plain};

#ifdef LINLI_X86
[[gnu::target("avx2")]] void rise_avx2(const Hierarchy& up, LaneRow* rows, Touched& touched) {
    rise_by<By8>(up, rows, touched);
}
[[gnu::target("avx2")]] void fall_avx2(const Hierarchy& up, LaneRow* rows, const Touched& touched) {
    fall_by<By8>(up, rows, touched);
}
[[gnu::target("avx2")]] void fill_avx2(
    const Network& n, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    fill_by<By8>(n, inner, rows, limit, columns);
}
constexpr LaneKernels avx2_kernels{rise_avx2, fall_avx2, fill_avx2};

[[gnu::target("avx512f,avx512vl")]] void rise_avx512(
    const Hierarchy& up, LaneRow* rows, Touched& touched
) {
    rise_by<By16>(up, rows, touched);
}
[[gnu::target("avx512f,avx512vl")]] void fall_avx512(
    const Hierarchy& up, LaneRow* rows, const Touched& touched
) {
    fall_by<By16>(up, rows, touched);
}
[[gnu::target("avx512f,avx512vl")]] void fill_avx512(
    const Network& n, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    fill_by<By16>(n, inner, rows, limit, columns);
}
constexpr LaneKernels avx512_kernels{rise_avx512, fall_avx512, fill_avx512};
#endif

}  // namespace

InnerChains inner_chains(const Network& network) {
    InnerChains inner;
    const auto& place = network.hierarchy.place;
    for (std::size_t c = 0; c < network.chain_count(); ++c) {
        const auto [from, to, length, first] = network.chains[c];
        const auto count = network.chains[c + 1].first - first;
        if (count > 0) {
            auto& list = count <= 4 && first + 4 <= network.points.size() ? inner.few : inner.many;
            list.push_back({place[from], place[to], length, first, count});
        }
    }
    return inner;
}

bool can_use(Width width) {
#ifdef LINLI_X86
    if (width == Width::avx512) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
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

const LaneKernels& lane_kernels(Width width) {
#ifdef LINLI_X86
    if (width == Width::avx512 && can_use(width)) {
        return avx512_kernels;
    }
    if (width == Width::avx2 && can_use(width)) {
        return avx2_kernels;
    }
#endif
    return plain_kernels;
}

}  // namespace linli::spatial
