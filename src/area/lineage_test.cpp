// SPDX-License-Identifier: Apache-2.0
#include "area/lineage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

using namespace linli;
using namespace linli::area;

namespace {

Link link(int decision, int before, int after, int day, int weight, int share) {
    return {decision, {before}, {after}, {day}, weight, share};
}

/// Households one by one, and where each lived on every day: what the weights stand for.
struct Town {
    static constexpr int days = 12, households = 240;
    std::mt19937 random;
    std::vector<std::vector<int>> lived{households, std::vector<int>(days)};  ///< [household][day]
    std::vector<Link> links;
    int next = 5;

    explicit Town(unsigned seed) : random(seed) {
        for (int h = 0; h < households; ++h) {
            lived[static_cast<std::size_t>(h)][0] = 1 + h % 4;
        }
        for (int day = 1; day < days; ++day) {
            for (auto& one : lived) {
                one[static_cast<std::size_t>(day)] = one[static_cast<std::size_t>(day - 1)];
            }
            random() % 2 ? split(day) : merge(day);
        }
    }
    std::vector<int> areas(int day) const {
        std::set<int> found;
        for (const auto& one : lived) {
            found.insert(one[static_cast<std::size_t>(day)]);
        }
        return {found.begin(), found.end()};
    }
    int size(int area, int day) const {
        return static_cast<int>(std::count_if(lived.begin(), lived.end(), [&](const auto& one) {
            return one[static_cast<std::size_t>(day)] == area;
        }));
    }
    /// In halves: every second household of the area moves out, or all of them into two new ones.
    void split(int day) {
        const auto all = areas(day);
        const int from = all[random() % all.size()];
        if (size(from, day) % 2 != 0) {
            return;
        }
        const int stay = random() % 2 ? from : next++, go = next++;
        int n = 0;
        for (auto& one : lived) {
            auto& home = one[static_cast<std::size_t>(day)];
            if (home == from) {
                home = n++ % 2 == 0 ? stay : go;
            }
        }
        for (const int to : {stay, go}) {
            links.push_back(link(day, from, to, day, 500'000, 1'000'000));
        }
    }
    void merge(int day) {
        const auto all = areas(day);
        if (all.size() < 2) {
            return;
        }
        const int a = all[random() % all.size()], b = all[random() % all.size()];
        if (a == b) {
            return;
        }
        const auto shares = apportion(whole, {size(a, day), size(b, day)});
        const int to = random() % 2 ? a : next++;
        for (auto& one : lived) {
            auto& home = one[static_cast<std::size_t>(day)];
            home = home == a || home == b ? to : home;
        }
        links.push_back(link(day, a, to, day, 1'000'000, static_cast<int>(shares[0])));
        links.push_back(link(day, b, to, day, 1'000'000, static_cast<int>(shares[1])));
    }
};

/// By every way through the links, forwards: the product of the weights along each.
void walk(
    const std::vector<Link>& links, AreaId area, int day, int to, double weight,
    std::map<AreaId, double>& found
) {
    for (++day; day <= to; ++day) {
        bool moved = false;
        for (const auto& one : links) {
            if (one.from.days == day && one.before == area) {
                moved = true;
                walk(
                    links, one.after, day, to, weight * static_cast<double>(one.weight) / 1e6, found
                );
            }
        }
        if (moved) {
            return;
        }
    }
    found[area] += weight;
}
void walk_back(
    const std::vector<Link>& links, AreaId area, int day, int to, double weight,
    std::map<AreaId, double>& found
) {
    for (; day > to; --day) {
        bool moved = false;
        for (const auto& one : links) {
            if (one.from.days == day && one.after == area) {
                moved = true;
                walk_back(
                    links, one.before, day - 1, to, weight * static_cast<double>(one.share) / 1e6,
                    found
                );
            }
        }
        if (moved) {
            return;
        }
    }
    found[area] += weight;
}

}  // namespace

TEST_CASE("what is divided adds up, and is as near as whole numbers can be") {
    CHECK(apportion(10, {1, 1, 1}) == std::vector<std::int64_t>{4, 3, 3});
    CHECK(apportion(1, {400'000, 600'000}) == std::vector<std::int64_t>{0, 1});
    CHECK(apportion(0, {1, 2}) == std::vector<std::int64_t>{0, 0});
    CHECK(apportion(7, {0, 1}) == std::vector<std::int64_t>{0, 7});
    CHECK_THROWS(apportion(7, {0, 0}));
    std::mt19937_64 random(3);
    for (int i = 0; i < 2000; ++i) {
        std::vector<std::int64_t> weights(1 + random() % 6);
        for (auto& one : weights) {
            one = static_cast<std::int64_t>(random() % 1'000'000);
        }
        weights[0] += 1;
        const auto total = static_cast<std::int64_t>(random() % 1'000'000'000'000);
        const auto parts = apportion(total, weights);
        const auto sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
        CHECK(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == total);
        for (std::size_t k = 0; k < parts.size(); ++k) {
            const auto exact = static_cast<__int128>(total) * weights[k];
            const auto over = static_cast<__int128>(parts[k]) * sum - exact;
            CHECK((over < sum && over > -sum));
        }
    }
}

TEST_CASE("on random histories the map equals the weights along every way, there and back") {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        const Town town(seed);
        const Lineage lineage(town.links);
        for (int from = 0; from < Town::days; from += 3) {
            for (int to = 0; to < Town::days; to += 2) {
                for (const int area : town.areas(from)) {
                    const auto mapped = lineage.map({area}, {from}, {to});
                    std::map<AreaId, double> expected;
                    from <= to ? walk(town.links, {area}, from, to, 1e6, expected)
                               : walk_back(town.links, {area}, from, to, 1e6, expected);
                    std::int64_t sum = 0;
                    for (const auto& one : mapped) {
                        sum += one.weight;
                        CHECK(std::abs(static_cast<double>(one.weight) - expected[one.area]) < 40);
                    }
                    CHECK(sum == whole);
                }
            }
        }
    }
}

TEST_CASE("restated forwards and back, sums stay, and whole towns come back to their households") {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        const Town town(seed);
        const Lineage lineage(town.links);
        for (int from = 0; from < Town::days; ++from) {
            std::map<AreaId, std::int64_t> figures;
            for (const int area : town.areas(from)) {
                figures[{area}] = town.size(area, from) * 1000;
            }
            for (int to = 0; to < Town::days; ++to) {
                const auto restated = restate(lineage, figures, {from}, {to});
                std::int64_t sum = 0;
                for (const auto& [area, figure] : restated) {
                    sum += figure;
                    const auto there = town.size(static_cast<int>(area.value), to);
                    CHECK(there > 0);
                    CHECK(std::abs(figure - there * 1000) <= 60);
                }
                CHECK(sum == Town::households * 1000);
            }
        }
    }
}

TEST_CASE("an area that goes on smaller keeps its id: the day decides what it means") {
    const Lineage lineage(
        {link(1, 7, 7, 10, 600'000, 1'000'000), link(1, 7, 8, 10, 400'000, 1'000'000)}
    );
    CHECK(lineage.map({7}, {5}, {9}) == std::vector<Weighted>{{{7}, whole}});
    CHECK(lineage.map({7}, {5}, {10}) == std::vector<Weighted>{{{7}, 600'000}, {{8}, 400'000}});
    CHECK(lineage.map({7}, {10}, {12}) == std::vector<Weighted>{{{7}, whole}});
    CHECK(lineage.map({8}, {12}, {5}) == std::vector<Weighted>{{{7}, whole}});
    CHECK(lineage.days() == std::vector<Date>{{10}});
}

TEST_CASE("what stays filed under an area that has ended counts where its households went") {
    const Lineage lineage({link(1, 7, 8, 10, 1'000'000, 1'000'000)});
    CHECK(lineage.map({7}, {12}, {12}) == std::vector<Weighted>{{{8}, whole}});
    CHECK(lineage.map({7}, {12}, {5}) == std::vector<Weighted>{{{7}, whole}});
}
