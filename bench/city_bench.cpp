// SPDX-License-Identifier: Apache-2.0
// room: spatial
/// Making up cities: CPU milliseconds of one thread, and the most memory the program ever had.
///     city_bench POINTS...
#include <sys/resource.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

#include "cpu_time.hpp"
#include "spatial/city.hpp"
#include "spatial/network.hpp"

using namespace linli::spatial;

int main(int argc, char** argv) {
    const auto profile = load_profile("catalogue/walking/foot.yaml");
    for (int i = 1; i < argc; ++i) {
        const auto points = static_cast<std::uint32_t>(std::atoi(argv[i]));
        const auto start = cpu_ms();
        const auto city = make_city({points, 7}, profile);
        const auto made = cpu_ms();
        rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        const auto network = build_network(city.streets, profile);
        const auto built = cpu_ms();
        std::uint64_t households = 0, persons = 0;
        for (const auto& one : city.dwellings) {
            households += one.households;
            persons += one.persons;
        }
        std::printf(
            "%zu points, %u junctions, %zu chains; %zu buildings, %llu households, %llu persons, "
            "%zu areas: %.0f ms, %ld MB; network %.0f ms\n",
            network.points.size(), network.junctions, network.chain_count(), city.dwellings.size(),
            static_cast<unsigned long long>(households), static_cast<unsigned long long>(persons),
            city.areas.size(), made - start, usage.ru_maxrss / 1024, built - made
        );
    }
    return 0;
}
