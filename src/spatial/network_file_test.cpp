// SPDX-License-Identifier: Apache-2.0
#include "spatial/network_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/error.hpp"
#include "spatial/hierarchy.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

TEST_CASE("a network comes back from its file as it was") {
    auto drawing = draw(random_picture(3, 12, 9, 25));
    add_hierarchy(drawing.network);
    const auto file = std::filesystem::temp_directory_path() / "linli-network-file-test.bin";
    save_network(file, drawing.network);
    const auto back = load_network(file);
    std::filesystem::remove(file);
    CHECK(pack_network(back) == pack_network(drawing.network));
    CHECK(back.points == drawing.network.points);
    CHECK(back.source == "drawing");
    CHECK(back.hierarchy.place == drawing.network.hierarchy.place);
}

TEST_CASE("a network file with any byte changed, or cut off anywhere, is refused") {
    const auto bytes = pack_network(draw("A--B--C\n   |\n   D\n").network);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 0x20);
        CHECK_THROWS_AS(unpack_network(changed), linli::Refused);
        CHECK_THROWS_AS(unpack_network(bytes.substr(0, i)), linli::Refused);
    }
}

TEST_CASE("numbers of a network file that point beyond it are refused though the checksum is right"
) {
    auto good = draw("A--B--C\n   |\n   D\n").network;
    add_hierarchy(good);
    const auto refused = [&](auto change) {
        auto network = good;
        change(network);
        CHECK_THROWS_AS(unpack_network(pack_network(network)), linli::Refused);
    };
    refused([](auto& n) { n.junctions = 1000; });
    refused([](auto& n) { n.chains[0].from = 1000; });
    refused([](auto& n) { n.chains[1].first = 1000; });
    refused([](auto& n) { n.chains[0].length = unreachable; });
    refused([](auto& n) { n.arcs[0].to = 1000; });
    refused([](auto& n) { n.arc_chain[0] = 1000; });
    refused([](auto& n) { n.arc_begin[1] = 1000; });
    refused([](auto& n) { n.component[0] = 9; });
    refused([](auto& n) { n.offsets.push_back(1); });
    refused([](auto& n) { n.hierarchy.place[1] = n.hierarchy.place[0]; });
    refused([](auto& n) { n.hierarchy.place.clear(); });
    refused([](auto& n) { n.hierarchy.arc_begin[1] = 1000; });
    refused([](auto& n) { n.hierarchy.arcs.back().to = 3; });
    refused([](auto& n) { n.hierarchy.arcs[0].length = unreachable; });
    refused([](auto& n) { n.metres_per_minute = 0; });
}
