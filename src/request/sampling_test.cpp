// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "request/sampling.hpp"

using namespace linli;
using namespace linli::request;

TEST_CASE("a share of a sample is told with the interval of Wilson") {
    struct Case {
        std::int64_t hits, of;
        double share, low, high;
    };
    for (const auto& c : std::vector<Case>{// Newcombe 1998, table I, method 3
                                           {81, 263, 0.3080, 0.2553, 0.3662},
                                           {15, 148, 0.1014, 0.0624, 0.1605},
                                           {0, 20, 0.0000, 0.0000, 0.1611},
                                           {1, 29, 0.0345, 0.0061, 0.1718},
                                           {29, 29, 1.0000, 0.8830, 1.0000}}) {
        CAPTURE(c.hits);
        CAPTURE(c.of);
        const auto known = wilson(c.hits, c.of);
        CHECK(known.share == doctest::Approx(c.share).epsilon(0.001));
        CHECK(known.low == doctest::Approx(c.low).epsilon(0.002));
        CHECK(known.high == doctest::Approx(c.high).epsilon(0.001));
    }
    CHECK(wilson(0, 0).high == 1);
}

TEST_CASE("the same seed draws the same, another seed others, of each unit no more than asked") {
    std::vector<Closed> closed;
    for (std::int64_t i = 1; i <= 300; ++i) {
        closed.push_back({{i}, {i % 3 + 1}, {7}});
    }
    const auto ids = [](const std::vector<Closed>& some) {
        std::vector<std::int64_t> all;
        for (const auto& one : some) {
            all.push_back(one.id.value);
        }
        return all;
    };
    const auto first = draw(closed, 5, 42);
    CHECK(first.size() == 15);
    CHECK(ids(draw({closed.rbegin(), closed.rend()}, 5, 42)) == ids(first));
    CHECK(ids(draw(closed, 5, 43)) != ids(first));
    CHECK(draw(closed, 1000, 1).size() == 300);
}

TEST_CASE("each request is as likely to be drawn as any other") {
    std::vector<Closed> closed;
    for (std::int64_t i = 1; i <= 50; ++i) {
        closed.push_back({{i}, {1}, {7}});
    }
    std::vector<int> times(51);
    constexpr int draws = 4000, each = 10;
    for (int seed = 0; seed < draws; ++seed) {
        for (const auto& one : draw(closed, each, static_cast<std::uint64_t>(seed))) {
            ++times[static_cast<std::size_t>(one.id.value)];
        }
    }
    for (std::size_t i = 1; i < times.size(); ++i) {
        CHECK(times[i] > 680);  // 800 expected, standard deviation 25
        CHECK(times[i] < 920);
    }
}
