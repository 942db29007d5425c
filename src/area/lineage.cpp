// SPDX-License-Identifier: Apache-2.0
#include "area/lineage.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace linli::area {

namespace {

/// Spreads weights over what each area became; the sum stays.
std::map<AreaId, std::int64_t> spread(
    const std::map<AreaId, std::int64_t>& weights,
    const std::map<AreaId, std::vector<Weighted>>& became
) {
    std::map<AreaId, std::int64_t> result;
    for (const auto& [area, weight] : weights) {
        const auto found = became.find(area);
        if (found == became.end()) {
            result[area] += weight;
            continue;
        }
        std::vector<std::int64_t> parts;
        for (const auto& one : found->second) {
            parts.push_back(one.weight);
        }
        const auto divided = apportion(weight, parts);
        for (std::size_t i = 0; i < divided.size(); ++i) {
            result[found->second[i].area] += divided[i];
        }
    }
    return result;
}

}  // namespace

std::vector<std::int64_t> apportion(std::int64_t total, const std::vector<std::int64_t>& weights) {
    const auto sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    if (sum <= 0) {
        throw std::invalid_argument("apportion: the weights add up to nothing");
    }
    std::vector<std::int64_t> parts;
    std::vector<std::pair<std::int64_t, std::size_t>> rests;
    auto left = total;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto exact = static_cast<__int128>(total) * weights[i];
        parts.push_back(static_cast<std::int64_t>(exact / sum));
        rests.emplace_back(-static_cast<std::int64_t>(exact % sum), i);
        left -= parts.back();
    }
    std::sort(rests.begin(), rests.end());
    for (std::size_t i = 0; left > 0; ++i, --left) {
        ++parts[rests[i].second];
    }
    return parts;
}

Lineage::Lineage(std::vector<Link> links) {
    std::sort(links.begin(), links.end(), [](const Link& a, const Link& b) {
        return std::tuple(a.from, a.decision, a.before, a.after) <
               std::tuple(b.from, b.decision, b.before, b.after);
    });
    std::int64_t last = 0;
    for (const auto& link : links) {
        if (m_events.empty() || link.decision != last || link.from != m_events.back().day) {
            m_events.push_back({link.from, {}, {}});
        }
        last = link.decision;
        if (link.weight > 0) {
            m_events.back().forward[link.before].push_back({link.after, link.weight});
        }
        if (link.share > 0) {
            m_events.back().backward[link.after].push_back({link.before, link.share});
        }
        if (m_days.empty() || m_days.back() != link.from) {
            m_days.push_back(link.from);
        }
    }
    for (const auto& event : m_events) {
        for (const auto& [before, parts] : event.forward) {
            const bool stays = std::any_of(parts.begin(), parts.end(), [&](const auto& one) {
                return one.area == before;
            });
            if (!stays) {
                m_last.try_emplace(before, event.day + -1);
            }
        }
    }
}

std::vector<Weighted> Lineage::map(AreaId area, Date from, Date to) const {
    std::map<AreaId, std::int64_t> weights{{area, whole}};
    if (const auto last = m_last.find(area); last != m_last.end()) {
        from = std::min(from, last->second);
    }
    const auto apply = [&](const Event& event, const auto& became) {
        const auto concerns = [&](const auto& one) { return became.contains(one.first); };
        if (std::min(from, to) < event.day && event.day <= std::max(from, to) &&
            std::any_of(weights.begin(), weights.end(), concerns)) {
            weights = spread(weights, became);
        }
    };
    if (from <= to) {
        for (const auto& event : m_events) {
            apply(event, event.forward);
        }
    } else {
        for (auto event = m_events.rbegin(); event != m_events.rend(); ++event) {
            apply(*event, event->backward);
        }
    }
    std::vector<Weighted> result;
    for (const auto& [id, weight] : weights) {
        if (weight > 0) {
            result.push_back({id, weight});
        }
    }
    return result;
}

Lineage read_lineage(store::Tx& tx) {
    constexpr store::Sql sql{"area.lineage", R"(
        SELECT decision, before, after, valid_from, weight, share FROM area_lineage
         WHERE undone = 0 AND how <> 'undo')"};
    return Lineage(tx.all<Link>(sql));
}

std::map<AreaId, std::int64_t> restate(
    const Lineage& lineage, const std::map<AreaId, std::int64_t>& figures, Date from, Date to
) {
    std::map<AreaId, std::int64_t> result;
    for (const auto& [area, figure] : figures) {
        const auto became = lineage.map(area, from, to);
        std::vector<std::int64_t> weights;
        for (const auto& one : became) {
            weights.push_back(one.weight);
        }
        const auto parts = apportion(figure, weights);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            result[became[i].area] += parts[i];
        }
    }
    return result;
}

}  // namespace linli::area
