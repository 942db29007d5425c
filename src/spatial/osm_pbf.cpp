// SPDX-License-Identifier: Apache-2.0
/// OSM PBF: ways first, then only the nodes they need. Blobs with nodes are unpacked once and kept
/// until the ways are known.
#include <zlib.h>

#include <algorithm>
#include <protozero/pbf_message.hpp>

#include "base/error.hpp"
#include "spatial/ways.hpp"

namespace linli::spatial {

namespace {

using protozero::data_view;
using protozero::pbf_reader;

constexpr std::size_t largest_header = 64 << 10, largest_blob = 32 << 20;
constexpr std::size_t most_kept = std::size_t{1} << 30;  // bytes of unpacked node blobs

constexpr std::uint32_t number_of(protozero::pbf_tag_type tag) {
    return protozero::tag_and_type(tag, protozero::pbf_wire_type::varint);
}
constexpr std::uint32_t bytes_of(protozero::pbf_tag_type tag) {
    return protozero::tag_and_type(tag, protozero::pbf_wire_type::length_delimited);
}

std::string_view view(data_view v) {
    return {v.data(), v.size()};
}

struct Blob {
    std::string_view type;
    std::string_view packed;
    std::size_t at = 0;  ///< byte of the file
};

Refused broken(std::size_t at, const std::string& why) {
    return malformed(
        "street_file_broken", "OSM PBF, blob at byte " + std::to_string(at) + ": " + why
    );
}

Refused truncated(std::size_t at) {
    return malformed(
        "street_file_truncated",
        "OSM PBF ends within the blob at byte " + std::to_string(at) + ": fetch the file again"
    );
}

std::vector<Blob> blobs_of(std::string_view bytes) {
    std::vector<Blob> blobs;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto start = at;
        if (bytes.size() - at < 4) {
            throw truncated(start);
        }
        std::size_t size = 0;
        for (int i = 0; i < 4; ++i) {
            size = size << 8 | static_cast<unsigned char>(bytes[at++]);
        }
        if (size > largest_header) {
            throw broken(start, "a header of " + std::to_string(size) + " bytes is no header");
        }
        if (bytes.size() - at < size) {
            throw truncated(start);
        }
        Blob blob{{}, {}, start};
        std::int64_t length = -1;
        pbf_reader header(bytes.data() + at, size);
        while (header.next()) {
            switch (header.tag_and_type()) {
                case bytes_of(1):
                    blob.type = view(header.get_view());
                    break;
                case number_of(3):
                    length = header.get_int32();
                    break;
                default:
                    header.skip();
            }
        }
        at += size;
        if (length < 0 || static_cast<std::size_t>(length) > largest_blob) {
            throw broken(start, "its length " + std::to_string(length) + " is beyond 32 MiB");
        }
        if (bytes.size() - at < static_cast<std::size_t>(length)) {
            throw truncated(start);
        }
        blob.packed = bytes.substr(at, static_cast<std::size_t>(length));
        at += static_cast<std::size_t>(length);
        blobs.push_back(blob);
    }
    return blobs;
}

void inflate_into(std::string& out, std::string_view packed, std::size_t size, std::size_t at) {
    if (size > largest_blob) {
        throw broken(at, "it claims to unpack to " + std::to_string(size) + " bytes");
    }
    out.resize(size);
    auto got = static_cast<uLongf>(size);
    const int answer = ::uncompress(
        reinterpret_cast<Bytef*>(out.data()), &got, reinterpret_cast<const Bytef*>(packed.data()),
        static_cast<uLong>(packed.size())
    );
    if (answer != Z_OK || got != size) {
        throw broken(at, "its zlib data cannot be unpacked");
    }
}

/// The unpacked block; `space` holds it if it was packed.
std::string_view unpack(const Blob& blob, std::string& space) {
    pbf_reader reader(blob.packed.data(), blob.packed.size());
    std::string_view packed, raw;
    std::size_t size = 0;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case bytes_of(1):
                raw = view(reader.get_view());
                break;
            case number_of(2):
                size = static_cast<std::size_t>(reader.get_int32());
                break;
            case bytes_of(3):
                packed = view(reader.get_view());
                break;
            case bytes_of(4):
            case bytes_of(5):
            case bytes_of(6):
            case bytes_of(7):
                throw malformed(
                    "street_file_unsupported",
                    "OSM PBF with another packing than zlib: repack it with "
                    "`osmium cat -o new.osm.pbf old.osm.pbf`"
                );
            default:
                reader.skip();
        }
    }
    if (packed.empty()) {
        return raw;
    }
    inflate_into(space, packed, size, blob.at);
    return space;
}

void check_header(std::string_view block) {
    pbf_reader reader(block.data(), block.size());
    while (reader.next()) {
        if (reader.tag_and_type() != bytes_of(4)) {
            reader.skip();
            continue;
        }
        const auto feature = view(reader.get_view());
        if (feature != "OsmSchema-V0.6" && feature != "DenseNodes") {
            throw malformed(
                "street_file_unsupported",
                "OSM PBF needs the feature " + std::string(feature.substr(0, 80))
            );
        }
    }
}

