// SPDX-License-Identifier: Apache-2.0
#include "spatial/ways.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace linli::spatial {

namespace {

/// Ascending ids to their places: a table of the leading bits, then a few steps.
class Finder {
 public:
    explicit Finder(const std::vector<OsmNode>& nodes) : m_nodes(nodes) {
        if (nodes.empty()) {
            return;
        }
        m_low = nodes.front().id;
        const auto span =
            static_cast<std::uint64_t>(nodes.back().id) - static_cast<std::uint64_t>(m_low);
        while (span >> m_shift > nodes.size() * 2) {
            ++m_shift;
        }
        m_first.assign((span >> m_shift) + 2, 0);
        for (const auto& node : nodes) {
            ++m_first[slot(node.id) + 1];
        }
        for (std::size_t i = 1; i < m_first.size(); ++i) {
            m_first[i] += m_first[i - 1];
        }
    }

    /// Index, or -1.
    std::int64_t find(std::int64_t id) const {
        if (m_nodes.empty() || id < m_low || id > m_nodes.back().id) {
            return -1;
        }
        const auto at = slot(id);
        const auto end = m_nodes.begin() + m_first[at + 1];
        const auto found = std::lower_bound(
            m_nodes.begin() + m_first[at], end, id, [](const auto& n, auto v) { return n.id < v; }
        );
        return found != end && found->id == id ? found - m_nodes.begin() : -1;
    }

 private:
    std::size_t slot(std::int64_t id) const {
        return (static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(m_low)) >> m_shift;
    }
    const std::vector<OsmNode>& m_nodes;
    std::vector<std::uint32_t> m_first;
    std::int64_t m_low = 0;
    int m_shift = 0;
};

}  // namespace

void OsmWays::add(std::span<const std::int64_t> nodes, int percent_of_speed) {
    if (refs.size() + nodes.size() > 4 * most_street_points) {
        throw too_large("street_file_too_large", "more than 200 million points on ways");
    }
    refs.insert(refs.end(), nodes.begin(), nodes.end());
    begin.push_back(static_cast<std::uint32_t>(refs.size()));
    percent.push_back(static_cast<std::uint8_t>(percent_of_speed));
}

std::vector<std::int64_t> OsmWays::needed() const {
    auto ids = refs;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

StreetMap join_ways(
    const OsmWays& ways, const std::vector<OsmNode>& nodes, std::vector<std::int64_t> blocked
) {
    if (nodes.size() > most_street_points) {
        throw too_large("street_file_too_large", "more than 50 million points on streets");
    }
    StreetMap map;
    map.points.reserve(nodes.size());
    for (const auto& node : nodes) {
        map.points.push_back(node.point);
    }
    const Finder finder(nodes);
    for (std::size_t w = 0; w < ways.percent.size(); ++w) {
        for (auto i = ways.begin[w]; i <= ways.begin[w + 1]; ++i) {
            const auto place = i < ways.begin[w + 1] ? finder.find(ways.refs[i]) : -1;
            map.points_missing += place < 0 && i < ways.begin[w + 1];
            if (place >= 0) {
                map.refs.push_back(static_cast<std::uint32_t>(place));
            } else if (map.refs.size() > map.way_begin.back() + 1) {
                map.way_begin.push_back(static_cast<std::uint32_t>(map.refs.size()));
                map.percent.push_back(ways.percent[w]);
            } else {
                map.refs.resize(map.way_begin.back());
            }
        }
    }
    std::sort(blocked.begin(), blocked.end());
    for (const auto id : blocked) {
        if (const auto place = finder.find(id); place >= 0) {
            map.blocked.push_back(static_cast<std::uint32_t>(place));
        }
    }
    return map;
}

}  // namespace linli::spatial
