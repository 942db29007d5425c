// SPDX-License-Identifier: Apache-2.0
#include "spatial/streets.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_writer.hpp>

#include "base/error.hpp"
#include "spatial/network.hpp"
#include "spatial/testing.hpp"

using namespace linli;
using namespace linli::spatial;

namespace {

using protozero::pbf_writer;

/// The answer's code and text, or "" if nothing was refused.
template <class Work>
std::pair<std::string, std::string> refusal(const Work& work) {
    try {
        work();
    } catch (const Refused& refused) {
        const bool one = !refused.problems.empty();
        return {
            one ? refused.problems.front().code : refused.code,
            one ? refused.problems.front().detail : refused.detail};
    }
    return {};
}

std::string blob(const std::string& type, const std::string& block, bool packed) {
    std::string body;
    pbf_writer writer(body);
    if (packed) {
        std::string squeezed(compressBound(block.size()), '\0');
        auto size = static_cast<uLongf>(squeezed.size());
        compress(
            reinterpret_cast<Bytef*>(squeezed.data()), &size,
            reinterpret_cast<const Bytef*>(block.data()), block.size()
        );
        writer.add_int32(2, static_cast<std::int32_t>(block.size()));
        writer.add_bytes(3, squeezed.substr(0, size));
    } else {
        writer.add_bytes(1, block);
    }
    std::string header;
    pbf_writer head(header);
    head.add_string(1, type);
    head.add_int32(3, static_cast<std::int32_t>(body.size()));
    const auto size = header.size();
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += static_cast<char>(size >> shift);
    }
    return out + header + body;
}

std::string header_block(const std::string& feature = "OsmSchema-V0.6") {
    std::string block;
    pbf_writer(block).add_string(4, feature);
    return block;
}

/// Nodes 1..5 on a line, dense or not; node 3 is a private gate if `gate`; one footway over all of
/// them and over a node 9 that is not in the file, one motorway.
std::string data_block(bool dense, bool gate) {
    std::string block;
    pbf_writer writer(block);
    {
        pbf_writer strings(writer, 1);
        for (const char* word :
             {"", "highway", "footway", "motorway", "barrier", "gate", "access", "private"}) {
            strings.add_bytes(1, word);
        }
    }
    {
        pbf_writer group(writer, 2);
        if (dense) {
            pbf_writer nodes(group, 2);
            const std::int64_t steps[] = {1, 1, 1, 1, 1},
                               east[] = {1'170'000'000, 10'000, 10'000, 10'000, 10'000};
            const std::int64_t north[] = {320'000'000, 0, 0, 0, 0};
            const std::int32_t words[] = {0, 0, 4, 5, 6, 7, 0, 0, 0}, plain[] = {0, 0, 0, 0, 0};
            nodes.add_packed_sint64(1, std::begin(steps), std::end(steps));
            nodes.add_packed_sint64(8, std::begin(north), std::end(north));
            nodes.add_packed_sint64(9, std::begin(east), std::end(east));
            gate ? nodes.add_packed_int32(10, std::begin(words), std::end(words))
                 : nodes.add_packed_int32(10, std::begin(plain), std::end(plain));
        } else {
            for (std::int64_t id = 1; id <= 5; ++id) {
                pbf_writer node(group, 1);
                node.add_sint64(1, id);
                if (gate && id == 3) {
                    const std::uint32_t keys[] = {4, 6}, values[] = {5, 7};
                    node.add_packed_uint32(2, std::begin(keys), std::end(keys));
                    node.add_packed_uint32(3, std::begin(values), std::end(values));
                }
                node.add_sint64(8, 320'000'000);
                node.add_sint64(9, 1'169'990'000 + 10'000 * id);
            }
        }
    }
    pbf_writer group(writer, 2);
    for (const std::uint32_t value : {2u, 3u}) {
        pbf_writer way(group, 3);
        const std::uint32_t keys[] = {1}, values[] = {value};
        const std::int64_t refs[] = {1, 1, 1, 1, 1, 4};
        way.add_int64(1, value);
        way.add_packed_uint32(2, std::begin(keys), std::end(keys));
        way.add_packed_uint32(3, std::begin(values), std::end(values));
        way.add_packed_sint64(8, std::begin(refs), std::end(refs));
    }
    return block;
}

std::string pbf(bool dense, bool gate, bool packed) {
    return blob("OSMHeader", header_block(), packed) +
           blob("OSMData", data_block(dense, gate), packed);
}

const std::string xml = R"(<?xml version="1.0"?><osm version="0.6">
<node id="5" lat="32" lon="117.004"/><node id="1" lat="32" lon="117"/><node id="2" lat="32.0" lon="117.001"/>
<node id="3" lat="32" lon="117.002"/><node id="4" lat="32" lon="117.003"/><node id="77" lat="1" lon="1"/>
<way id="2"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="9"/><tag k="highway" v="footway"/></way>
<way id="3"><nd ref="1"/><nd ref="5"/><tag k="highway" v="motorway"/></way></osm>)";

