// SPDX-License-Identifier: Apache-2.0
/// What the map draws: streets, roads and water, facilities, dwellings, where the people of an area
/// live. Streets and facilities are public; of dwellings only sums and walks are told, no names.
#include <algorithm>
#include <cmath>
#include <map>

#include "map/outlines.hpp"
#include "map/routes.hpp"

namespace linli::map {

namespace {

constexpr std::size_t most_lines = 15'000, most_dots = 4'000;
constexpr double micro = 10;  ///< units of a point in a millionth of a degree
/// Dwellings nearer than so many dots of the screen are drawn as one.
constexpr double cluster_dots = 14;

struct PlaceDot {
    std::int64_t number = 0;
    double lon = 0, lat = 0;
    std::string kind, days, area;
    static constexpr auto fields =
        std::tuple{field("number", &PlaceDot::number), field("lon", &PlaceDot::lon),
                   field("lat", &PlaceDot::lat),       field("kind", &PlaceDot::kind),
                   field("days", &PlaceDot::days),     field("area", &PlaceDot::area)};
};
struct PlacesAnswer {
    std::vector<PlaceDot> places;
    static constexpr auto fields = std::tuple{field("places", &PlacesAnswer::places)};
};

/// One building or several beside each other.
struct DwellingDot {
    double lon = 0, lat = 0;
    std::int64_t buildings = 0, households = 0;
    std::optional<std::int64_t> outside;  ///< households outside of the circle asked for
    static constexpr auto fields = std::tuple{
        field("lon", &DwellingDot::lon), field("lat", &DwellingDot::lat),
        field("buildings", &DwellingDot::buildings), field("households", &DwellingDot::households),
        field("outside", &DwellingDot::outside)};
};
struct DwellingsAnswer {
    std::vector<DwellingDot> dwellings;
    std::int64_t left_out = 0;
    static constexpr auto fields = std::tuple{
        field("dwellings", &DwellingsAnswer::dwellings),
        field("left_out", &DwellingsAnswer::left_out)};
};

/// Metres of the ground that one dot of the screen stands for.
double scale_asked(const http::Call& call) {
    return call.query_int("metres", 10, 0, 100'000);
}

/// Writes lines as whole millionths of a degree: kind, first point, then steps.
class LineWriter {
 public:
    LineWriter(const spatial::Box& box, double metres)
        : m_plane(middle(box)), m_metres(metres), m_json(m_text) {
        m_json.begin_object();
        m_json.key("lines");
        m_json.begin_list();
    }
    bool visible(const std::vector<spatial::Point>& line, const spatial::Box& box) const {
        const auto own = spatial::box_of(line);
        const bool meets = own.low.lon <= box.high.lon && own.high.lon >= box.low.lon &&
                           own.low.lat <= box.high.lat && own.high.lat >= box.low.lat;
        const auto a = m_plane.project(own.low), b = m_plane.project(own.high);
        return meets && std::hypot(b.x - a.x, b.y - a.y) >= m_metres * 2;
    }
    void add(int kind, const std::vector<spatial::Point>& line) {
        m_json.begin_list();
        m_json.integer(kind);
        std::int64_t lon = 0, lat = 0;
        for (const auto i : kept(line)) {
            const auto x = std::llround(line[i].lon / micro), y = std::llround(line[i].lat / micro);
            m_json.integer(x - lon);
            m_json.integer(y - lat);
            lon = x;
            lat = y;
        }
        m_json.end_list();
    }
    std::string finish(std::size_t left_out) {
        m_json.end_list();
        m_json.key("left_out");
        m_json.integer(static_cast<std::int64_t>(left_out));
        m_json.end_object();
        return std::move(m_text);
    }

 private:
    /// Points without which the line would be a dot off (Douglas and Peucker).
    std::vector<std::size_t> kept(const std::vector<spatial::Point>& line) const {
        std::vector<bool> keep(line.size(), false);
        keep.front() = keep.back() = true;
        std::vector<std::pair<std::size_t, std::size_t>> spans = {{0, line.size() - 1}};
        while (!spans.empty()) {
            const auto [from, to] = spans.back();
            spans.pop_back();
            const auto [far, at] = farthest(line, from, to);
            if (far > m_metres) {
                keep[at] = true;
                spans.emplace_back(from, at);
                spans.emplace_back(at, to);
            }
        }
        std::vector<std::size_t> out;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (keep[i]) {
                out.push_back(i);
            }
        }
        return out;
    }
    std::pair<double, std::size_t> farthest(
        const std::vector<spatial::Point>& line, std::size_t from, std::size_t to
    ) const {
        const auto a = m_plane.project(line[from]), b = m_plane.project(line[to]);
        const double x = b.x - a.x, y = b.y - a.y, length = std::hypot(x, y);
        std::pair<double, std::size_t> best{0, from};
        for (auto i = from + 1; i < to; ++i) {
            const auto p = m_plane.project(line[i]);
            const double off = length > 0 ? std::abs((p.x - a.x) * y - (p.y - a.y) * x) / length
                                          : std::hypot(p.x - a.x, p.y - a.y);
            best = std::max(best, std::pair{off, i});
        }
        return best;
    }

    spatial::Plane m_plane;
    double m_metres;
    std::string m_text;
    JsonWriter m_json;
};

std::vector<spatial::Point> chain_line(const spatial::Network& network, std::size_t chain) {
    std::vector<spatial::Point> line;
    for (std::size_t i = 0; i < network.points_on(chain); ++i) {
        line.push_back(network.points[network.point_of(chain, i)]);
    }
    return line;
}

/// Main roads and water first; of more streets than can be drawn the longest.
http::Json streets(const Asked& asked, const http::Call& call) {
    const auto& town = asked.town();
    const auto box = box_asked(call, town);
    LineWriter out(box, scale_asked(call));
    for (const auto& line : town.lines) {
        if (out.visible(line.points, box)) {
            out.add(line.water ? 2 : 1, line.points);
        }
    }
    std::vector<std::pair<spatial::Ms, std::uint32_t>> chains;
    for (std::uint32_t c = 0; c < town.network.chain_count(); ++c) {
        if (out.visible(chain_line(town.network, c), box)) {
            chains.emplace_back(town.network.chains[c].length, c);
        }
    }
    const auto shown = std::min(chains.size(), most_lines);
    std::partial_sort(
        chains.begin(), chains.begin() + static_cast<std::ptrdiff_t>(shown), chains.end(),
        std::greater<>()
    );
    for (std::size_t i = 0; i < shown; ++i) {
        out.add(0, chain_line(town.network, chains[i].second));
    }
    return {out.finish(chains.size() - shown)};
}

PlacesAnswer places(const Asked& asked, const http::Call& call) {
    const auto& town = asked.town();
    const auto box = box_asked(call, town);
    PlacesAnswer answer;
    for (std::size_t p = 0; p < town.places.size(); ++p) {
        const auto& place = town.places[p];
        if (box.contains(place.at)) {
            answer.places.push_back(
                {static_cast<std::int64_t>(p), degrees(place.at.lon), degrees(place.at.lat),
                 place.kind, days_text(place.days), town.areas[place.area].name}
            );
        }
    }
    return answer;
}

bool outside(const TownCircle& circle, std::size_t dwelling) {
    const auto limit =
        circle.circle.limit[static_cast<std::size_t>(circle.dwellings.area_class[dwelling])];
    return limit > 0 && circle.covered.walk[dwelling] > limit;
}

DwellingsAnswer dwellings(const Room& room, const Asked& asked, const http::Call& call) {
    const auto& town = asked.town();
    const auto box = box_asked(call, town);
    const auto circle = call.query("circle") ? circle_asked(room, asked, call) : nullptr;
    const spatial::Plane plane(middle(box));
    const double cell = std::max(1.0, scale_asked(call) * cluster_dots);
    std::map<std::pair<std::int64_t, std::int64_t>, DwellingDot> dots;
    DwellingsAnswer answer;
    for (std::size_t i = 0; i < town.doors.size(); ++i) {
        const auto households = town.households()[i];
        if (!asked.sees(i) || households == 0 || !box.contains(town.doors[i])) {
            continue;
        }
        const auto at = plane.project(town.doors[i]);
        const std::pair key{std::llround(at.x / cell), std::llround(at.y / cell)};
        if (dots.size() >= most_dots && dots.find(key) == dots.end()) {
            ++answer.left_out;
            continue;
        }
        auto& dot = dots[key];
        dot.lon += degrees(town.doors[i].lon);
        dot.lat += degrees(town.doors[i].lat);
        ++dot.buildings;
        dot.households += households;
        if (circle) {
            dot.outside = dot.outside.value_or(0) + (outside(*circle, i) ? households : 0);
        }
    }
    for (auto& [key, dot] : dots) {
        dot.lon /= static_cast<double>(dot.buildings);
        dot.lat /= static_cast<double>(dot.buildings);
        answer.dwellings.push_back(dot);
    }
    return answer;
}

http::Json area_outlines(const Asked& asked) {
    const auto& town = asked.town();
    std::vector<std::uint32_t> label(town.doors.size(), no_label);
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (asked.sees(i)) {
            label[i] = town.dwellings.area[i];
        }
    }
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("areas");
    out.begin_list();
    for (const auto& [number, grounds] : outlines(town, label)) {
        out.begin_object();
        out.key("number");
        out.integer(number);
        out.key("ground");
        out.raw(spatial::to_geojson(grounds));
        out.end_object();
    }
    out.end_list();
    out.end_object();
    return {std::move(text)};
}

}  // namespace

