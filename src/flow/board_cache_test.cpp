// SPDX-License-Identifier: Apache-2.0
#include "flow/board_cache.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace linli;
using namespace linli::flow;

TEST_CASE(
    "a board is computed once for all who ask the same, and anew after a change or two seconds"
) {
    BoardCache cache;
    std::int64_t computed = 0;
    const auto compute = [&] {
        Board board;
        board.open = ++computed;
        return board;
    };
    const BoardCache::Key key{"request", {1}, 30, {7}};
    const Instant now{1'000'000};
    CHECK(cache.get(key, now, compute).open == 1);
    CHECK(cache.get(key, now + 1'999, compute).open == 1);
    CHECK(cache.get({"request", {1}, 30, {8}}, now + 1'999, compute).open == 2);
    CHECK(cache.get({"request", {2}, 30, {7}}, now + 1'999, compute).open == 3);
    CHECK(cache.get(key, now + 2'000, compute).open == 4);
}

TEST_CASE("a board that could not be computed is not kept") {
    BoardCache cache;
    const BoardCache::Key key{"request", {1}, 30, {}};
    const auto fail = []() -> Board { throw std::runtime_error("no"); };
    CHECK_THROWS(cache.get(key, {}, fail));
    CHECK(cache.get(key, {}, [] { return Board{}; }).open == 0);
}
