// SPDX-License-Identifier: Apache-2.0
/// Who is covered by a circle, who is not, and what a facility more, moved or gone would change.
#include <algorithm>
#include <cmath>

#include "map/routes.hpp"

namespace linli::map {

namespace {

constexpr std::int64_t most_gaps = 2'000;

struct AreaFacts {
    std::int64_t number = 0;
    AreaId id;
    std::string code, name, level;
    std::int64_t parent = 0;
    static constexpr auto fields =
        std::tuple{field("number", &AreaFacts::number), field("id", &AreaFacts::id),
                   field("code", &AreaFacts::code),     field("name", &AreaFacts::name),
                   field("level", &AreaFacts::level),   field("parent", &AreaFacts::parent)};
};
struct KindCount {
    std::string kind;
    std::int64_t count = 0;
    static constexpr auto fields =
        std::tuple{field("kind", &KindCount::kind), field("count", &KindCount::count)};
};
struct CircleFacts {
    std::string id, zh, en;
    std::vector<std::string> kinds;
    bool every = false, in_metres = false;
    std::vector<std::int64_t> limits;  ///< urban, county seat, rural; 0 = no such circle there
    std::string walker, document, section;
    static constexpr auto fields = std::tuple{
        field("id", &CircleFacts::id),
        field("zh", &CircleFacts::zh),
        field("en", &CircleFacts::en),
        field("kinds", &CircleFacts::kinds),
        field("every", &CircleFacts::every),
        field("in_metres", &CircleFacts::in_metres),
        field("limits", &CircleFacts::limits),
        field("walker", &CircleFacts::walker),
        field("document", &CircleFacts::document),
        field("section", &CircleFacts::section)};
};
struct MapFacts {
    std::string town, source;
    bool made_up = false;
    std::string problem;
    std::vector<std::string> remarks;
    std::vector<double> box;  ///< west, south, east, north
    std::int64_t metres_per_minute = 0;
    std::vector<std::string> walkers, columns;
    std::vector<AreaFacts> areas;
    std::vector<KindCount> kinds;
    std::vector<CircleFacts> circles;
    static constexpr auto fields = std::tuple{
        field("town", &MapFacts::town),
        field("source", &MapFacts::source),
        field("made_up", &MapFacts::made_up),
        field("problem", &MapFacts::problem),
        field("remarks", &MapFacts::remarks),
        field("box", &MapFacts::box),
        field("metres_per_minute", &MapFacts::metres_per_minute),
        field("walkers", &MapFacts::walkers),
        field("columns", &MapFacts::columns),
        field("areas", &MapFacts::areas),
        field("kinds", &MapFacts::kinds),
        field("circles", &MapFacts::circles)};
};

AreaFacts facts_of(const Town& town, std::size_t number) {
    const auto& one = town.areas[number];
    return {static_cast<std::int64_t>(number), one.id,    one.code, one.name,
            linli::name_of(one.level),         one.parent};
}

CircleFacts facts_of(const spatial::PromisedCircle& one) {
    return {
        one.id,
        one.title_zh,
        one.title_en,
        one.kinds,
        one.every_kind,
        one.in_metres,
        {one.limit.begin(), one.limit.end()},
        one.walker,
        one.document,
        one.section};
}

/// What of the town lies in the area: the box of its dwellings, or of the whole town.
spatial::Box seen_box(const Asked& asked) {
    spatial::Box box;
    for (std::size_t i = 0; i < asked.town().doors.size(); ++i) {
        if (asked.sees(i)) {
            box.add(asked.town().doors[i]);
        }
    }
    return box.empty() || asked.visible[0] ? asked.town().box : box;
}

MapFacts facts(const Room& room, const Asked& asked) {
    const auto& town = asked.town();
    MapFacts answer;
    answer.town = town.code;
    answer.source = town.network.source;
    answer.made_up = town.network.made_up;
    answer.problem = asked.problem;
    answer.remarks = asked.visible[0] ? town.remarks : std::vector<std::string>();
    const auto box = seen_box(asked);
    answer.box = {
        degrees(box.low.lon), degrees(box.low.lat), degrees(box.high.lon), degrees(box.high.lat)};
    answer.metres_per_minute = room.towns.profile().metres_per_minute;
    for (const auto& group : room.towns.profile().groups) {
        answer.walkers.push_back(group.name);
    }
    answer.columns = town.columns;
    for (std::size_t a = 0; a < town.areas.size(); ++a) {
        if (asked.visible[a]) {
            answer.areas.push_back(facts_of(town, a));
        }
    }
    std::map<std::string, std::int64_t> kinds;
    for (const auto& place : town.places) {
        ++kinds[place.kind];
    }
    for (const auto& [kind, count] : kinds) {
        answer.kinds.push_back({kind, count});
    }
    for (const auto& circle : room.towns.circles()) {
        answer.circles.push_back(facts_of(circle));
    }
    return answer;
}

/// Of one area: sums of each column, all and covered.
struct AreaCoverage {
    std::int64_t area = 0;  ///< its number on the map
    std::vector<std::int64_t> all, covered;
    static constexpr auto fields = std::tuple{
        field("area", &AreaCoverage::area), field("all", &AreaCoverage::all),
        field("covered", &AreaCoverage::covered)};
};
struct CoverageAnswer {
    std::string circle;
    std::int64_t day = 1;
    std::vector<std::string> columns;
    std::vector<std::int64_t> places;  ///< numbers of the facilities that count on that day
    std::vector<AreaCoverage> areas;
    static constexpr auto fields = std::tuple{
        field("circle", &CoverageAnswer::circle), field("day", &CoverageAnswer::day),
        field("columns", &CoverageAnswer::columns), field("places", &CoverageAnswer::places),
        field("areas", &CoverageAnswer::areas)};
};

std::vector<std::int64_t> row(
    const std::vector<std::uint64_t>& sums, std::size_t area,
    const std::vector<std::string>& columns
) {
    std::vector<std::int64_t> row;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        row.push_back(told(columns[c], sums[area * columns.size() + c]));
    }
    return row;
}

CoverageAnswer coverage(const Asked& asked, const TownCircle& circle) {
    CoverageAnswer answer{circle.promised->id, circle.weekday + 1, circle.columns, {}, {}};
    for (std::size_t f = 0; f < circle.facilities.size(); ++f) {
        if (circle.facilities[f].days >> circle.weekday & 1) {
            answer.places.push_back(circle.places[f]);
        }
    }
    const auto& shares = circle.covered.shares;
    for (std::size_t a = 0; a < asked.visible.size(); ++a) {
        if (asked.visible[a]) {
            answer.areas.push_back(
                {static_cast<std::int64_t>(a), row(shares.all, a, circle.columns),
                 row(shares.covered, a, circle.columns)}
            );
        }
    }
    return answer;
}

struct Gap {
    double lon = 0, lat = 0;
    std::int64_t area = 0, households = 0;
    std::optional<double> minutes;  ///< of those whom the circle is for; none: too far to look
    std::int64_t limit = 0;         ///< minutes, as promised
    static constexpr auto fields =
        std::tuple{field("lon", &Gap::lon),         field("lat", &Gap::lat),
                   field("area", &Gap::area),       field("households", &Gap::households),
                   field("minutes", &Gap::minutes), field("limit", &Gap::limit)};
};
struct GapsAnswer {
    std::vector<Gap> gaps;
    std::int64_t left_out = 0;
    static constexpr auto fields =
        std::tuple{field("gaps", &GapsAnswer::gaps), field("left_out", &GapsAnswer::left_out)};
};

constexpr double minute = 60'000;

/// The farthest first.
GapsAnswer gaps(const Asked& asked, const TownCircle& circle) {
    const auto& town = asked.town();
    std::vector<std::uint32_t> outside;
    for (const auto dwelling : circle.covered.gaps) {
        if (asked.sees(dwelling) && town.households()[dwelling] > 0) {
            outside.push_back(dwelling);
        }
    }
    const auto& walk = circle.covered.walk;
    std::stable_sort(outside.begin(), outside.end(), [&](auto a, auto b) {
        return walk[a] > walk[b];
    });
    GapsAnswer answer;
    for (const auto i : outside) {
        if (static_cast<std::int64_t>(answer.gaps.size()) >= most_gaps) {
            ++answer.left_out;
            continue;
        }
        const auto area_class = static_cast<std::size_t>(circle.dwellings.area_class[i]);
        const double limit = circle.circle.limit[area_class];
        const double promised =
            circle.promised->in_metres ? limit / minute : circle.promised->limit[area_class];
        answer.gaps.push_back(
            {degrees(town.doors[i].lon), degrees(town.doors[i].lat), town.dwellings.area[i],
             town.households()[i],
             walk[i] >= spatial::unreachable ? std::nullopt
                                             : std::optional(walk[i] / limit * promised),
             std::llround(promised)}
        );
    }
    return answer;
}

/// What would be covered in the areas where that changes.
struct WhatIfAnswer {
    std::vector<AreaCoverage> areas;
    std::int64_t gained = 0, lost = 0;  ///< households of the area asked for
    static constexpr auto fields = std::tuple{
        field("areas", &WhatIfAnswer::areas), field("gained", &WhatIfAnswer::gained),
        field("lost", &WhatIfAnswer::lost)};
};

spatial::Effect effect_of(const Asked& asked, TownCircle& circle, const http::Call& call) {
    const auto to = point_asked(call, "to");
    const auto place = call.query_int("place", -1, -1, INT32_MAX);
    const auto found =
        std::find(circle.places.begin(), circle.places.end(), static_cast<std::uint32_t>(place));
    if (place >= 0 && found == circle.places.end()) {
        throw not_found("place");
    }
    const auto number = static_cast<std::size_t>(found - circle.places.begin());
    if (place >= 0 && !to) {
        return circle.what_if->removed(number);
    }
    if (!to) {
        throw malformed("point_malformed", "say where to, or which place is gone");
    }
    const auto position = on_street(asked.town(), *to);
    if (place >= 0) {
        return circle.what_if->moved(number, position);
    }
    const auto& kinds = circle.promised->kinds;
    const auto kind = std::find(kinds.begin(), kinds.end(), call.query("kind").value_or(kinds[0]));
    if (kind == kinds.end()) {
        throw malformed("kind_not_of_circle", "the circle needs no place of that kind");
    }
    return circle.what_if->added({position, static_cast<std::uint16_t>(kind - kinds.begin())});
}

WhatIfAnswer what_if(const Asked& asked, TownCircle& circle, const http::Call& call) {
    const std::lock_guard hold(circle.lock);
    const auto effect = effect_of(asked, circle, call);
    const auto& shares = circle.covered.shares;
    WhatIfAnswer answer;
    for (std::size_t a = 0; a < asked.visible.size(); ++a) {
        auto then = row(effect.covered, a, circle.columns);
        if (asked.visible[a] && then != row(shares.covered, a, circle.columns)) {
            answer.areas.push_back(
                {static_cast<std::int64_t>(a), row(shares.all, a, circle.columns), std::move(then)}
            );
        }
    }
    const auto households = [&](const std::vector<std::uint32_t>& dwellings) {
        std::int64_t sum = 0;
        for (const auto i : dwellings) {
            sum += asked.sees(i) ? asked.town().households()[i] : 0;
        }
        return sum;
    };
    answer.gained = households(effect.gained);
    answer.lost = households(effect.lost);
    return answer;
}

http::Json isochrone(const Asked& asked, const http::Call& call) {
    const auto& town = asked.town();
    const auto at = point_asked(call, "at");
    if (!at) {
        throw malformed("point_malformed", "at is longitude,latitude");
    }
    const auto minutes = call.query_int("minutes", 15, 1, 60);
    const auto limit = spatial::limit_for(
        asked.work->profile(), call.query("walker").value_or(""),
        static_cast<std::uint32_t>(minutes)
    );
    const std::vector<spatial::Position> from = {on_street(town, *at)};
    std::vector<spatial::Ground> ground;
    std::vector<std::uint64_t> sums(town.columns.size(), 0);
    asked.work->with_search([&](spatial::Search& search, const spatial::Isochrones& isochrones) {
        search.run(from, limit);
        ground = isochrones.ground(search);
        for (std::size_t i = 0; i < town.doors.size(); ++i) {
            if (asked.sees(i) && search.at(town.dwellings.positions[i]) <= limit) {
                for (std::size_t c = 0; c < sums.size(); ++c) {
                    sums[c] += town.dwellings.weights[c][i];
                }
            }
        }
    });
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("minutes");
    out.integer(minutes);
    out.key("sums");
    write_json(out, row(sums, 0, town.columns));
    out.key("ground");
    out.raw(spatial::to_geojson(ground));
    out.end_object();
    return {std::move(text)};
}

}  // namespace