const std::string geojson = R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"highway":"footway"},"geometry":{"type":"LineString",
 "coordinates":[[117,32],[117.001,32],[117.002,32],[117.003,32],[117.004,32]]}},
{"type":"Feature","properties":{"highway":"motorway"},"geometry":{"type":"LineString","coordinates":[[117,32],[117.004,32]]}},
{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[117,32]}}]})";

void check_line(const StreetMap& map) {
    CHECK(map.points.size() == 5);
    CHECK(map.ways() == 1);
    const auto network = build_network(map, plain_profile());
    CHECK(network.points.size() == 5);
    CHECK(network.chain_count() == 1);
    CHECK(network.chains[0].length == doctest::Approx(377'000).epsilon(0.005));
}

}  // namespace

TEST_CASE("OSM PBF, OSM XML and GeoJSON of the same streets give the same network") {
    for (const bool dense : {false, true}) {
        for (const bool packed : {false, true}) {
            const auto map = read_osm_pbf(pbf(dense, false, packed), plain_profile());
            check_line(map);
            CHECK(map.points_missing == 1);
            CHECK(map.ways_read == 2);
            const auto gated = read_osm_pbf(pbf(dense, true, packed), plain_profile());
            CHECK(build_network(gated, plain_profile()).component_points.size() == 2);
        }
    }
    const auto map = read_osm_xml(xml, plain_profile());
    check_line(map);
    CHECK(map.points_missing == 1);
    check_line(read_geojson_streets(geojson, plain_profile()));
}

TEST_CASE("a PBF file cut off anywhere is refused, and one with any byte changed at worst differs"
) {
    for (const bool packed : {false, true}) {
        const auto bytes = pbf(true, true, packed);
        const auto header = blob("OSMHeader", header_block(), packed).size();
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto [code, detail] =
                refusal([&] { read_osm_pbf(bytes.substr(0, size), plain_profile()); });
            CHECK((size == header || !code.empty()));
            CHECK((size == 0 || size == header || code == "street_file_truncated"));
        }
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            for (const int flip : {0x01, 0x10, 0x80, 0xff}) {
                auto changed = bytes;
                changed[i] = static_cast<char>(changed[i] ^ flip);
                try {
                    read_osm_pbf(changed, plain_profile());
                } catch (const Refused& refused) {
                    CHECK_FALSE(refused.detail.empty());
                }
            }
        }
    }
}

TEST_CASE("what is no street file, or of a kind that is not read, is refused in words") {
    struct Case {
        std::string bytes, code, word;
    };
    const auto profile = plain_profile();
    const std::string body = blob("OSMData", data_block(true, false), true);
    for (const auto& c : std::vector<Case>{
             {"PK\x03\x04 something else", "street_file_broken", "byte 0"},
             {body, "street_file_broken", "no OSMHeader"},
             {blob("OSMHeader", header_block("HistoricalInformation"), true) + body,
              "street_file_unsupported", "HistoricalInformation"}}) {
        CAPTURE(c.word);
        const auto [code, detail] = refusal([&] { read_osm_pbf(c.bytes, profile); });
        CHECK(code == c.code);
        CHECK(detail.find(c.word) != std::string::npos);
    }
    for (const auto& c : std::vector<Case>{
             {"<osm><node id=\"1\" lat=\"north\" lon=\"2\"/></osm>", "street_file_broken", "north"},
             {"<osm><node id=\"1\" lat=\"117\" lon=\"32\"/></osm>", "street_file_broken", "117"},
             {"<osm>\n<way></osm>", "street_file_broken", "line 2"},
             {"<html></html>", "street_file_broken", "no OSM file"},
             {"<!DOCTYPE osm [<!ENTITY a \"aaa\">]><osm/>", "street_file_broken", "document type"},
             {xml.substr(0, 300), "street_file_truncated", "line"},
             {"", "street_file_truncated", "line"}}) {
        CAPTURE(c.bytes);
        const auto [code, detail] = refusal([&] { read_osm_xml(c.bytes, profile); });
        CHECK(code == c.code);
        CHECK(detail.find(c.word) != std::string::npos);
    }
    const auto line = [](const std::string& positions) {
        return R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":)"
               R"({"type":"LineString","coordinates":[)" +
               positions + "]}}]}";
    };
    for (const auto& c : std::vector<Case>{
             {"{\"type\":", "street_file_broken", "GeoJSON"},
             {"{\"type\":\"Feature\"}", "street_file_broken", "FeatureCollection"},
             {line("[32.0,117.0],[32.1,117.1]"), "axes_swapped", "/features/0"},
             {line("[332.0,117.0]"), "street_file_broken", "not on the earth"},
             {line("[\"a\",\"b\"]"), "street_file_broken", "[longitude, latitude]"},
             {line("7"), "street_file_broken", "[longitude, latitude]"},
             {R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4490"}},"features":[]})",
              "street_file_unsupported", "EPSG:4490"}}) {
        CAPTURE(c.bytes);
        const auto [code, detail] = refusal([&] { read_geojson_streets(c.bytes, profile); });
        CHECK(code == c.code);
        CHECK(detail.find(c.word) != std::string::npos);
    }
}

