// SPDX-License-Identifier: Apache-2.0
#include "spatial/circles.hpp"

#include <algorithm>
#include <tuple>

#include "base/error.hpp"

namespace linli::spatial {

namespace {

void check(const Network& network, const AreaTree& areas, const Dwellings& dwellings) {
    const auto count = dwellings.size();
    bool fits = dwellings.area.size() == count && dwellings.area_class.size() == count;
    for (const auto& column : dwellings.weights) {
        fits = fits && column.size() == count;
    }
    if (!fits) {
        throw invalid("dwellings", "columns_differ", "every column has one entry a dwelling");
    }
    for (std::size_t i = 0; i < count; ++i) {
        const auto& place = dwellings.positions[i];
        if (place.chain >= network.chain_count() || dwellings.area[i] >= areas.parent.size() ||
            place.offset > network.chains[place.chain].length) {
            throw invalid(
                "dwellings/" + std::to_string(i), "columns_differ",
                "its street or its area does not exist"
            );
        }
    }
    for (std::size_t a = 0; a < areas.parent.size(); ++a) {
        if (areas.parent[a] > a) {
            throw invalid(
                "areas/" + std::to_string(a), "columns_differ",
                "a parent stands before its children"
            );
        }
    }
}

std::vector<Position> open_places(
    std::span<const Facility> facilities, std::span<const std::uint16_t> kinds, int weekday
) {
    std::vector<Position> places;
    for (const auto& one : facilities) {
        if ((one.days >> weekday & 1) != 0 &&
            std::find(kinds.begin(), kinds.end(), one.kind) != kinds.end()) {
            places.push_back(one.position);
        }
    }
    return places;
}

/// The walk of each dwelling to the nearest of the kinds, or to the farthest of the nearest.
std::vector<Ms> walks_of(
    Search& search, const Dwellings& dwellings, std::span<const Facility> facilities,
    const Circle& circle, int weekday
) {
    const Ms longest = *std::max_element(circle.limit.begin(), circle.limit.end());
    const Ms limit = std::min(longest, longest_walk / gap_reach) * gap_reach;
    std::vector<Ms> walks(dwellings.size(), circle.every_kind ? 0 : unreachable);
    const std::span kinds(circle.kinds);
    const std::size_t step = circle.every_kind ? 1 : kinds.size();
    for (std::size_t k = 0; k < kinds.size(); k += step) {
        const auto places = open_places(facilities, kinds.subspan(k, step), weekday);
        if (places.empty()) {
            throw invalid(
                circle.name, "no_such_facility", "no facility of its kind is open on that day"
            );
        }
        search.run(places, limit);
        for (std::size_t i = 0; i < walks.size(); ++i) {
            const Ms walk = search.at(dwellings.positions[i]);
            walks[i] = circle.every_kind ? std::max(walks[i], walk) : walk;
        }
    }
    return walks;
}

}  // namespace

void check_circle(
    const Network& network, const AreaTree& areas, const Dwellings& dwellings, const Circle& circle,
    int weekday
) {
    check(network, areas, dwellings);
    if (circle.kinds.empty() || weekday < 0 || weekday > 6) {
        throw invalid(circle.name, "circle_malformed", "a circle has kinds, a week seven days");
    }
}

Shares add_up(
    const AreaTree& areas, const Dwellings& dwellings, const Circle& circle,
    const std::vector<bool>& covered
) {
    Shares shares;
    shares.columns = dwellings.weights.size() + 1;
    shares.all.assign(areas.parent.size() * shares.columns, 0);
    shares.covered = shares.all;
    for (std::uint32_t i = 0; i < dwellings.size(); ++i) {
        if (circle.limit[static_cast<std::size_t>(dwellings.area_class[i])] == 0) {
            continue;
        }
        const auto row = dwellings.area[i] * shares.columns;
        for (std::size_t c = 0; c < shares.columns; ++c) {
            const std::uint64_t weight = c == 0 ? 1 : dwellings.weights[c - 1][i];
            shares.all[row + c] += weight;
            shares.covered[row + c] += covered[i] ? weight : 0;
        }
    }
    for (auto a = areas.parent.size(); a-- > 0;) {
        if (areas.parent[a] == a) {
            continue;
        }
        for (std::size_t c = 0; c < shares.columns; ++c) {
            const auto to = areas.parent[a] * shares.columns + c, from = a * shares.columns + c;
            shares.all[to] += shares.all[from];
            shares.covered[to] += shares.covered[from];
        }
    }
    return shares;
}

Covered cover(
    const Network& network, Search& search, const AreaTree& areas, const Dwellings& dwellings,
    std::span<const Facility> facilities, const Circle& circle, int weekday
) {
    check_circle(network, areas, dwellings, circle, weekday);
    Covered out;
    out.walk = walks_of(search, dwellings, facilities, circle, weekday);
    std::vector<bool> inside(dwellings.size());
    for (std::uint32_t i = 0; i < dwellings.size(); ++i) {
        const Ms limit = circle.limit[static_cast<std::size_t>(dwellings.area_class[i])];
        inside[i] = out.walk[i] <= limit;
        if (limit > 0 && !inside[i]) {
            out.gaps.push_back(i);
        }
    }
    out.shares = add_up(areas, dwellings, circle, inside);
    std::sort(out.gaps.begin(), out.gaps.end(), [&](auto a, auto b) {
        const auto key = [&](auto i) {
            return std::tuple(dwellings.area[i], unreachable - out.walk[i], i);
        };
        return key(a) < key(b);
    });
    return out;
}

}  // namespace linli::spatial
