// SPDX-License-Identifier: Apache-2.0
// room: flow
/// Many power cuts (src/flow/power_cuts.hpp), with two bad settings that must be found out:
///     build/power_cuts_bench [cuts = 20000] [seed = 1]
#include <cstdio>
#include <cstdlib>

#include "flow/power_cuts.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

void print(const char* name, const PowerCutReport& report) {
    std::printf(
        "%s: %d cuts, %lld acknowledged, %lld lost, %lld broken, timers %lld, lost %lld, doubled "
        "%lld\n",
        name, report.cuts, static_cast<long long>(report.acknowledged),
        static_cast<long long>(report.lost), static_cast<long long>(report.broken),
        static_cast<long long>(report.timers), static_cast<long long>(report.timers_lost),
        static_cast<long long>(report.timers_doubled)
    );
    for (const auto& fault : report.faults) {
        std::printf("    %s\n", fault.c_str());
    }
}

}  // namespace

int main(int argc, char** argv) {
    const auto loaded = catalogue::load("catalogue");
    PowerCutSettings settings;
    settings.cuts = argc > 1 ? std::atoi(argv[1]) : 20'000;
    settings.seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const auto good = cut_power(loaded.catalogue, settings);
    print("as in service", good);
    settings.cuts = 100;
    settings.unsafe = true;
    const auto off = cut_power(loaded.catalogue, settings);
    print("synchronous=OFF", off);
    settings.unsafe = false;
    settings.disk_lies = true;
    const auto lies = cut_power(loaded.catalogue, settings);
    print("a disk that ignores fsync", lies);
    return good.clean() && !off.clean() && !lies.clean() ? 0 : 1;
}
