// SPDX-License-Identifier: Apache-2.0
#include "spatial/streets.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>

#include "base/error.hpp"

namespace linli::spatial {

namespace {

constexpr std::size_t most_bytes = std::size_t{8} << 30;

std::string degrees(std::int32_t value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", value / degree);
    return text;
}

std::string words(const Box& box) {
    return degrees(box.low.lon) + "," + degrees(box.low.lat) + " to " + degrees(box.high.lon) +
           "," + degrees(box.high.lat);
}

std::string unpacked(const std::filesystem::path& file) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
    std::string out;
    for (;;) {
        const auto had = out.size();
        if (had > most_bytes) {
            throw too_large("street_file_too_large", file.string() + " unpacks to more than 8 GiB");
        }
        out.resize(had + (std::size_t{4} << 20));
        const int got = in ? gzread(in.get(), out.data() + had, 4 << 20) : -1;
        out.resize(had + static_cast<std::size_t>(std::max(got, 0)));
        int code = Z_OK;
        if (in) {
            gzerror(in.get(), &code);
        }
        if (got < 0 || code == Z_BUF_ERROR || (code != Z_OK && code != Z_STREAM_END)) {
            throw malformed(
                "street_file_truncated", file.string() + " cannot be unpacked: fetch the file again"
            );
        }
        if (got == 0) {
            return out;
        }
    }
}

char first_sign(std::string_view text) {
    const auto at = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    return at == std::string_view::npos ? '\0' : text[at];
}

}  // namespace

std::string read_whole_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    const auto size = in ? static_cast<std::int64_t>(in.tellg()) : -1;
    if (size < 0) {
        throw invalid(file.string(), "file_unreadable", "the file cannot be read");
    }
    if (static_cast<std::size_t>(size) > most_bytes) {
        throw too_large("street_file_too_large", file.string() + " has more than 8 GiB");
    }
    std::string bytes(static_cast<std::size_t>(size), '\0');
    in.seekg(0);
    in.read(bytes.data(), size);
    if (bytes.size() > 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b') {
        return unpacked(file);
    }
    return bytes;
}

StreetMap read_streets(const std::filesystem::path& file, const Profile& profile, Datum datum) {
    const auto bytes = read_whole_file(file);
    const auto sign = first_sign(std::string_view(bytes).substr(0, 100));
    StreetMap map;
    try {
        map = sign == '<'   ? read_osm_xml(bytes, profile)
              : sign == '{' ? read_geojson_streets(bytes, profile)
                            : read_osm_pbf(bytes, profile);
    } catch (Refused& wrong) {
        wrong.detail = file.string() + ": " + wrong.detail;
        throw;
    }
    map.source = file.filename().string();
    if (datum == Datum::gcj02) {
        to_wgs84(map);
    }
    return map;
}

void to_wgs84(StreetMap& map) {
    for (auto& point : map.points) {
        point = wgs84_of(point);
    }
}

void expect_place(const StreetMap& map, const Box& place) {
    std::size_t inside = 0, swapped = 0;
    for (const auto p : map.points) {
        inside += place.contains(p);
        swapped += place.contains({p.lat, p.lon});
    }
    if (inside * 2 > map.points.size()) {
        return;
    }
    std::string detail = std::to_string(inside) + " of " + std::to_string(map.points.size()) +
                         " street points lie in " + words(place) + "; the streets lie in " +
                         words(box_of(map.points));
    if (swapped * 2 > map.points.size()) {
        detail += "; longitude and latitude seem swapped";
    }
    throw invalid(map.source, "streets_elsewhere", detail);
}

}  // namespace linli::spatial
