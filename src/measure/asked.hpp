// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a figure is asked for, and the words that every answer about figures shares.
#include "measure/measure.hpp"

namespace linli::measure {

constexpr const char* read_right = "board.read";
constexpr const char* enter_right = "indicator.enter";

struct AreaWords {
    AreaId id;
    std::string code, name, level;
    static constexpr auto fields = std::tuple{
        field("id", &AreaWords::id), field("code", &AreaWords::code),
        field("name", &AreaWords::name), field("level", &AreaWords::level)};
};
AreaWords words(const area::Node&);

/// What is committed but not in the figure yet: lines that were not read, cells that were not
/// counted.
struct Waiting {
    std::int64_t changes = 0, cells = 0;
    static constexpr auto fields =
        std::tuple{field("changes", &Waiting::changes), field("cells", &Waiting::cells)};
};
Waiting waiting(store::Tx&);

/// The role by which the caller holds a right over an area; "" = he does not.
std::string role_with(
    const http::Caller&, const Measure&, const area::Tree&, AreaId, std::string_view right
);
/// Throws malformed with what a period looks like.
Period period_of(std::string_view text);

struct Asked {
    std::shared_ptr<const area::Tree> tree;
    const area::Node* area = nullptr;
    Period period;
};
/// `area` of the query. Where the caller holds no role with read_right is as if it were not there.
Asked asked_area(const http::Call&, const Measure&);
/// ... and `period` of the query.
Asked asked(const http::Call&, const Measure&);

/// Lets a route be asked for an area, described in words, and a period.
http::Route& asks_area_and_period(http::Route&, const char* area_words);

}  // namespace linli::measure