/// The parts of one block that are wanted.
struct Block {
    std::vector<std::string_view> strings;
    std::vector<std::string_view> groups;
    std::int64_t granularity = 100, lat_offset = 0, lon_offset = 0;

    explicit Block(std::string_view bytes) {
        pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            switch (reader.tag_and_type()) {
                case bytes_of(1):
                    read_strings(reader.get_message());
                    break;
                case bytes_of(2):
                    groups.push_back(view(reader.get_view()));
                    break;
                case number_of(17):
                    granularity = reader.get_int32();
                    break;
                case number_of(19):
                    lat_offset = reader.get_int64();
                    break;
                case number_of(20):
                    lon_offset = reader.get_int64();
                    break;
                default:
                    reader.skip();
            }
        }
    }
    void read_strings(pbf_reader table) {
        while (table.next(1, protozero::pbf_wire_type::length_delimited)) {
            strings.push_back(view(table.get_view()));
        }
    }
    std::string_view word(std::uint32_t index) const {
        return index < strings.size() ? strings[index] : std::string_view();
    }
    Point point(std::int64_t lon, std::int64_t lat) const {
        return {place(lon, lon_offset, 180), place(lat, lat_offset, 90)};
    }
    std::int32_t place(std::int64_t v, std::int64_t offset, int most) const {
        const auto nano = static_cast<__int128>(v) * granularity + offset;
        const auto limit = static_cast<__int128>(most) * 1'000'000'000;
        if (nano > limit || nano < -limit) {
            throw malformed("street_file_broken", "OSM PBF: a node lies outside of the earth");
        }
        return static_cast<std::int32_t>((nano + (nano < 0 ? -50 : 50)) / 100);
    }
};

class PbfReader {
 public:
    explicit PbfReader(const Profile& profile) : m_tags(profile) {}

    StreetMap read(std::string_view bytes) {
        const auto blobs = blobs_of(bytes);
        if (blobs.empty() || blobs.front().type != "OSMHeader") {
            throw malformed("street_file_broken", "this is no OSM PBF file: it has no OSMHeader");
        }
        std::size_t kept = 0;
        std::vector<std::pair<const Blob*, std::string>> later;
        for (const auto& blob : blobs) {
            if (!each(blob, [&](auto block) { return first_pass(blob, block); })) {
                continue;
            }
            kept += m_space.size();
            later.emplace_back(&blob, kept <= most_kept ? std::move(m_space) : std::string());
            m_space = {};
        }
        m_needed = m_ways.needed();
        m_nodes.resize(m_needed.size());
        m_found.assign(m_needed.size(), false);
        for (auto& [blob, block] : later) {
            m_space = std::move(block);
            each(*blob, [&](auto bytes_of_block) { return node_pass(bytes_of_block); });
            m_space = {};
        }
        return finish();
    }

 private:
    /// Runs `work` on the unpacked block; what protozero throws gets the place.
    template <class Work>
    bool each(const Blob& blob, const Work& work) {
        try {
            return work(m_space.empty() ? unpack(blob, m_space) : std::string_view(m_space));
        } catch (const protozero::exception& wrong) {
            throw broken(blob.at, wrong.what());
        }
    }

    /// True if the block has nodes.
    bool first_pass(const Blob& blob, std::string_view bytes) {
        if (blob.type == "OSMHeader") {
            check_header(bytes);
        }
        if (blob.type != "OSMData") {
            m_space.clear();
            return false;
        }
        const Block block(bytes);
        bool nodes = false;
        for (const auto group : block.groups) {
            pbf_reader reader(group.data(), group.size());
            while (reader.next()) {
                nodes = nodes || reader.tag() == 1 || reader.tag() == 2;
                reader.tag_and_type() == bytes_of(3) ? read_way(block, reader.get_message())
                                                     : reader.skip();
            }
        }
        if (!nodes) {
            m_space.clear();
        }
        return nodes;
    }

    void read_way(const Block& block, pbf_reader way) {
        protozero::iterator_range<pbf_reader::const_uint32_iterator> keys, values;
        protozero::iterator_range<pbf_reader::const_sint64_iterator> refs;
        while (way.next()) {
            switch (way.tag_and_type()) {
                case bytes_of(2):
                    keys = way.get_packed_uint32();
                    break;
                case bytes_of(3):
                    values = way.get_packed_uint32();
                    break;
                case bytes_of(8):
                    refs = way.get_packed_sint64();
                    break;
                default:
                    way.skip();
            }
        }
        ++m_ways_read;
        m_tags.clear();
        auto value = values.begin();
        for (auto key = keys.begin(); key != keys.end() && value != values.end(); ++key, ++value) {
            m_tags.add(block.word(*key), block.word(*value));
        }
        const int percent = m_tags.way_percent();
        if (percent == 0) {
            return;
        }
        m_refs.clear();
        std::uint64_t id = 0;
        for (const auto step : refs) {
            id += static_cast<std::uint64_t>(step);
            m_refs.push_back(static_cast<std::int64_t>(id));
        }
        m_ways.add(m_refs, percent);
    }

