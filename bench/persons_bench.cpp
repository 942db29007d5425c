// SPDX-License-Identifier: Apache-2.0
// room: registry
/// How many duplicates of a made register are found, and how fast:
///     build/persons_bench [persons] [seed] [threads]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "registry/testing.hpp"

using namespace linli::registry;

int main(int argc, char** argv) {
    using Clock = std::chrono::steady_clock;
    const int persons = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    const auto seed = static_cast<std::uint64_t>(argc > 2 ? std::atoll(argv[2]) : 1);
    const int threads = argc > 3 ? std::atoi(argv[3]) : 2;
    const Readings readings("catalogue/core/registry/readings.csv");
    auto gold = testing::make_gold("catalogue", readings, persons, seed);
    const auto start = Clock::now();
    const auto pairs = find_pairs(gold.people, readings, likely, threads);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const auto quality = testing::judge(gold, pairs);
    std::printf(
        "%zu persons, %zu of them twice: %zu pairs in %.1f s, precision %.4f, recall %.4f\n",
        gold.people.size(), gold.same.size(), pairs.size(), seconds, quality.precision(),
        quality.recall()
    );
}
