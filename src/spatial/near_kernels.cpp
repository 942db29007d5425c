// SPDX-License-Identifier: Apache-2.0
#include "spatial/near_kernels.hpp"

#include <algorithm>
#include <utility>

namespace linli::spatial {

namespace {

/// Set in keys that are to be forgotten: greater than all others. Comparing instead would be
/// slower.
template <class Key>
constexpr Key dropped = Key{1} << (sizeof(Key) == 4 ? 31 : 62);

/// The k nearest of some lanes: vectors of keys, ascending.
template <class W, std::size_t k>
struct Lists {
    using Vector = typename W::Vector;
    using Key = typename W::Scalar;
    Vector best[k];

    [[gnu::always_inline]] inline void load(const Key* row) {
#pragma GCC unroll 5
        for (std::size_t i = 0; i < k; ++i) {
            best[i] = W::load(row + i * lanes);
        }
    }
    [[gnu::always_inline]] inline void store(Key* row) const {
#pragma GCC unroll 5
        for (std::size_t i = 0; i < k; ++i) {
            W::store(row + i * lanes, best[i]);
        }
    }
    /// Takes in a list that stands elsewhere, further by a walk; a place that is in both counts
    /// once. Its i-th cannot come before our i-th.
    [[gnu::always_inline]] inline void merge(const Key* row, Key further, Key numbers) {
#pragma GCC unroll 5
        for (std::size_t j = 0; j < k; ++j) {
            const auto given = W::load(row + j * lanes) + further;
            auto carried = given;
#pragma GCC unroll 5
            for (std::size_t i = 0; i < k; ++i) {
                // All bits if the number is the same, and some of the low ones if not.
                const auto same = ((best[i] ^ given) & numbers) - 1;
                if (i >= j) {
                    const auto pushed = W::most(best[i], carried);
                    best[i] = W::least(best[i], carried);
                    carried = pushed;
                }
                carried |= same & dropped<Key>;
            }
        }
    }
};

template <class W, std::size_t k>
[[gnu::always_inline]] inline void near_rise(
    const Hierarchy& up, typename W::Scalar* rows, Touched& touched, KeyShape shape
) {
    using Key = typename W::Scalar;
    const auto numbers = numbers_of<Key>(shape);
    each_falling(touched.words.data(), touched.words.size(), [&](std::uint32_t place) {
        for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
            const auto arc = up.arcs[a];
            const Ms nearest = touched.nearest[place] + arc.length;
            if (nearest >= shape.beyond) {
                continue;
            }
            Key* above = rows + std::size_t{arc.to} * k * lanes;
            if (touched.touch(arc.to, nearest)) {
                std::fill_n(above, k * lanes, none_of<Key>(shape));
            }
            for (std::size_t l = 0; l < shape.lanes_used; l += W::size) {
                Lists<W, k> lists;
                lists.load(above + l);
                lists.merge(
                    rows + std::size_t{place} * k * lanes + l, Key{arc.length} << shape.bits,
                    numbers
                );
                lists.store(above + l);
            }
        }
    });
}

template <class W, std::size_t k>
[[gnu::always_inline]] inline void near_fall(
    const Hierarchy& up, typename W::Scalar* rows, const Touched& touched, KeyShape shape
) {
    using Key = typename W::Scalar;
    const auto numbers = numbers_of<Key>(shape);
    for (std::uint32_t place = 0; place < up.place.size(); ++place) {
        Key* here = rows + std::size_t{place} * k * lanes;
        if (!touched.holds(place)) {
            std::fill_n(here, k * lanes, none_of<Key>(shape));
        }
        for (std::size_t l = 0; l < shape.lanes_used; l += W::size) {
            Lists<W, k> lists;
            lists.load(here + l);
            for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
                const auto arc = up.arcs[a];
                if (arc.length < shape.beyond) {
                    lists.merge(
                        rows + std::size_t{arc.to} * k * lanes + l, Key{arc.length} << shape.bits,
                        numbers
                    );
                }
            }
            lists.store(here + l);
        }
    }
}

template <class W, std::size_t... at>
[[gnu::always_inline]] inline void
interleave(typename W::Vector a, typename W::Vector b, Near* out, std::index_sequence<at...>) {
    constexpr auto n = W::size;
    W::store(out, __builtin_shufflevector(a, b, (at / 2 + at % 2 * n)...));
    W::store(out + n / 2, __builtin_shufflevector(a, b, ((at + n) / 2 + at % 2 * n)...));
}

/// Keys of some lanes apart again.
template <class W>
[[gnu::always_inline]] inline void take_apart(typename W::Vector keys, KeyShape shape, Near* out) {
    using Key = typename W::Scalar;
    const auto walks = keys >> static_cast<Key>(shape.bits);
    const auto far = walks >= static_cast<Key>(shape.beyond);
    const auto number = far ? W::all(0xffffffff) : keys & numbers_of<Key>(shape);
    const auto walk = far ? W::all(unreachable) : walks;
    if constexpr (sizeof(Key) == 4) {
        interleave<W>(walk, number, out, std::make_index_sequence<W::size>());
    } else {
        W::store(out, walk | number << Key{32});
    }
}

