// SPDX-License-Identifier: Apache-2.0
/// Streets of a GeoJSON FeatureCollection: LineString and MultiLineString, tags as properties or in
/// a member `tags`. Lines that end in the same place meet there.
#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "base/json.hpp"
#include "spatial/streets.hpp"

namespace linli::spatial {

namespace {

class GeoJsonReader {
 public:
    explicit GeoJsonReader(const Profile& profile) : m_tags(profile) {}

    StreetMap read(const Value& root) {
        const auto* features = root.find("features");
        if (root.text_or("type") != "FeatureCollection" || !features || !features->as_list()) {
            throw malformed(
                "street_file_broken", "GeoJSON: a FeatureCollection with features is needed"
            );
        }
        check_crs(root);
        const auto& list = *features->as_list();
        m_tagged = std::any_of(list.begin(), list.end(), [](const auto& one) {
            return tags_of(one) && tags_of(one)->find("highway");
        });
        for (std::size_t i = 0; i < list.size(); ++i) {
            m_where = "/features/" + std::to_string(i);
            feature(list[i]);
        }
        m_map.ways_read = list.size();
        const auto* made_up = root.find("made_up");
        m_map.made_up = made_up && made_up->as_bool() && *made_up->as_bool();
        return std::move(m_map);
    }

 private:
    Refused refuse(const char* code, const std::string& detail) const {
        return malformed(code, "GeoJSON, " + m_where + ": " + detail);
    }

    void check_crs(const Value& root) const {
        const auto* crs = root.find("crs");
        const auto* properties = crs ? crs->find("properties") : nullptr;
        const auto name = properties ? properties->text_or("name") : "";
        if (!name.empty() && name.find("CRS84") == std::string::npos &&
            name.find("4326") == std::string::npos) {
            throw malformed(
                "street_file_unsupported", "GeoJSON in " + name.substr(0, 80) +
                                               ": convert it to longitude and latitude (EPSG:4326)"
            );
        }
    }

    static const Value* tags_of(const Value& feature) {
        const auto* properties = feature.find("properties");
        const auto* tags = properties ? properties->find("tags") : nullptr;
        return tags && tags->as_object() ? tags : properties;
    }

    int percent_of(const Value& one) {
        if (!m_tagged) {
            return 100;
        }
        m_tags.clear();
        if (const auto* tags = tags_of(one); tags && tags->as_object()) {
            for (const auto& [key, value] : *tags->as_object()) {
                if (const auto* text = value.as_text()) {
                    m_tags.add(key, *text);
                }
            }
        }
        return m_tags.way_percent();
    }

    void feature(const Value& one) {
        const auto* geometry = one.find("geometry");
        const auto type = geometry ? geometry->text_or("type") : "";
        if (type != "LineString" && type != "MultiLineString") {
            return;
        }
        const int percent = percent_of(one);
        const auto* coordinates = geometry->find("coordinates");
        if (!coordinates || !coordinates->as_list()) {
            throw refuse("street_file_broken", "no coordinates");
        }
        if (percent == 0) {
            return;
        }
        if (type == "LineString") {
            line(*coordinates->as_list(), percent);
            return;
        }
        for (const auto& part : *coordinates->as_list()) {
            if (!part.as_list()) {
                throw refuse("street_file_broken", "a line is a list of positions");
            }
            line(*part.as_list(), percent);
        }
    }

    void line(const Value::List& positions, int percent) {
        for (const auto& position : positions) {
            m_map.refs.push_back(place(position));
        }
        if (m_map.refs.size() < m_map.way_begin.back() + 2) {
            m_map.refs.resize(m_map.way_begin.back());
            return;
        }
        m_map.way_begin.push_back(static_cast<std::uint32_t>(m_map.refs.size()));
        m_map.percent.push_back(static_cast<std::uint8_t>(percent));
    }

    double number(const Value& position, std::size_t index) const {
        const auto* list = position.as_list();
        if (list && list->size() > index) {
            if (const auto* whole = (*list)[index].as_int()) {
                return static_cast<double>(*whole);
            }
            if (const auto* real = (*list)[index].as_double()) {
                return *real;
            }
        }
        throw refuse("street_file_broken", "a position is [longitude, latitude]");
    }

    std::uint32_t place(const Value& position) {
        const double lon = number(position, 0), lat = number(position, 1);
        if (!(lon >= -180 && lon <= 180) || !(lat >= -90 && lat <= 90)) {
            const bool swapped = lon >= -90 && lon <= 90 && lat >= -180 && lat <= 180;
            throw refuse(
                swapped ? "axes_swapped" : "street_file_broken",
                "[" + std::to_string(lon) + ", " + std::to_string(lat) + "] is not on the earth" +
                    (swapped ? "; the axes seem swapped: a position is [longitude, latitude]" : "")
            );
        }
        const auto point = at(lon, lat);
        const auto key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(point.lon)) << 32 |
                         static_cast<std::uint32_t>(point.lat);
        const auto [found, fresh] =
            m_places.try_emplace(key, static_cast<std::uint32_t>(m_map.points.size()));
        if (fresh) {
            if (m_map.points.size() >= most_street_points) {
                throw too_large("street_file_too_large", "more than 50 million points on streets");
            }
            m_map.points.push_back(point);
        }
        return found->second;
    }

    Tags m_tags;
    StreetMap m_map;
    std::unordered_map<std::uint64_t, std::uint32_t> m_places;
    std::string m_where;
    bool m_tagged = false;
};

}  // namespace

StreetMap read_geojson_streets(std::string_view text, const Profile& profile) {
    const auto root = [&] {
        try {
            return parse_json(
                text, {.bytes = std::size_t{512} << 20, .depth = 32, .members = 10'000}
            );
        } catch (const Refused& wrong) {
            throw malformed("street_file_broken", "GeoJSON: " + wrong.detail);
        }
    }();
    return GeoJsonReader(profile).read(root);
}

}  // namespace linli::spatial
