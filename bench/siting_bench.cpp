// SPDX-License-Identifier: Apache-2.0
// room: spatial
/// Siting against instances with a planted optimum and against CBC (Debian package coinor-cbc).
///     siting_bench cover [CBC_SECONDS [FOLDER]]   an answer of CBC that lies in FOLDER is used
///     again siting_bench median [LONG_RUNS] siting_bench centre | fewest
/// One line an instance; the program ends with 1 if a target is missed.
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

#include "cpu_time.hpp"
#include "spatial/centre_sites.hpp"
#include "spatial/cover_all.hpp"
#include "spatial/cover_sites.hpp"
#include "spatial/median_sites.hpp"

using namespace linli::spatial;

namespace {

constexpr auto nobody = 0xffffffffU;

struct Spot {
    double x, y;
};
using Random = std::mt19937_64;

std::vector<Spot> spots(int count, bool towns, Random& random) {
    std::uniform_real_distribution<double> even(0, 1000);
    std::normal_distribution<double> near(0, 45);
    std::vector<Spot> middles, out;
    for (int i = 0; i < 40; ++i) {
        middles.push_back({even(random), even(random)});
    }
    for (int i = 0; i < count; ++i) {
        const auto& middle = middles[random() % middles.size()];
        const bool scattered = !towns || i % 4 == 0;
        out.push_back(
            scattered ? Spot{even(random), even(random)}
                      : Spot{middle.x + near(random), middle.y + near(random)}
        );
    }
    return out;
}

/// Every spot is a demand and a candidate; sites serve what is within the radius.
Rows reach(const std::vector<Spot>& all, double radius) {
    Rows rows;
    for (const auto& site : all) {
        std::vector<std::uint32_t> row;
        for (std::uint32_t i = 0; i < all.size(); ++i) {
            if (std::hypot(site.x - all[i].x, site.y - all[i].y) <= radius) {
                row.push_back(i);
            }
        }
        rows.add_row(row);
    }
    return rows;
}

struct Instance {
    std::string name;
    CoverTask task;
    std::int64_t planted = -1;
};

Instance random_instance(
    int count, int sites, double radius, int most_weight, bool towns, int seed
) {
    Random random(seed);
    Instance out;
    out.name = std::string(towns ? "towns" : "even") + "-" + std::to_string(count) + "-" +
               std::to_string(sites) + (most_weight > 1 ? "-weighted" : "");
    out.task.reach = reach(spots(count, towns, random), radius);
    for (int i = 0; i < count; ++i) {
        out.task.value.push_back(1 + static_cast<int>(random() % most_weight));
    }
    out.task.budget = sites;
    return out;
}

/// Lowers prices until no site is paid more than the planted ones: what is not planted gives way,
/// the price of what is planted moves to its planted site. Planted sites are so far apart that
/// none is near two of them, so this ends.
void settle_prices(
    const CoverTask& task, const std::vector<std::uint32_t>& owner, std::int64_t pay,
    std::vector<std::int64_t>& price
) {
    for (bool again = true; again;) {
        again = false;
        for (std::uint32_t s = 0; s < task.reach.size(); ++s) {
            std::int64_t over = -pay;
            for (const auto i : task.reach.row(s)) {
                over += price[i];
            }
            for (const auto i : task.reach.row(s)) {
                if (over <= 0 || owner[i] == i || owner[i] == s) {
                    continue;
                }
                const auto less = std::min(over, price[i]);
                price[i] -= less;
                over -= less;
                if (owner[i] != nobody && less > 0) {
                    price[owner[i]] += less;
                    again = true;
                }
            }
        }
    }
}

/// Planted sites share no demand. Prices are such that each planted site is paid `pay` and no
/// other more; planted demands are worth more than their price, others just that. So by duality
/// nobody covers more than the planted sites; what is above the price leads greedy choices astray.
Instance planted_instance(int count, int sites, double radius, int seed) {
    constexpr std::int64_t pay = 10'000;
    Random random(seed);
    const auto all = spots(count, false, random);
    Instance out{"planted-" + std::to_string(count) + "-" + std::to_string(sites), {}, 0};
    out.task.reach = reach(all, radius);
    std::vector<std::uint32_t> owner(count, nobody), chosen;
    std::vector<std::int64_t> price(count);
    for (int tries = 0; tries < 20 * count && static_cast<int>(chosen.size()) < sites; ++tries) {
        const auto site = static_cast<std::uint32_t>(random() % count);
        const auto apart = [&](auto other) {
            return std::hypot(all[site].x - all[other].x, all[site].y - all[other].y) >
                   2.01 * radius;
        };
        if (std::all_of(chosen.begin(), chosen.end(), apart)) {
            chosen.push_back(site);
            const auto row = out.task.reach.row(site);
            for (const auto i : row) {
                owner[i] = site;
                price[i] = pay * 9 / 10 / static_cast<std::int64_t>(row.size());
            }
            price[site] = pay - price[site] * static_cast<std::int64_t>(row.size() - 1);
        }
    }
    for (int i = 0; i < count; ++i) {
        price[i] = owner[i] == nobody ? static_cast<std::int64_t>(random() % 1000) : price[i];
    }
    settle_prices(out.task, owner, pay, price);
    for (int i = 0; i < count; ++i) {
        const auto more = owner[i] == nobody ? 0 : static_cast<std::int64_t>(random() % 3000);
        out.task.value.push_back(price[i] + more);
        out.planted += owner[i] == nobody ? 0 : out.task.value.back();
    }
    out.task.budget = static_cast<std::int64_t>(chosen.size());
    return out;
}

void write_lp(const CoverTask& task, const std::string& file) {
    const auto sites_of = transposed(task.reach, task.value.size());
    std::ofstream lp(file);
    lp << "Maximize\n obj: ";
    for (std::size_t i = 0; i < task.value.size(); ++i) {
        lp << "+ " << task.value[i] << " y" << i << (i % 10 == 9 ? "\n" : " ");
    }
    lp << "\nSubject To\n";
    for (std::size_t i = 0; i < task.value.size(); ++i) {
        int n = 0;
        for (const auto s : sites_of.row(i)) {
            lp << "+ x" << s << (++n % 10 == 0 ? "\n" : " ");
        }
        lp << "- y" << i << " >= 0\n";
    }
    for (std::size_t s = 0; s < task.reach.size(); ++s) {
        lp << "+ x" << s << (s % 10 == 9 ? "\n" : " ");
    }
    lp << "<= " << task.budget << "\nBounds\n";
    for (std::size_t i = 0; i < task.value.size(); ++i) {
        lp << " 0 <= y" << i << " <= 1\n";
    }
    lp << "Binary\n";
    for (std::size_t s = 0; s < task.reach.size(); ++s) {
        lp << " x" << s << "\n";
    }
    lp << "End\n";
}

/// What CBC covers within the time; -1 without CBC.
std::int64_t cbc(const Instance& instance, int seconds, const std::string& folder) {
    if (seconds <= 0) {
        return -1;
    }
    const std::string base = folder + "/" + instance.name;
    const auto& task = instance.task;
    if (!std::ifstream(base + ".out")) {
        write_lp(instance.task, base + ".lp");
        const auto command = "cbc " + base + ".lp -sec " + std::to_string(seconds) +
                             " -solve -solu " + base + ".out > " + base + ".log 2>&1";
        if (std::system(command.c_str()) != 0) {
            return -1;
        }
    }
    std::ifstream result(base + ".out");
    std::string line, word;
    std::getline(result, line);
    std::fprintf(stderr, "%s: CBC: %s\n", instance.name.c_str(), line.c_str());
    std::vector<std::uint32_t> sites;
    double number = 0;
    while (result >> word >> word >> number && std::getline(result, line)) {
        if (word[0] == 'x' && number > 0.5) {
            sites.push_back(static_cast<std::uint32_t>(std::stoul(word.substr(1))));
        }
    }
    const auto covered = served(task, sites);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < covered.size(); ++i) {
        sum += covered[i] ? task.value[i] : 0;
    }
    return sum;
}

