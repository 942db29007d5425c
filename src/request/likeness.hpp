// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Whether two matters may be the same one: what, where and which words, without a look at anything
/// that only few may see. Places are compared as roughly as they are shown, and words count only if
/// the catalogue knows them as words for a category: nobody finds out by trying what others wrote.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace linli::request {

struct Point {
    std::int64_t lat = 0, lon = 0;  ///< 1e-7 degrees
    bool operator==(const Point&) const = default;
};
/// To 0.001 degrees, about 100 m.
Point coarse(Point);
int metres_between(Point, Point);

struct Matter {
    std::string choice, group;  ///< the entry, and the one above it
    std::optional<Point> place;
    std::set<std::string> words;
};

enum class Reason { same, group, near, words };
constexpr auto names(Reason) {
    return std::array{"same", "group", "near", "words"};
}

struct Likeness {
    int score = 0;
    std::vector<Reason> reasons;
    std::optional<int> metres;  ///< between the coarse places
    bool enough() const;        ///< to be shown
};
Likeness compare(const Matter& asked, const Matter& other);

/// Words for categories that occur in a text.
std::set<std::string> known_words(const catalogue::ChoiceList&, const std::string& text);
/// Those of `wanted` that occur in a text.
std::set<std::string> among(const std::set<std::string>& wanted, const std::string& text);

}  // namespace linli::request