TEST_CASE("GeoJSON without any highway is all walked; what meets in a place is joined") {
    const std::string crossing = R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"MultiLineString",
 "coordinates":[[[117,32],[117.001,32]],[[117.001,32],[117.002,32]]]}},
{"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[[117.001,31.999],[117.001,32]]}}]})";
    const auto network =
        build_network(read_geojson_streets(crossing, plain_profile()), plain_profile());
    CHECK(network.junctions == 4);
    CHECK(network.component_points.size() == 1);
}

TEST_CASE("streets in the wrong place are refused with where they lie; swapped axes are guessed") {
    auto map = read_osm_xml(xml, plain_profile());
    map.source = "x.osm";
    Box here, elsewhere, swapped;
    here.add(at(116, 31));
    here.add(at(118, 33));
    elsewhere.add(at(120, 31));
    elsewhere.add(at(121, 33));
    swapped.add(at(31, 116));
    swapped.add(at(33, 118));
    CHECK(refusal([&] { expect_place(map, here); }).first.empty());
    const auto [code, detail] = refusal([&] { expect_place(map, elsewhere); });
    CHECK(code == "streets_elsewhere");
    CHECK(detail.find("117.0000,32.0000") != std::string::npos);
    CHECK(detail.find("swapped") == std::string::npos);
    map.points = {{320'000'000, 900'000'000}, {320'000'000, 899'000'000}};
    Box north;
    north.add(at(89, 31));
    north.add(at(91, 33));
    CHECK(refusal([&] { expect_place(map, north); }).second.find("swapped") != std::string::npos);
}

TEST_CASE("a street file is known by what it holds, also packed, and in GCJ-02") {
    const auto folder = std::filesystem::temp_directory_path();
    const auto file = folder / "linli-streets-test.osm.gz";
    const auto gz = gzopen(file.c_str(), "wb");
    REQUIRE(gzwrite(gz, xml.data(), static_cast<unsigned>(xml.size())) > 0);
    gzclose(gz);
    check_line(read_streets(file, plain_profile()));
    const auto moved = read_streets(file, plain_profile(), Datum::gcj02);
    CHECK(metres_between(moved.points[0], at(117, 32)) > 100);
    const auto size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, size - 12);
    CHECK(refusal([&] { read_streets(file, plain_profile()); }).first == "street_file_truncated");
    { std::ofstream(file, std::ios::trunc) << geojson; }
    check_line(read_streets(file, plain_profile()));
    std::filesystem::remove(file);
    CHECK(refusal([&] { read_streets(file, plain_profile()); }).first == "file_unreadable");
}

TEST_CASE("street files of real places give networks of the known size") {
    struct Case {
        const char* file;
        std::size_t points;
    };
    const std::filesystem::path folder = "../shared/data/networks";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: no street files beside the repository");
        return;
    }
    const auto profile = load_profile("catalogue/walking/foot.yaml");
    // Walk points as counted by others with their own rules: ours differ by private ways.
    for (const auto& c : std::vector<Case>{
             {"bayfront_singapore.osm.pbf", 1008},
             {"shanghai-core.osm.gz", 1864},
             {"monaco.osm.gz", 4656},
             {"baltimore.osm.pbf", 14'689}}) {
        CAPTURE(c.file);
        const auto network = build_network(read_streets(folder / c.file, profile), profile);
        CHECK(network.points.size() > c.points * 7 / 10);
        CHECK(network.points.size() < c.points * 7 / 5);
    }
}