bool cover(const Instance& instance, int cbc_seconds, const std::string& folder) {
    if (const auto* only = std::getenv("ONLY");
        only && instance.name.find(only) == std::string::npos) {
        return true;
    }
    const auto before = cpu_ms();
    const auto answer = most_covered(instance.task, {});
    const auto seconds = (cpu_ms() - before) / 1e3;
    const auto other = cbc(instance, cbc_seconds, folder);
    const bool right = answer.covered >= other && answer.covered >= instance.planted &&
                       answer.gap() <= 0.01 && seconds <= 10;
    std::printf(
        "%-24s %10lld bound %10lld gap %.3f %% in %5.2f s | planted %lld CBC %lld | %s\n",
        instance.name.c_str(), static_cast<long long>(answer.covered),
        static_cast<long long>(answer.bound), 100 * answer.gap(), seconds,
        static_cast<long long>(instance.planted), static_cast<long long>(other),
        right ? "met" : "MISSED"
    );
    std::fflush(stdout);
    return right;
}

bool covers(int cbc_seconds, const std::string& folder) {
    bool right = true;
    for (const auto& [count, sites, radius] : std::vector<std::tuple<int, int, double>>{
             {2500, 20, 60}, {4000, 60, 35}, {5000, 40, 50}, {8000, 80, 40}, {8000, 200, 25}}) {
        right &= cover(planted_instance(count, sites, radius, count + sites), cbc_seconds, folder);
        right &= cover(random_instance(count, sites, radius, 1, false, 1), cbc_seconds, folder);
        right &= cover(random_instance(count, sites, radius, 100, false, 2), cbc_seconds, folder);
        right &= cover(random_instance(count, sites, radius, 100, true, 3), cbc_seconds, folder);
    }
    return right;
}