/// Writes points one after another into the columns, some at a time: columns mostly lie so that a
/// cache cannot hold a line of each.
template <class W, std::size_t k>
class Writer {
 public:
    using Key = typename W::Scalar;
    Writer(KeyShape shape, std::span<Near* const> columns) : m_shape(shape), m_columns(columns) {}
    [[gnu::always_inline]] inline void write(const Key* row) {
        for (std::size_t l = 0; l < m_shape.lanes_used; l += W::size) {
#pragma GCC unroll 5
            for (std::size_t i = 0; i < k; ++i) {
                take_apart<W>(W::load(row + i * lanes + l), m_shape, &m_near[m_count][i][l]);
            }
        }
        if (++m_count == many) {
            flush();
        }
    }
    [[gnu::always_inline]] inline void flush() {
        for (std::size_t l = 0; l < m_columns.size(); ++l) {
            Near* out = m_columns[l] + m_first * k;
            for (std::size_t p = 0; p < m_count; ++p) {
#pragma GCC unroll 5
                for (std::size_t i = 0; i < k; ++i) {
                    std::memcpy(out++, &m_near[p][i][l], sizeof(Near));
                }
            }
        }
        m_first += m_count;
        m_count = 0;
    }

 private:
    static constexpr std::size_t many = 16;
    KeyShape m_shape;
    std::span<Near* const> m_columns;
    std::size_t m_first = 0, m_count = 0;
    alignas(64) Near m_near[many][k][lanes];
};

template <class W, std::size_t k>
[[gnu::always_inline]] inline void near_fill(
    const Network& network, const typename W::Scalar* rows, KeyShape shape,
    std::span<Near* const> columns
) {
    using Key = typename W::Scalar;
    const auto& place = network.hierarchy.place;
    const auto row_of = [&](std::uint32_t junction) {
        return rows + std::size_t{place[junction]} * k * lanes;
    };
    const auto further = [&](Ms walk) {
        return static_cast<Key>(Key{std::min(walk, shape.beyond)} << shape.bits);
    };
    Writer<W, k> writer(shape, columns);
    for (std::uint32_t j = 0; j < network.junctions; ++j) {
        writer.write(row_of(j));
    }
    alignas(64) Key here[k * lanes];
    for (std::size_t c = 0; c < network.chain_count(); ++c) {
        const auto [from, to, length, first] = network.chains[c];
        for (auto p = first; p < network.chains[c + 1].first; ++p) {
            const Ms offset = network.offsets[p - network.junctions];
            for (std::size_t l = 0; l < shape.lanes_used; l += W::size) {
                Lists<W, k> lists;
                lists.load(row_of(from) + l);
#pragma GCC unroll 5
                for (std::size_t n = 0; n < k; ++n) {
                    lists.best[n] += further(offset);
                }
                lists.merge(row_of(to) + l, further(length - offset), numbers_of<Key>(shape));
                lists.store(here + l);
            }
            writer.write(here);
        }
    }
    writer.flush();
}

template <class W, std::size_t k>
struct Plain {
    using Key = typename W::Scalar;
    static void rise(const Hierarchy& up, Key* rows, Touched& touched, KeyShape shape) {
        near_rise<W, k>(up, rows, touched, shape);
    }
    static void fall(const Hierarchy& up, Key* rows, const Touched& touched, KeyShape shape) {
        near_fall<W, k>(up, rows, touched, shape);
    }
    static void fill(
        const Network& network, const Key* rows, KeyShape shape, std::span<Near* const> columns
    ) {
        near_fill<W, k>(network, rows, shape, columns);
    }
};

#ifdef LINLI_X86
template <class W, std::size_t k>
struct Avx2 {
    using Key = typename W::Scalar;
    LINLI_AVX2 static void rise(const Hierarchy& up, Key* rows, Touched& touched, KeyShape shape) {
        near_rise<W, k>(up, rows, touched, shape);
    }
    LINLI_AVX2 static void fall(
        const Hierarchy& up, Key* rows, const Touched& touched, KeyShape shape
    ) {
        near_fall<W, k>(up, rows, touched, shape);
    }
    LINLI_AVX2 static void fill(
        const Network& network, const Key* rows, KeyShape shape, std::span<Near* const> columns
    ) {
        near_fill<W, k>(network, rows, shape, columns);
    }
};
template <class W, std::size_t k>
struct Avx512 {
    using Key = typename W::Scalar;
    LINLI_AVX512 static void rise(
        const Hierarchy& up, Key* rows, Touched& touched, KeyShape shape
    ) {
        near_rise<W, k>(up, rows, touched, shape);
    }
    LINLI_AVX512 static void fall(
        const Hierarchy& up, Key* rows, const Touched& touched, KeyShape shape
    ) {
        near_fall<W, k>(up, rows, touched, shape);
    }
    LINLI_AVX512 static void fill(
        const Network& network, const Key* rows, KeyShape shape, std::span<Near* const> columns
    ) {
        near_fill<W, k>(network, rows, shape, columns);
    }
};
#endif

template <class Key, std::size_t k>
NearKernels<Key> kernels_for(Width width) {
    const auto table = [](auto one) { return NearKernels<Key>{one.rise, one.fall, one.fill}; };
#ifdef LINLI_X86
    if (width == Width::avx512 && can_use(width)) {
        return table(Avx512<By512<Key>, k>());
    }
    if (width == Width::avx2 && can_use(width)) {
        return table(Avx2<By256<Key>, k>());
    }
#endif
    return table(Plain<By128<Key>, k>());
}

}  // namespace

template <class Key>
NearKernels<Key> near_kernels(Width width, std::size_t k) {
    switch (k) {
        case 1:
            return kernels_for<Key, 1>(width);
        case 2:
            return kernels_for<Key, 2>(width);
        case 3:
            return kernels_for<Key, 3>(width);
        case 4:
            return kernels_for<Key, 4>(width);
        default:
            return kernels_for<Key, 5>(width);
    }
}

template NearKernels<std::uint32_t> near_kernels(Width, std::size_t);
template NearKernels<std::int64_t> near_kernels(Width, std::size_t);

}  // namespace linli::spatial