void circle_routes(http::Router& r, const SharedRoom& room) {
    const auto add = [&](const char* path, auto handler, const char* summary) -> http::Route& {
        return r.get(path, handler, map_read, http::Scope::area, summary)
            .no_transaction()
            .id_fields({"query:area"})
            .query("area", "whose map");
    };
    const auto circled = [&](const char* path, auto work, const char* summary) -> http::Route& {
        return add(
                   path,
                   [room, work](http::Call& call) {
                       const auto asked = ask(*room, call);
                       return work(asked, *circle_asked(*room, asked, call), call);
                   },
                   summary
        )
            .query("circle", "id of a circle")
            .query("day", "1 is Monday; today if left out");
    };
    add(
        "/api/spatial", [room](http::Call& call) { return facts(*room, ask(*room, call)); },
        "What there is for an area: areas, circles, kinds of facilities, where the streets are from"
    );
    circled(
        "/api/spatial/coverage",
        [](const Asked& asked, TownCircle& circle, http::Call&) { return coverage(asked, circle); },
        "Who is covered by a circle, by area"
    );
    circled(
        "/api/spatial/gaps",
        [](const Asked& asked, TownCircle& circle, http::Call&) { return gaps(asked, circle); },
        "Dwellings outside of a circle, with their walk"
    );
    circled(
        "/api/spatial/what-if",
        [](const Asked& asked, TownCircle& circle, http::Call& call) {
            return what_if(asked, circle, call);
        },
        "What a facility more, moved or gone would change"
    )
        .query("place", "number of the facility that is moved or gone")
        .query("to", "longitude,latitude where it would stand")
        .query("kind", "of a new one");
    add(
        "/api/spatial/isochrone",
        [room](http::Call& call) { return isochrone(ask(*room, call), call); },
        "The ground within a walk, and who lives there"
    )
        .query("at", "longitude,latitude")
        .query("minutes", "1 to 60")
        .query("walker", "a group of the walking profile");
}

void routes(
    http::Router& r, const std::filesystem::path& folder, const std::filesystem::path& walking,
    area::Areas& areas, identity::Identity& identity
) {
    const SharedRoom room(new Room{Towns(folder, walking, areas), areas, identity});
    layer_routes(r, room);
    circle_routes(r, room);
    job_routes(r, room);
    feature_routes(r, room);
}

}  // namespace linli::map