/// A graph as Beasley made those of the OR-Library: random edges of length 1 to 100 on a random
/// tree, n * n / 50 of them; all shortest walks by Floyd's algorithm.
MedianTask random_graph(std::uint32_t nodes, std::size_t sites, int seed) {
    Random random(seed);
    std::vector<Ms> walk(std::size_t(nodes) * nodes, 1'000'000);
    const auto edge = [&](std::uint32_t a, std::uint32_t b) {
        const auto length = static_cast<Ms>(1 + random() % 100);
        walk[std::size_t(a) * nodes + b] = walk[std::size_t(b) * nodes + a] = length;
    };
    for (std::uint32_t a = 0; a < nodes; ++a) {
        walk[std::size_t(a) * nodes + a] = 0;
        a > 0 ? edge(a, static_cast<std::uint32_t>(random() % a)) : void();
    }
    for (std::uint32_t e = nodes - 1; e < nodes * nodes / 50; ++e) {
        const auto a = static_cast<std::uint32_t>(random() % nodes);
        edge(a, static_cast<std::uint32_t>((a + 1 + random() % (nodes - 1)) % nodes));
    }
    for (std::uint32_t m = 0; m < nodes; ++m) {
        for (std::uint32_t a = 0; a < nodes; ++a) {
            const auto to_m = walk[std::size_t(a) * nodes + m];
            for (std::uint32_t b = 0; b < nodes; ++b) {
                auto& now = walk[std::size_t(a) * nodes + b];
                now = std::min(now, to_m + walk[std::size_t(m) * nodes + b]);
            }
        }
    }
    MedianTask task;
    std::vector<std::uint32_t> row(nodes);
    for (std::uint32_t i = 0; i < nodes; ++i) {
        row[i] = i;
    }
    for (std::uint32_t i = 0; i < nodes; ++i) {
        task.reach.demands.add_row(row);
    }
    task.reach.walks = std::move(walk);
    task.value.assign(nodes, 1);
    task.sites = sites;
    return task;
}

