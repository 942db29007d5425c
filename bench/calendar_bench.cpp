// SPDX-License-Identifier: Apache-2.0
// room: base
/// Working-time arithmetic: first 1,000,000 random cases against a table of all minutes, then
/// nanoseconds per call.
///     calendar_bench [--seed=N]     a disagreement is printed and ends the program with 1
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "base/calendar.hpp"
#include "base/calendar_brute.hpp"

using namespace linli;

namespace {

constexpr int plans = 20, cases_per_plan = 50'000;

/// False as soon as the calendar and the counted minutes differ.
bool verify(std::uint64_t seed) {
    SeededRandom random(seed);
    for (int i = 0; i < plans; ++i) {
        const auto plan = random_plan(random, 2005, 2049);
        const auto calendar = plan.calendar();
        const MinuteTable table(plan);
        for (int k = 0; k < cases_per_plan; ++k) {
            const auto wrong = table.disagreement(calendar, random);
            if (!wrong.empty()) {
                std::cerr << "seed " << seed << ", plan " << i << ", case " << k << ": " << wrong
                          << '\n';
                return false;
            }
        }
    }
    std::cout << plans * cases_per_plan << " random cases agree (seed " << seed << ")\n";
    return true;
}

/// An office of seven hours with about thirty exceptions a year, as published for China.
const Calendar& office() {
    static const Calendar calendar = [] {
        CalendarPlan plan;
        plan.week.assign(7, {});
        for (std::size_t i = 0; i < 5; ++i) {
            plan.week[i] = {{510, 720}, {840, 1050}};
        }
        SeededRandom random(1);
        for (int year = 2020; year <= 2026; ++year) {
            for (int i = 0; i < 30; ++i) {
                const auto day = static_cast<std::int32_t>(random_below(random, 365));
                plan.exceptions[date_of({year, 1, 1}) + day] =
                    i % 4 == 0 ? plan.week[0] : std::vector<Hours>{};
            }
        }
        return plan.calendar();
    }();
    return calendar;
}

struct Case {
    Instant from;
    Instant to;
    std::int64_t ms;
};

/// Starts within `years` from `first`; spans of up to `days` days.
std::vector<Case> cases(int first, int years, int days) {
    SeededRandom random(2);
    std::vector<Case> made(4096);
    for (auto& one : made) {
        one.from = start_of(date_of({first, 1, 1})) + random_below(random, years * 365 * day_ms);
        one.to = one.from + random_below(random, days * day_ms);
        one.ms = 1 + random_below(random, days * 7 * hour_ms * 5 / 7);
    }
    return made;
}

void worked(benchmark::State& state) {
    const auto made = cases(
        static_cast<int>(state.range(0)), static_cast<int>(state.range(1)),
        static_cast<int>(state.range(2))
    );
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& one = made[i++ & 4095];
        benchmark::DoNotOptimize(office().worked(one.from, one.to));
    }
}

void after(benchmark::State& state) {
    const auto made = cases(
        static_cast<int>(state.range(0)), static_cast<int>(state.range(1)),
        static_cast<int>(state.range(2))
    );
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& one = made[i++ & 4095];
        benchmark::DoNotOptimize(office().after(one.from, one.ms));
    }
}

void ranges(benchmark::internal::Benchmark* b) {
    b->ArgNames({"first_year", "years", "days"});
    b->Args({2025, 1, 30});     // a clock of today
    b->Args({2019, 20, 3650});  // anything in the table
    b->Args({2050, 50, 3650});  // beyond the table
}

BENCHMARK(worked)->Apply(ranges);
BENCHMARK(after)->Apply(ranges);

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t seed = 20250508;
    constexpr std::string_view option = "--seed=";
    if (argc > 1 && std::string_view(argv[1]).starts_with(option)) {
        seed = std::strtoull(argv[1] + option.size(), nullptr, 10);
        argv[1] = argv[0];
        ++argv;
        --argc;
    }
    if (!verify(seed)) {
        return 1;
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    benchmark::RunSpecifiedBenchmarks();
}
