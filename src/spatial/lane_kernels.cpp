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
[[gnu::always_inline]] inline void rise_by(
    const Hierarchy& up, LaneRow* rows, Touched& touched, Ms limit
) {
    each_falling(touched.words.data(), touched.words.size(), [&](std::uint32_t place) {
        for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
            const auto arc = up.arcs[a];
            const Ms nearest = touched.nearest[place] + arc.length;
            if (nearest > limit) {
                continue;
            }
            if (touched.touch(arc.to, nearest)) {
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
        const auto& known = touched.holds(place) ? rows[place] : nowhere;
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

/// One chain, one lane, any number of points.
template <class W>
[[gnu::always_inline]] inline void fill_chain(
    const Network& network, const InnerChain& chain, Ms from, Ms to, Ms limit, Ms* column
) {
    const Ms* offsets = network.offsets.data() + (chain.first - network.junctions);
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

/// The same of up to four points. Writes up to three beyond the end: what stands there comes later.
[[gnu::always_inline]] inline void fill_short_chain(
    const Network& network, const InnerChain& chain, Ms from, Ms to, Ms limit, Ms* column
) {
    along<By128<int>>(
        network.offsets.data() + (chain.first - network.junctions), from, to + chain.length, limit,
        column + chain.first
    );
}

/// The one point of a chain, all lanes.
template <class W>
[[gnu::always_inline]] inline void fill_point(
    const Network& network, const InnerChain& chain, const LaneRow& from, const LaneRow& to,
    Ms limit, std::span<Ms* const> columns
) {
    const auto offset = static_cast<int>(network.offsets[chain.first - network.junctions]);
    const int back = static_cast<int>(chain.length) - offset;
    const auto beyond = W::all(unreachable);
    LaneRow row;
    for (std::size_t l = 0; l < lanes; l += W::size) {
        const auto walk = W::least(W::load(&from.walk[l]) + offset, W::load(&to.walk[l]) + back);
        W::store(&row.walk[l], walk > static_cast<int>(limit) ? beyond : walk);
    }
    for (std::size_t l = 0; l < columns.size(); ++l) {
        columns[l][chain.first] = row.walk[l];
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
    const auto each = [&](const std::vector<InnerChain>& chains, const auto& work)
        __attribute__((always_inline)) {
        for (std::size_t c = 0; c < chains.size(); ++c) {
            const auto& soon = chains[std::min(c + ahead, chains.size() - 1)];
            __builtin_prefetch(&rows[soon.from]);
            __builtin_prefetch(&rows[soon.to]);
            work(chains[c], rows[chains[c].from], rows[chains[c].to]);
        }
    };
    each(inner.few, [&](const auto& chain, const auto& from, const auto& to) {
        for (std::size_t l = 0; l < columns.size(); ++l) {
            fill_short_chain(network, chain, from.walk[l], to.walk[l], limit, columns[l]);
        }
    });
    each(inner.one, [&](const auto& chain, const auto& from, const auto& to) {
        fill_point<W>(network, chain, from, to, limit, columns);
    });
    each(inner.many, [&](const auto& chain, const auto& from, const auto& to) {
        for (std::size_t l = 0; l < columns.size(); ++l) {
            fill_chain<W>(network, chain, from.walk[l], to.walk[l], limit, columns[l]);
        }
    });
}

template <class W>
[[gnu::always_inline]] inline void fill_one_by(
    const Network& network, const InnerChains& inner, const Ms* walks, Ms limit, Ms* column
) {
    std::copy_n(walks, network.junctions, column);
    for (const auto& chain : inner.few) {
        fill_short_chain(network, chain, walks[chain.from], walks[chain.to], limit, column);
    }
    for (const auto* list : {&inner.one, &inner.many}) {
        for (const auto& chain : *list) {
            fill_chain<W>(network, chain, walks[chain.from], walks[chain.to], limit, column);
        }
    }
}

void rise_plain(const Hierarchy& up, LaneRow* rows, Touched& touched, Ms limit) {
    rise_by<By128<int>>(up, rows, touched, limit);
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
LINLI_AVX2 void rise_avx2(const Hierarchy& up, LaneRow* rows, Touched& touched, Ms limit) {
    rise_by<By256<int>>(up, rows, touched, limit);
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

LINLI_AVX512 void rise_avx512(const Hierarchy& up, LaneRow* rows, Touched& touched, Ms limit) {
    rise_by<By512<int>>(up, rows, touched, limit);
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
            const bool few = count <= 4 && first + 4 <= network.points.size();
            auto& list = count == 1 ? inner.one : few ? inner.few : inner.many;
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
