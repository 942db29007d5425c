// SPDX-License-Identifier: Apache-2.0
#include "request/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "identity/identity.hpp"

namespace linli::request {

namespace {

constexpr int most_visits = 500;  ///< of one draw

struct DrawRequest {
    AreaId area;
    Date from, to;  ///< days on which the requests were closed
    int per_unit = 0;
    std::int64_t seed = 0;
    static constexpr auto fields = std::tuple{
        field("area", &DrawRequest::area), field("from", &DrawRequest::from),
        field("to", &DrawRequest::to), field("per_unit", &DrawRequest::per_unit),
        field("seed", &DrawRequest::seed)};
};
struct Drawn {
    int visits = 0, closed = 0;
    static constexpr auto fields =
        std::tuple{field("visits", &Drawn::visits), field("closed", &Drawn::closed)};
};

struct UnitShare {
    UnitId unit;
    std::string name;
    std::int64_t closed = 0;    ///< requests that the unit led and that were closed
    std::int64_t drawn = 0;     ///< visits
    std::int64_t answered = 0;  ///< ... whose reporter was reached
    std::int64_t solved = 0;    ///< ... and said that it is truly solved; partly is not
    double share = 0, low = 0, high = 1;
    static constexpr auto fields =
        std::tuple{field("unit", &UnitShare::unit),         field("name", &UnitShare::name),
                   field("closed", &UnitShare::closed),     field("drawn", &UnitShare::drawn),
                   field("answered", &UnitShare::answered), field("solved", &UnitShare::solved),
                   field("share", &UnitShare::share),       field("low", &UnitShare::low),
                   field("high", &UnitShare::high)};
};
struct Shares {
    std::vector<UnitShare> units;
    static constexpr auto fields = std::tuple{field("units", &Shares::units)};
};

/// Mixes a seed and an id so that neither their order nor their nearness shows.
std::uint64_t mixed(std::uint64_t seed, std::int64_t id) {
    std::uint64_t z = seed ^ (static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

/// Where something is looked for: county by county, narrowed by a subdistrict or community.
struct Place {
    std::set<County> counties;
    AreaId subdistrict, community;
};

Place place_of(const area::Tree& tree, AreaId area) {
    const auto* node = tree.find(area);
    Place place;
    if (node->level == area::Level::subdistrict) {
        place.subdistrict = area;
    } else if (node->level == area::Level::community) {
        place.community = area;
    } else if (node->level > area::Level::community) {
        throw invalid("/area", "wrong_level", "a community or an area above it");
    }
    if (node->county_number != 0) {
        place.counties.insert(node->county_number);
    } else {
        const auto below = tree.counties_under(area);
        place.counties.insert(below.begin(), below.end());
    }
    return place;
}

/// The area must lie in what the caller's right to such records reaches.
Place asked_place(
    const http::Caller& caller, const catalogue::Catalogue& catalogue, const area::Tree& tree,
    AreaId area, identity::Operation operation
) {
    const auto* kind = catalogue.kind("return_visit");
    if (!kind) {
        throw not_found("kind");
    }
    const auto access = identity::access(caller, *kind, operation, tree);
    const bool within =
        tree.find(area) &&
        (access.any || std::any_of(access.areas.begin(), access.areas.end(), [&](AreaId granted) {
             return tree.within(area, granted);
         }));
    if (!within) {
        throw not_found("area");
    }
    return place_of(tree, area);
}

std::vector<Closed> closed_requests(
    store::Tx& tx, const Place& place, Instant from, Instant until
) {
    constexpr store::Sql sql{"request.closed", R"(
        SELECT id, unit, area FROM flow_done
         WHERE county = $1 AND kind = 'request' AND closed_at >= $2 AND closed_at < $3 AND withdrawn = 0
           AND state = 'closed' AND ($4 = 0 OR subdistrict = $4) AND ($5 = 0 OR community = $5)
         ORDER BY closed_at, id LIMIT 200000)"};
    std::vector<Closed> found;
    for (const auto county : place.counties) {
        for (auto& one :
             tx.all<Closed>(sql, county, from, until, place.subdistrict, place.community)) {
            found.push_back(one);
        }
    }
    return found;
}

/// Requests that were visited before are not drawn again.
std::set<std::int64_t> visited(store::Tx& tx, const Place& place) {
    constexpr store::Sql sql{
        "request.visited",
        "SELECT request FROM return_visit WHERE county = $1 AND request IS NOT NULL ORDER BY id"};
    std::set<std::int64_t> found;
    for (const auto county : place.counties) {
        for (const auto id : tx.all<std::int64_t>(sql, county)) {
            found.insert(id);
        }
    }
    return found;
}

void check(const DrawRequest& request) {
    Problems problems;
    if (request.per_unit < 1 || request.per_unit > 100) {
        problems.push_back({"/per_unit", "out_of_range", "1 to 100"});
    }
    if (request.to < request.from || request.to - request.from > 366) {
        problems.push_back({"/to", "out_of_range", "the days go on, and are a year at most"});
    }
    if (!problems.empty()) {
        throw invalid(std::move(problems));
    }
}

Drawn draw_visits(
    http::Call& call, const DrawRequest& request, const catalogue::Catalogue& catalogue,
    area::Areas& areas, const record::Engine& records
) {
    check(request);
    const auto tree = areas.today();
    const auto place =
        asked_place(call.caller, catalogue, *tree, request.area, identity::Operation::create);
    auto closed =
        closed_requests(call.tx(), place, start_of(request.from), start_of(request.to + 1));
    Drawn drawn;
    drawn.closed = static_cast<int>(closed.size());
    const auto before = visited(call.tx(), place);
    std::erase_if(closed, [&](const Closed& one) { return before.contains(one.id.value); });
    const auto chosen =
        draw(std::move(closed), request.per_unit, static_cast<std::uint64_t>(request.seed));
    if (chosen.size() > most_visits) {
        throw invalid("/per_unit", "out_of_range", "these would be more than 500 visits");
    }
    for (const auto& one : chosen) {
        auto fields = obj({{"request", std::to_string(one.id.value)}});
        if (one.unit) {
            fields.set("visited_unit", std::to_string(one.unit.value));
        }
        records.create(
            call.tx(), call.caller, "return_visit",
            obj({{"area", std::to_string(one.area.value)}, {"fields", fields}}), call.now,
            call.request.id
        );
        ++drawn.visits;
    }
    return drawn;
}

struct Answers {
    UnitId unit;
    std::string solved;
    std::int64_t visits = 0;
    static constexpr auto fields = std::tuple{
        field("unit", &Answers::unit), field("solved", &Answers::solved),
        field("visits", &Answers::visits)};
};

std::vector<Answers> answers_in(
    store::Tx& tx, County county, const Place& place, Instant from, Instant until
) {
    constexpr store::Sql sql{"request.visit_answers", R"(
        SELECT visited_unit, COALESCE(solved, ''), COUNT(*) FROM return_visit
         WHERE county = $1 AND created_at >= $2 AND created_at < $3 AND visited_unit IS NOT NULL
           AND state <> 'withdrawn' AND ($4 = 0 OR subdistrict = $4) AND ($5 = 0 OR community = $5)
         GROUP BY visited_unit, solved ORDER BY visited_unit, solved LIMIT 10000)"};
    return tx.all<Answers>(sql, county, from, until, place.subdistrict, place.community);
}

Shares estimate(http::Call& call, const catalogue::Catalogue& catalogue, area::Areas& areas) {
    AreaId area;
    if (!parse_id(call.query("area").value_or(""), area.value)) {
        throw malformed("query_invalid", "area: expected an id (a decimal string)");
    }
    const int days = call.query_int("days", 90, 1, 366);
    const auto tree = areas.today();
    const auto place = asked_place(call.caller, catalogue, *tree, area, identity::Operation::read);
    const auto until = start_of(official_date(call.now) + 1);
    const auto from = until + -std::int64_t{days} * day_ms;
    std::map<UnitId, UnitShare> units;
    for (const auto county : place.counties) {
        for (const auto& one : answers_in(call.tx(), county, place, from, until)) {
            auto& unit = units[one.unit];
            unit.unit = one.unit;
            unit.drawn += one.visits;
            const bool reached = !one.solved.empty() && one.solved != "unreachable";
            unit.answered += reached ? one.visits : 0;
            unit.solved += one.solved == "solved" ? one.visits : 0;
        }
    }
    for (const auto& one : closed_requests(call.tx(), place, from, until)) {
        if (const auto found = units.find(one.unit); found != units.end()) {
            ++found->second.closed;
        }
    }
    Shares shares;
    for (auto& [id, unit] : units) {
        const auto row = identity::find_unit(call.tx(), id);
        unit.name = row ? row->name : "";
        const auto known = wilson(unit.solved, unit.answered);
        unit.share = known.share;
        unit.low = known.low;
        unit.high = known.high;
        shares.units.push_back(unit);
    }
    return shares;
}

}  // namespace

Estimate wilson(std::int64_t hits, std::int64_t of) {
    if (of <= 0) {
        return {};
    }
    constexpr double z = 1.959963984540054;  // 95 %, both sides
    const auto n = static_cast<double>(of);
    const auto p = static_cast<double>(hits) / n;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    return {p, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

std::vector<Closed> draw(std::vector<Closed> from, int per_unit, std::uint64_t seed) {
    std::sort(from.begin(), from.end(), [&](const Closed& a, const Closed& b) {
        return std::pair(mixed(seed, a.id.value), a.id.value) <
               std::pair(mixed(seed, b.id.value), b.id.value);
    });
    std::map<UnitId, int> taken;
    std::erase_if(from, [&](const Closed& one) { return ++taken[one.unit] > per_unit; });
    return from;
}

void routes(
    http::Router& r, std::shared_ptr<const catalogue::Catalogue> catalogue, area::Areas& areas,
    const record::Engine& records
) {
    auto* tree = &areas;
    const auto* engine = &records;
    r.post(
         "/api/return-visits/draw",
         [catalogue, tree, engine](http::Call& call, const DrawRequest& request) {
             return draw_visits(call, request, *catalogue, *tree, *engine);
         },
         "board.read", http::Scope::area, "Draw closed requests for return visits, unit by unit"
    )
        .once_per_key()
        .id_fields({"body:area"});
    r.get(
         "/api/return-visits/estimate",
         [catalogue, tree](http::Call& call) { return estimate(call, *catalogue, *tree); },
         "board.read", http::Scope::area,
         "Share of requests truly solved, by unit, with its 95 % interval"
    )
        .query("area", "a community or an area above it")
        .query("days", "1 to 366, default 90")
        .id_fields({"query:area"});
}

}  // namespace linli::request