void layer_routes(http::Router& r, const SharedRoom& room) {
    const auto add = [&](const char* path, auto handler, const char* summary) -> http::Route& {
        return r.get(path, handler, map_read, http::Scope::area, summary)
            .no_transaction()
            .id_fields({"query:area"})
            .query("area", "whose map");
    };
    const char* const box = "west,south,east,north in degrees";
    const char* const metres = "metres of the ground for a dot of the screen";
    add(
        "/api/spatial/streets",
        [room](http::Call& call) { return streets(ask(*room, call), call); },
        "Streets, main roads (1) and water (2) of a map, as steps in millionths of a degree"
    )
        .query("box", box)
        .query("metres", metres);
    add(
        "/api/spatial/places", [room](http::Call& call) { return places(ask(*room, call), call); },
        "Facilities of a town"
    )
        .query("box", box);
    add(
        "/api/spatial/dwellings",
        [room](http::Call& call) { return dwellings(*room, ask(*room, call), call); },
        "Dwellings of an area, those beside each other as one; sums, nothing about persons"
    )
        .query("box", box)
        .query("metres", metres)
        .query("circle", "also those outside of this circle")
        .query("day", "1 is Monday; today if left out");
    add(
        "/api/spatial/outlines",
        [room](http::Call& call) { return area_outlines(ask(*room, call)); },
        "Where the people of each area live: no legal border"
    );
}

}  // namespace linli::map
