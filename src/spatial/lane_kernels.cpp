// SPDX-License-Identifier: Apache-2.0
#include "spatial/lane_kernels.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace linli::spatial {

namespace {

constexpr LaneRow nowhere = [] {
    LaneRow row;
    row.walk.fill(unreachable);
    return row;
}();

template <class W>
[[gnu::always_inline]] inline void rise_by(const Hierarchy& up, LaneRow* rows, Touched& touched) {
    each_falling(touched.data(), touched.size(), [&](std::uint32_t place) {
        for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
            const auto arc = up.arcs[a];
            if (touch(touched, arc.to)) {
                rows[arc.to] = nowhere;
            }
            for (std::size_t l = 0; l < lanes; l += W::size) {
                const auto walk = W::load(&rows[place].walk[l]) + static_cast<int>(arc.length);
                W::store(&rows[arc.to].walk[l], W::least(W::load(&rows[arc.to].walk[l]), walk));
            }
        }
    });
}

template <class W>
[[gnu::always_inline]] inline void fall_by(
    const Hierarchy& up, LaneRow* rows, const Touched& touched
) {
    constexpr auto parts = lanes / W::size;
    const auto count = static_cast<std::uint32_t>(up.place.size());
    for (std::uint32_t place = 0; place < count; ++place) {
        const auto& known = holds(touched, place) ? rows[place] : nowhere;
        typename W::Vector walk[parts];
        for (std::size_t p = 0; p < parts; ++p) {
            walk[p] = W::load(&known.walk[p * W::size]);
        }
        for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
            const auto arc = up.arcs[a];
            const auto& above = rows[arc.to].walk;
            for (std::size_t p = 0; p < parts; ++p) {
                const auto through = W::load(&above[p * W::size]) + static_cast<int>(arc.length);
                walk[p] = W::least(walk[p], through);
            }
        }
        for (std::size_t p = 0; p < parts; ++p) {
            W::store(&rows[place].walk[p * W::size], walk[p]);
        }
    }
}

[[gnu::always_inline]] inline Ms within(Ms walk, Ms limit) {
    return walk > limit ? unreachable : walk;
}

/// One lane along points of one chain.
template <class W>
[[gnu::always_inline]] inline void along(const Ms* offsets, Ms from, Ms to, Ms limit, Ms* out) {
    const auto offset = W::load(offsets);
    const auto walk = W::least(offset + static_cast<int>(from), static_cast<int>(to) - offset);
    const auto beyond = W::all(unreachable);
    W::store(out, walk > static_cast<int>(limit) ? beyond : walk);
}

/// The last vector overlaps the one before instead of going beyond the end.
template <class W>
[[gnu::always_inline]] inline void all_along(
    const Ms* offsets, std::size_t count, Ms from, Ms to, Ms limit, Ms* out
) {
    for (std::size_t i = 0; i + W::size < count; i += W::size) {
        along<W>(offsets + i, from, to, limit, out + i);
    }
    const auto last = count - W::size;
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
            along<By128<int>>(offsets, from, to, limit, out);
        });
    }
    for (const auto& chain : inner.many) {
        const std::size_t count = chain.count;
        each(chain, [&](auto* offsets, Ms from, Ms to, Ms* out) {
            if (count >= W::size) {
                all_along<W>(offsets, count, from, to, limit, out);
            } else if (count >= 4) {
                all_along<By128<int>>(offsets, count, from, to, limit, out);
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
    constexpr auto n = W::size;
    const auto low = __builtin_shufflevector(a, b, ((at & size) != 0 ? n + at - size : at)...);
    b = __builtin_shufflevector(a, b, ((at & size) != 0 ? n + at : at + size)...);
    a = low;
}
template <class W, std::size_t size>
[[gnu::always_inline]] inline void transpose(typename W::Vector* square) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < W::size; ++i) {
        if ((i & size) == 0) {
            exchange<W, size>(square[i], square[i + size], std::make_index_sequence<W::size>());
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
    constexpr auto n = W::size;
    const auto beyond = W::all(unreachable);
    std::size_t j = 0;
    for (; j + n <= place.size(); j += n) {
        for (std::size_t l = 0; l < columns.size(); l += n) {
            typename W::Vector square[n];
#pragma GCC unroll 16
            for (std::size_t i = 0; i < n; ++i) {
                square[i] = W::load(&rows[place[j + i]].walk[l]);
                square[i] = square[i] > static_cast<int>(limit) ? beyond : square[i];
            }
            transpose<W, n / 2>(square);
#pragma GCC unroll 16
            for (std::size_t i = 0; i < n; ++i) {
                if (l + i < columns.size()) {
                    W::store(columns[l + i] + j, square[i]);
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
    rise_by<By128<int>>(up, rows, touched);
}
void fall_plain(const Hierarchy& up, LaneRow* rows, const Touched& touched) {
    fall_by<By128<int>>(up, rows, touched);
}
void fill_plain(
    const Network& n, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    fill_by<By128<int>>(n, inner, rows, limit, columns);
}
constexpr LaneKernels plain_kernels{rise_plain, fall_plain, fill_plain};

#ifdef LINLI_X86
LINLI_AVX2 void rise_avx2(const Hierarchy& up, LaneRow* rows, Touched& touched) {
    rise_by<By256<int>>(up, rows, touched);
}
LINLI_AVX2 void fall_avx2(const Hierarchy& up, LaneRow* rows, const Touched& touched) {
    fall_by<By256<int>>(up, rows, touched);
}
LINLI_AVX2 void fill_avx2(
    const Network& n, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    fill_by<By256<int>>(n, inner, rows, limit, columns);
}
constexpr LaneKernels avx2_kernels{rise_avx2, fall_avx2, fill_avx2};

LINLI_AVX512 void rise_avx512(const Hierarchy& up, LaneRow* rows, Touched& touched) {
    rise_by<By512<int>>(up, rows, touched);
}
LINLI_AVX512 void fall_avx512(const Hierarchy& up, LaneRow* rows, const Touched& touched) {
    fall_by<By512<int>>(up, rows, touched);
}
LINLI_AVX512 void fill_avx512(
    const Network& n, const InnerChains& inner, const LaneRow* rows, Ms limit,
    std::span<Ms* const> columns
) {
    fill_by<By512<int>>(n, inner, rows, limit, columns);
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
