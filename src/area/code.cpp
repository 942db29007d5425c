// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "area/area.hpp"

namespace linli::area {

namespace {

bool digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
int number(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        value = value * 10 + (c - '0');
    }
    return value;
}
bool ends(std::string_view text, std::string_view with) {
    return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

Kind kind_of_town(int digits_of_town, std::string_view name) {
    if (ends(name, "直辖村级区划")) {
        return Kind::virtual_area;  // stands in for the town level where there is none
    }
    return digits_of_town < 100   ? Kind::subdistrict
           : digits_of_town < 200 ? Kind::town
           : digits_of_town < 400 ? Kind::township
                                  : Kind::zone;
}
Kind kind_of_community(int digits_of_community) {
    if (digits_of_community == 498 || digits_of_community == 598) {
        return Kind::virtual_area;
    }
    return digits_of_community < 200   ? Kind::residents_committee
           : digits_of_community < 400 ? Kind::villagers_committee
                                       : Kind::similar;
}

}  // namespace

/// Division codes for statistics (National Bureau of Statistics): 2 province, 2 city, 2 county, 3
/// town, 3 village.
std::optional<Level> level_of_code(std::string_view code) {
    if (!digits(code) || (code.size() != 12 && code.size() != 15)) {
        return std::nullopt;
    }
    if (code.size() == 15) {
        return Level::grid;
    }
    constexpr std::array<std::pair<std::size_t, Level>, 5> starts{
        {{0, Level::country},
         {2, Level::province},
         {4, Level::city},
         {6, Level::county},
         {9, Level::subdistrict}}};
    for (const auto& [size, level] : starts) {
        if (code.find_first_not_of('0', size) == std::string_view::npos) {
            return level;
        }
    }
    return Level::community;
}

Kind kind_of_code(std::string_view code, Level level, std::string_view name) {
    const bool official = digits(code) && code.size() == 12;
    if (level == Level::county) {
        // County digits 71 to 79 are development zones of the statistics, not of the state.
        const auto of_county = official ? number(code.substr(4, 2)) : 0;
        return name == "市辖区" || name == "县" || name == "省直辖县级行政区划" ? Kind::virtual_area
               : of_county >= 71 && of_county <= 79                             ? Kind::zone
                                                                                : Kind::plain;
    }
    if (level == Level::subdistrict) {
        return official ? kind_of_town(number(code.substr(6, 3)), name) : Kind::subdistrict;
    }
    if (level == Level::community) {
        return official ? kind_of_community(number(code.substr(9, 3))) : Kind::residents_committee;
    }
    return Kind::plain;
}

bool counts(Kind kind) {
    return kind != Kind::zone && kind != Kind::virtual_area;
}

/// "X社区居委会", "X居委会" and "X村委会" are the same X: what is left of a name when its kind
/// changes.
std::string_view stem(std::string_view name) {
    constexpr std::array<std::string_view, 14> tails{
        "社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "居委会", "村委会", "生活区",
        "社区",           "街道办事处", "街道",       "地区",       "镇",     "乡",     "村"};
    for (const auto tail : tails) {
        if (name.size() > tail.size() + 2 && name.substr(name.size() - tail.size()) == tail) {
            return name.substr(0, name.size() - tail.size());
        }
    }
    return name;
}

}  // namespace linli::area
