// SPDX-License-Identifier: Apache-2.0
/// OSM XML, as written by the OSM API, osmium and JOSM. Document types and entities are refused.
#include <expat.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "spatial/ways.hpp"

namespace linli::spatial {

namespace {

class XmlReader {
 public:
    explicit XmlReader(const Profile& profile)
        : m_tags(profile), m_parser(XML_ParserCreate("UTF-8"), XML_ParserFree) {
        XML_SetUserData(m_parser.get(), this);
        XML_SetElementHandler(m_parser.get(), on_start, on_end);
        XML_SetStartDoctypeDeclHandler(
            m_parser.get(),
            [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
                static_cast<XmlReader*>(self)->stop("a document type is not allowed");
            }
        );
    }

    StreetMap read(std::string_view text) {
        constexpr std::size_t piece = 1 << 20;
        for (std::size_t at = 0; at < text.size() || at == 0; at += piece) {
            const auto part = text.substr(at, piece);
            const bool last = at + piece >= text.size();
            const auto answer =
                XML_Parse(m_parser.get(), part.data(), static_cast<int>(part.size()), last);
            if (m_problem) {
                throw *m_problem;
            }
            if (answer != XML_STATUS_OK) {
                refuse();
            }
        }
        if (!m_osm) {
            throw malformed("street_file_broken", "this XML is no OSM file: it has no <osm>");
        }
        return finish();
    }

 private:
    [[noreturn]] void refuse() const {
        const auto code = XML_GetErrorCode(m_parser.get());
        const bool short_file = code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
                                code == XML_ERROR_PARTIAL_CHAR ||
                                XML_GetCurrentByteIndex(m_parser.get()) < 0;
        throw malformed(
            short_file ? "street_file_truncated" : "street_file_broken",
            "OSM XML, line " + std::to_string(XML_GetCurrentLineNumber(m_parser.get())) + ": " +
                XML_ErrorString(code)
        );
    }

    void stop(const std::string& why) {
        if (!m_problem) {
            m_problem = malformed(
                "street_file_broken", "OSM XML, line " +
                                          std::to_string(XML_GetCurrentLineNumber(m_parser.get())) +
                                          ": " + why
            );
        }
        XML_StopParser(m_parser.get(), XML_FALSE);
    }

    static std::string_view attribute(const XML_Char** list, std::string_view name) {
        for (; *list; list += 2) {
            if (list[0] == name) {
                return list[1];
            }
        }
        return {};
    }

    std::int64_t whole(std::string_view text) {
        std::int64_t value = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (wrong != std::errc() || end != text.data() + text.size()) {
            stop("\"" + std::string(text.substr(0, 40)) + "\" is no id");
        }
        return value;
    }

    double degrees(std::string_view text, double most) {
        double value = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (wrong != std::errc() || end != text.data() + text.size() ||
            !(value >= -most && value <= most)) {
            stop("\"" + std::string(text.substr(0, 40)) + "\" is no longitude or latitude");
            return 0;
        }
        return value;
    }

    static void on_start(void* self, const XML_Char* name, const XML_Char** list) {
        static_cast<XmlReader*>(self)->start(name, list);
    }
    static void on_end(void* self, const XML_Char* name) {
        static_cast<XmlReader*>(self)->end(name);
    }

    void start(std::string_view name, const XML_Char** list) {
        if (name == "osm") {
            m_osm = true;
        } else if (name == "node") {
            m_tags.clear();
            m_id = whole(attribute(list, "id"));
            const auto lat = attribute(list, "lat"), lon = attribute(list, "lon");
            if (!lat.empty() || !lon.empty()) {  // deleted nodes have neither
                m_nodes.push_back({m_id, at(degrees(lon, 180), degrees(lat, 90))});
            }
        } else if (name == "way") {
            m_tags.clear();
            m_refs.clear();
        } else if (name == "nd") {
            m_refs.push_back(whole(attribute(list, "ref")));
        } else if (name == "tag") {
            m_tags.add(attribute(list, "k"), attribute(list, "v"));
        }
    }

    void end(std::string_view name) {
        if (name == "node" && m_tags.blocks()) {
            m_blocked.push_back(m_id);
        } else if (name == "way") {
            ++m_ways_read;
            if (const int percent = m_tags.way_percent(); percent > 0) {
                m_ways.add(m_refs, percent);
            }
        }
    }

    StreetMap finish() {
        const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
        if (!std::is_sorted(m_nodes.begin(), m_nodes.end(), by_id)) {
            std::stable_sort(m_nodes.begin(), m_nodes.end(), by_id);
        }
        const auto needed = m_ways.needed();
        std::vector<OsmNode> used;
        used.reserve(needed.size());
        auto next = needed.begin();
        for (const auto& node : m_nodes) {
            while (next != needed.end() && *next < node.id) {
                ++next;
            }
            if (next != needed.end() && *next == node.id) {
                used.push_back(node);
                ++next;
            }
        }
        auto map = join_ways(m_ways, used, std::move(m_blocked));
        map.ways_read = m_ways_read;
        return map;
    }

    Tags m_tags;
    std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> m_parser;
    std::optional<Refused> m_problem;
    OsmWays m_ways;
    std::vector<OsmNode> m_nodes;
    std::vector<std::int64_t> m_refs, m_blocked;
    std::int64_t m_id = 0;
    std::uint64_t m_ways_read = 0;
    bool m_osm = false;
};

}  // namespace

StreetMap read_osm_xml(std::string_view text, const Profile& profile) {
    return XmlReader(profile).read(text);
}

}  // namespace linli::spatial