/// Forty graphs with the sizes of pmed1 to pmed40.
std::vector<std::pair<std::uint32_t, std::size_t>> pmed_sizes() {
    std::vector<std::pair<std::uint32_t, std::size_t>> sizes;
    for (std::uint32_t n = 100; n <= 900; n += 100) {
        sizes.insert(sizes.end(), {{n, 5}, {n, 10}, {n, n / 10}});
        if (n <= 700) {
            sizes.emplace_back(n, n / 5);
        }
        if (n <= 600) {
            sizes.emplace_back(n, n / 3);
        }
    }
    return sizes;
}

bool medians(int long_runs) {
    double seconds = 0, worst = 0, gap = 0;
    int number = 0, proven = 0;
    for (const auto& [nodes, sites] : pmed_sizes()) {
        const auto task = random_graph(nodes, sites, ++number);
        const auto before = cpu_ms();
        const auto answer = shortest_walks(task, {.work = 55'000'000});
        const auto used = (cpu_ms() - before) / 1e3;
        seconds += used;
        auto best = answer.total;
        for (int run = 1; run <= long_runs && best > answer.bound; ++run) {
            const auto seed = static_cast<std::uint64_t>(1000 + run);
            const Effort effort{.work = 200'000'000, .seed = seed};
            best = std::min(best, shortest_walks(task, effort).total);
        }
        const auto off = static_cast<double>(answer.total - best) / static_cast<double>(best);
        worst = std::max(worst, off);
        gap = std::max(gap, answer.gap());
        proven += answer.total == answer.bound;
        std::printf(
            "graph %2d: %3u nodes, %3zu sites: %6lld bound %6lld in %.3f s, best of long runs "
            "%lld\n",
            number, nodes, sites, static_cast<long long>(answer.total),
            static_cast<long long>(answer.bound), used, static_cast<long long>(best)
        );
        std::fflush(stdout);
    }
    const bool right = worst <= 0.0005 && seconds <= 5;
    std::printf(
        "40 graphs in %.2f s; %d proven best, gap at most %.3f %%; off the best at most %.4f %% | "
        "%s\n",
        seconds, proven, 100 * gap, 100 * worst, right ? "met" : "MISSED"
    );
    return right;
}

bool centres() {
    double seconds = 0;
    int number = 0, proven = 0;
    for (const auto& [nodes, sites] : pmed_sizes()) {
        const auto graph = random_graph(nodes, sites, ++number);
        const auto before = cpu_ms();
        const auto answer =
            shortest_farthest({graph.reach, nodes, {}, sites}, {.work = 1'000'000'000});
        seconds += (cpu_ms() - before) / 1e3;
        proven += answer.farthest == answer.bound;
        if (answer.farthest != answer.bound) {
            std::printf(
                "graph %2d: %3u nodes, %3zu sites: %u, bound %u\n", number, nodes, sites,
                answer.farthest, answer.bound
            );
        }
    }
    std::printf("centres of 40 graphs in %.2f s; %d proven best\n", seconds, proven);
    return true;
}

bool fewest() {
    for (const auto& [count, radius] :
         std::vector<std::pair<int, double>>{{2500, 60}, {8000, 40}}) {
        for (const double share : {1.0, 0.9}) {
            const auto task = random_instance(count, 1, radius, 100, true, count).task;
            const auto before = cpu_ms();
            const auto answer = cover_share(task, share, {});
            std::printf(
                "fewest sites, %d points, %3.0f %%: %lld sites, bound %lld, in %.2f s\n", count,
                100 * share, static_cast<long long>(answer.cost),
                static_cast<long long>(answer.bound), (cpu_ms() - before) / 1e3
            );
        }
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "cover";
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 0;
    if (what == "cover") {
        return covers(seconds, argc > 3 ? argv[3] : "/tmp") ? 0 : 1;
    }
    if (what == "median") {
        return medians(seconds) ? 0 : 1;
    }
    if (what == "centre" || what == "fewest") {
        return (what == "centre" ? centres() : fewest()) ? 0 : 1;
    }
    std::fprintf(stderr, "siting_bench cover [CBC_SECONDS [FOLDER]]\n");
    return 2;
}
