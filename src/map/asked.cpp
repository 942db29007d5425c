// SPDX-License-Identifier: Apache-2.0
#include "map/asked.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/error.hpp"

namespace linli::map {

namespace {

/// So many numbers with commas between them; fewer if the text is none.
std::vector<double> numbers_in(const std::string& text, std::size_t wanted) {
    std::vector<double> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (numbers.size() < wanted) {
        double number = 0;
        const auto [next, wrong] = std::from_chars(at, end, number);
        if (wrong != std::errc() || !std::isfinite(number)) {
            return {};
        }
        numbers.push_back(number);
        const bool last = numbers.size() == wanted;
        if (last ? next != end : next == end || *next != ',') {
            return {};
        }
        at = next + 1;
    }
    return numbers;
}

bool on_earth(double lon, double lat) {
    return std::abs(lon) <= 180 && std::abs(lat) <= 90;
}

}  // namespace

bool may_see(const Room& room, const http::Caller& caller, AreaId area, const char* right) {
    const auto tree = room.areas.today();
    const auto granted = room.identity.areas_with(caller, right);
    return tree->find(area) && std::any_of(granted.begin(), granted.end(), [&](AreaId own) {
               return tree->within(area, own);
           });
}

Asked ask(const Room& room, const http::Caller& caller, AreaId area, const char* right) {
    if (!may_see(room, caller, area, right)) {
        throw not_found("area");
    }
    auto found = room.towns.of(area);
    if (!found.work) {
        if (!found.problem.empty()) {
            throw Refused(409, "network_broken", found.problem);
        }
        throw not_found("network");
    }
    Asked asked{area, std::move(found.work), std::move(found.problem), {}};
    const auto& areas = asked.town().areas;
    const auto& tree = asked.work->tree();
    const bool whole = areas[0].id && tree.within(areas[0].id, area);
    for (const auto& one : areas) {
        asked.visible.push_back(whole || (one.id && tree.within(one.id, area)));
    }
    return asked;
}

Asked ask(const Room& room, const http::Call& call) {
    AreaId area;
    parse_id(call.query("area").value_or(""), area.value);
    return ask(room, call.caller, area);
}

int weekday_asked(const http::Call& call) {
    const auto today = weekday(official_date(call.now));
    return call.query("day") ? call.query_int("day", 1, 1, 7) - 1 : today;
}

std::shared_ptr<TownCircle> circle_asked(
    const Room& room, const Asked& asked, const http::Call& call
) {
    const auto& promised =
        spatial::circle_of(room.towns.circles(), call.query("circle").value_or(""));
    return asked.work->circle(promised, weekday_asked(call));
}

std::optional<spatial::Point> point_asked(const http::Call& call, const char* name) {
    const auto text = call.query(name);
    if (!text) {
        return std::nullopt;
    }
    const auto pair = numbers_in(*text, 2);
    if (pair.empty() || !on_earth(pair[0], pair[1])) {
        throw malformed("point_malformed", std::string(name) + " is longitude,latitude");
    }
    return spatial::at(pair[0], pair[1]);
}

spatial::Box box_named(const http::Call& call, const char* name) {
    const auto sides = numbers_in(call.query(name).value_or(""), 4);
    if (sides.empty() || !on_earth(sides[0], sides[1]) || !on_earth(sides[2], sides[3]) ||
        sides[0] > sides[2] || sides[1] > sides[3]) {
        throw malformed(
            "box_malformed", std::string(name) + " is west,south,east,north in degrees"
        );
    }
    return {spatial::at(sides[0], sides[1]), spatial::at(sides[2], sides[3])};
}

spatial::Box box_asked(const http::Call& call, const Town& town) {
    return call.query("box") ? box_named(call, "box") : town.box;
}

spatial::Position on_street(const Town& town, spatial::Point point) {
    const auto hit = town.snapper->snap(point);
    if (hit.why) {
        char far[64] = "";
        if (hit.metres > 0) {
            std::snprintf(far, sizeof far, ", the next one is %.0f m away", hit.metres);
        }
        throw invalid("/at", "not_on_street", std::string("no street there") + far);
    }
    return hit.position;
}

}  // namespace linli::map
