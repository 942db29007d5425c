// SPDX-License-Identifier: Apache-2.0
// Swaps for the p-median after Resende and Werneck: each demand knows its nearest and second
// nearest open site, so that the best site to close for one that opens is found in one walk over
// the demands near the latter.
#include <algorithm>
#include <random>

#include "spatial/median_core.hpp"

namespace linli::spatial {

namespace {

constexpr auto nobody = 0xffffffffU;

class Medians {
 public:
    Medians(const MedianCore& core, std::span<const std::uint32_t> sites)
        : m_core(&core),
          m_open(core.site.size()),
          m_near(core.demands()),
          m_loss(core.site.size()),
          m_extra(core.site.size()) {
        for (const auto s : sites) {
            m_open[s] = true;
            open.push_back(s);
        }
        for (std::uint32_t i = 0; i < core.demands(); ++i) {
            find_near(i);
            total += core.value[i] * m_near[i].walk;
        }
    }
    struct Swap {
        std::uint32_t in = nobody, out = nobody;
        std::int64_t saves = 0;
    };
    Swap best_swap(std::uint32_t in);
    void apply(const Swap&);
    bool is_open(std::uint32_t site) const { return m_open[site]; }
    std::uint64_t take_work() { return std::exchange(m_work, 0); }

 private:
    struct Near {
        std::uint32_t site = nobody, second = nobody;
        std::int64_t walk = 0, second_walk = 0;
    };
    void find_near(std::uint32_t demand);
    void forget(std::uint32_t demand) {
        const auto& near = m_near[demand];
        if (near.site != nobody) {
            m_loss[near.site] -= m_core->value[demand] * (near.second_walk - near.walk);
        }
        total -= m_core->value[demand] * near.walk;
    }
    const MedianCore* m_core;
    std::vector<bool> m_open;
    std::vector<Near> m_near;
    std::vector<std::int64_t> m_loss, m_extra;
    std::uint64_t m_work = 0;

 public:
    std::vector<std::uint32_t> open;
    std::int64_t total = 0;
};

void Medians::find_near(std::uint32_t demand) {
    const auto& rows = m_core->of_demand;
    const auto beyond = m_core->beyond[demand];
    Near near{nobody, nobody, beyond, beyond};
    auto k = rows.demands.begin[demand];
    for (; k < rows.demands.begin[demand + 1] && near.second == nobody; ++k) {
        const auto s = rows.demands.items[k];
        if (!m_open[s]) {
            continue;
        }
        (near.site == nobody ? near.site : near.second) = s;
        (near.second == nobody ? near.walk : near.second_walk) = rows.walks[k];
    }
    m_work += k - rows.demands.begin[demand] + 4;
    if (near.site != nobody) {
        m_loss[near.site] += m_core->value[demand] * (near.second_walk - near.walk);
    }
    m_near[demand] = near;
}

Medians::Swap Medians::best_swap(std::uint32_t in) {
    const auto& rows = m_core->of_site;
    std::int64_t gain = 0;
    for (auto k = rows.demands.begin[in]; k < rows.demands.begin[in + 1]; ++k) {
        const auto i = rows.demands.items[k];
        const std::int64_t walk = rows.walks[k];
        const auto& near = m_near[i];
        gain += m_core->value[i] * std::max<std::int64_t>(0, near.walk - walk);
        if (walk < near.second_walk && near.site != nobody) {
            m_extra[near.site] += m_core->value[i] * (near.second_walk - std::max(near.walk, walk));
        }
    }
    Swap best{in, nobody, INT64_MIN};
    for (const auto out : open) {
        const auto saves = gain - m_loss[out] + std::exchange(m_extra[out], 0);
        if (saves > best.saves) {
            best.out = out;
            best.saves = saves;
        }
    }
    m_work += rows.demands.row(in).size() + open.size();
    return best;
}

void Medians::apply(const Swap& swap) {
    m_open[swap.in] = true;
    m_open[swap.out] = false;
    *std::find(open.begin(), open.end(), swap.out) = swap.in;
    for (const auto site : {swap.in, swap.out}) {
        for (const auto i : m_core->of_site.demands.row(site)) {
            forget(i);
            find_near(i);
            total += m_core->value[i] * m_near[i].walk;
        }
    }
}

/// Swaps that help, one after the other, until there is none.
void descend(
    Medians& medians, std::vector<std::uint32_t>& order, std::mt19937_64& random, Meter& meter,
    double until
) {
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t since = 0, k = 0; since < order.size(); ++since, k = (k + 1) % order.size()) {
        if (medians.is_open(order[k])) {
            continue;
        }
        const auto swap = medians.best_swap(order[k]);
        if (swap.saves > 0) {
            medians.apply(swap);
            since = 0;
        }
        if (!meter.spend(medians.take_work() + 10, until)) {
            return;
        }
    }
}

}  // namespace

MedianChoice swap_medians(
    const MedianCore& core, const MedianChoice& start, std::int64_t enough, std::uint64_t seed,
    Meter& meter, double until
) {
    std::mt19937_64 random(seed);
    std::vector<std::uint32_t> order(core.site.size());
    for (std::uint32_t s = 0; s < order.size(); ++s) {
        order[s] = s;
    }
    auto first = start.sites;
    for (std::uint32_t s = 0; first.size() < core.choose; ++s) {
        if (std::find(first.begin(), first.end(), s) == first.end()) {
            first.push_back(s);
        }
    }
    Medians medians(core, first);
    descend(medians, order, random, meter, until);
    MedianChoice best{medians.open, medians.total};
    while (best.total > enough && core.choose < core.site.size() && meter.spend(100, until)) {
        const int kicks = 1 + static_cast<int>(random() % 3);
        for (int kick = 0; kick < kicks; ++kick) {
            const auto in = static_cast<std::uint32_t>(random() % core.site.size());
            const auto out = medians.open[random() % medians.open.size()];
            if (!medians.is_open(in)) {
                medians.apply({in, out, 0});
            }
        }
        descend(medians, order, random, meter, until);
        if (medians.total <= best.total) {
            best = {medians.open, medians.total};
        } else {
            medians = Medians(core, best.sites);
        }
    }
    return best;
}

}  // namespace linli::spatial
