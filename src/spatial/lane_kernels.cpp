// SPDX-License-Identifier: Apache-2.0
#include "spatial/lane_kernels.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace linli::spatial {

namespace {

/// Rows lie far apart in a great city; those that come soon are fetched early.
constexpr std::size_t ahead = 12;

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

/// Calls each(chain, soon, fill) for all chains: `soon` comes soon, fill(from, to, column) writes
/// the points of one lane.
template <class W, class Each>
[[gnu::always_inline]] inline void fill_chains(
    const Network& network, const InnerChains& inner, Ms limit, const Each& each
) {
    const auto offsets_of = [&](const InnerChain& chain) {
        return network.offsets.data() + (chain.first - network.junctions);
    };
    // Writes beyond the end of the chain; what stands there comes later.
    for (std::size_t c = 0; c < inner.few.size(); ++c) {
        const auto& chain = inner.few[c];
        each(
            chain, inner.few[std::min(c + ahead, inner.few.size() - 1)],
            [&](Ms from, Ms to, Ms* column) {
                along<By128<int>>(
                    offsets_of(chain), from, to + chain.length, limit, column + chain.first
                );
            }
        );
    }
    for (std::size_t c = 0; c < inner.many.size(); ++c) {
        const auto& chain = inner.many[c];
        const Ms* offsets = offsets_of(chain);
        each(
            chain, inner.many[std::min(c + ahead, inner.many.size() - 1)],
            [&](Ms from, Ms to, Ms* column) {
                const Ms back = to + chain.length;
                Ms* out = column + chain.first;
                if (chain.count >= W::size) {
                    all_along<W>(offsets, chain.count, from, back, limit, out);
                } else if (chain.count >= 4) {
                    all_along<By128<int>>(offsets, chain.count, from, back, limit, out);
                } else {
                    for (std::size_t i = 0; i < chain.count; ++i) {
                        out[i] = within(std::min(from + offsets[i], back - offsets[i]), limit);
                    }
                }
            }
        );
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
                if (j + i + 2 * n < place.size()) {
                    __builtin_prefetch(&rows[place[j + i + 2 * n]]);
                }
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
    fill_chains<W>(network, inner, limit, [&](const auto& chain, const auto& soon, auto fill) {
        __builtin_prefetch(&rows[soon.from]);
        __builtin_prefetch(&rows[soon.to]);
        const auto& from = rows[chain.from].walk;
        const auto& to = rows[chain.to].walk;
        for (std::size_t l = 0; l < columns.size(); ++l) {
            fill(from[l], to[l], columns[l]);
        }
    });
}

template <class W>
[[gnu::always_inline]] inline void fill_one_by(
    const Network& network, const InnerChains& inner, const Ms* walks, Ms limit, Ms* column
) {
    std::copy_n(walks, network.junctions, column);
    fill_chains<W>(network, inner, limit, [&](const auto& chain, const auto&, auto fill) {
        fill(walks[chain.from], walks[chain.to], column);
    });
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
void fill_one_plain(
    const Network& n, const InnerChains& inner, const Ms* walks, Ms limit, Ms* column
) {
    fill_one_by<By128<int>>(n, inner, walks, limit, column);
}
constexpr LaneKernels plain_kernels{rise_plain, fall_plain, fill_plain, fill_one_plain};

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
LINLI_AVX2 void fill_one_avx2(
    const Network& n, const InnerChains& inner, const Ms* walks, Ms limit, Ms* column
) {
    fill_one_by<By256<int>>(n, inner, walks, limit, column);
}
constexpr LaneKernels avx2_kernels{rise_avx2, fall_avx2, fill_avx2, fill_one_avx2};

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
LINLI_AVX512 void fill_one_avx512(
    const Network& n, const InnerChains& inner, const Ms* walks, Ms limit, Ms* column
) {
    fill_one_by<By512<int>>(n, inner, walks, limit, column);
}
constexpr LaneKernels avx512_kernels{rise_avx512, fall_avx512, fill_avx512, fill_one_avx512};
#endif

}  // namespace

InnerChains inner_chains(const Network& network, std::span<const std::uint32_t> place) {
    InnerChains inner;
    const auto at = [&](std::uint32_t junction) {
        return place.empty() ? junction : place[junction];
    };
    for (std::size_t c = 0; c < network.chain_count(); ++c) {
        const auto [from, to, length, first] = network.chains[c];
        const auto count = network.chains[c + 1].first - first;
        if (count > 0) {
            auto& list = count <= 4 && first + 4 <= network.points.size() ? inner.few : inner.many;
            list.push_back({at(from), at(to), length, first, count});
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