    bool node_pass(std::string_view bytes) {
        const Block block(bytes);
        for (const auto group : block.groups) {
            pbf_reader reader(group.data(), group.size());
            while (reader.next()) {
                switch (reader.tag_and_type()) {
                    case bytes_of(1):
                        read_node(block, reader.get_message());
                        break;
                    case bytes_of(2):
                        read_dense(block, reader.get_message());
                        break;
                    default:
                        reader.skip();
                }
            }
        }
        return true;
    }

    void read_node(const Block& block, pbf_reader node) {
        std::int64_t id = 0, lat = 0, lon = 0;
        protozero::iterator_range<pbf_reader::const_uint32_iterator> keys, values;
        while (node.next()) {
            switch (node.tag_and_type()) {
                case number_of(1):
                    id = node.get_sint64();
                    break;
                case bytes_of(2):
                    keys = node.get_packed_uint32();
                    break;
                case bytes_of(3):
                    values = node.get_packed_uint32();
                    break;
                case number_of(8):
                    lat = node.get_sint64();
                    break;
                case number_of(9):
                    lon = node.get_sint64();
                    break;
                default:
                    node.skip();
            }
        }
        m_tags.clear();
        auto value = values.begin();
        for (auto key = keys.begin(); key != keys.end() && value != values.end(); ++key, ++value) {
            m_tags.add(block.word(*key), block.word(*value));
        }
        keep(block, id, lon, lat, m_tags.blocks());
    }

    void read_dense(const Block& block, pbf_reader dense) {
        protozero::iterator_range<pbf_reader::const_sint64_iterator> ids, lats, lons;
        protozero::iterator_range<pbf_reader::const_int32_iterator> words;
        while (dense.next()) {
            switch (dense.tag_and_type()) {
                case bytes_of(1):
                    ids = dense.get_packed_sint64();
                    break;
                case bytes_of(8):
                    lats = dense.get_packed_sint64();
                    break;
                case bytes_of(9):
                    lons = dense.get_packed_sint64();
                    break;
                case bytes_of(10):
                    words = dense.get_packed_int32();
                    break;
                default:
                    dense.skip();
            }
        }
        std::uint64_t id = 0, lat = 0, lon = 0;
        auto at_lat = lats.begin();
        auto at_lon = lons.begin();
        auto word = words.begin();
        for (const auto step : ids) {
            if (at_lat == lats.end() || at_lon == lons.end()) {
                throw malformed("street_file_broken", "OSM PBF: nodes without coordinates");
            }
            id += static_cast<std::uint64_t>(step);
            lat += static_cast<std::uint64_t>(*at_lat++);
            lon += static_cast<std::uint64_t>(*at_lon++);
            m_tags.clear();
            while (word != words.end() && *word != 0) {
                const auto key = static_cast<std::uint32_t>(*word++);
                if (word != words.end()) {
                    m_tags.add(block.word(key), block.word(static_cast<std::uint32_t>(*word++)));
                }
            }
            if (word != words.end()) {
                ++word;
            }
            keep(
                block, static_cast<std::int64_t>(id), static_cast<std::int64_t>(lon),
                static_cast<std::int64_t>(lat), m_tags.blocks()
            );
        }
    }

    void keep(
        const Block& block, std::int64_t id, std::int64_t lon, std::int64_t lat, bool blocks
    ) {
        // Ids mostly ascend, so the next one needed is at hand; if not, it is looked for.
        for (int step = 0; step < 8 && m_next < m_needed.size() && m_needed[m_next] < id; ++step) {
            ++m_next;
        }
        const bool passed = m_next > 0 && m_needed[m_next - 1] >= id;
        if (passed || (m_next < m_needed.size() && m_needed[m_next] < id)) {
            m_next = static_cast<std::size_t>(
                std::lower_bound(m_needed.begin(), m_needed.end(), id) - m_needed.begin()
            );
        }
        if (m_next == m_needed.size() || m_needed[m_next] != id) {
            return;
        }
        m_nodes[m_next] = {id, block.point(lon, lat)};
        m_found[m_next] = true;
        if (blocks) {
            m_blocked.push_back(id);
        }
    }

    StreetMap finish() {
        std::size_t count = 0;
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            if (m_found[i]) {
                m_nodes[count++] = m_nodes[i];
            }
        }
        m_nodes.resize(count);
        auto map = join_ways(m_ways, m_nodes, std::move(m_blocked));
        map.ways_read = m_ways_read;
        return map;
    }

    Tags m_tags;
    std::string m_space;
    OsmWays m_ways;
    std::uint64_t m_ways_read = 0;
    std::vector<std::int64_t> m_refs, m_needed, m_blocked;
    std::vector<OsmNode> m_nodes;
    std::vector<bool> m_found;
    std::size_t m_next = 0;
};

}  // namespace

StreetMap read_osm_pbf(std::string_view bytes, const Profile& profile) {
    try {
        return PbfReader(profile).read(bytes);
    } catch (const protozero::exception& wrong) {
        throw malformed("street_file_broken", std::string("OSM PBF: ") + wrong.what());
    }
}

}  // namespace linli::spatial
