// SPDX-License-Identifier: Apache-2.0
#pragma once
/// From rights and areas to SQL: which rows of a kind a caller reaches, county by county, each part
/// served by an index (C16, C17, C24). What is outside never enters a statement's result.
#include <optional>
#include <vector>

#include "record/engine.hpp"

namespace linli::record {

/// A set of rows of one county.
struct Part {
    enum class By {
        level,   ///< filed under an area
        author,  ///< filed by an account
        about,   ///< about a person
        self,    ///< the record itself (a person's own)
        lead,    ///< a unit is in charge
        assist   ///< a unit assists
    };
    By by = By::level;
    County county = 0;
    std::int64_t id = 0;  ///< of the area, account, person, unit
    std::string column;   ///< of a level: subdistrict, community, grid, area; "" = the whole county
    std::vector<std::int64_t> areas;  ///< compounds and buildings: `area` is one of these
    /// Filter by area on top of what is not a level.
    std::string within_column;
    std::int64_t within = 0;
    std::vector<std::int64_t> within_areas;
    std::vector<std::string> states = {};  ///< only records in these; empty: in any
    bool inherited = false;  ///< seen through lineage: its rows may be those of another part too
    bool level() const { return by == By::level; }
};

/// The parts of an access, inside `filter` if it is given. Empty = nothing.
std::vector<Part> parts_of(
    const Context&, const KindTable&, const identity::Access&, std::optional<AreaId> filter
);
/// Rows as filed: what bears the area, today's or one of the past, in its columns.
std::vector<Part> filed_parts(const Context&, const KindTable&, AreaId);
/// Rows of an area of a map: filed there, or under what it inherits.
std::vector<Part> parts_on(const area::Tree& map, const KindTable&, AreaId);
/// `AND ...` on alias r: not of what was filed there once but belongs elsewhere on that map. Each
/// row belongs to one area of a level: to the finest that it names, or to that one's heir.
std::string not_departed(Binder&, const area::Tree& map, AreaId);
/// Condition on alias r (and its county) that a row belongs to one of the parts; all must be of one
/// county.
std::string condition(Binder&, const KindTable&, const std::vector<Part>&);
/// The same of one part, without the county and its states.
std::string condition(Binder&, const KindTable&, const Part&, const std::string& alias = "r");

/// `alias.state IN (...)`; of no state at all: nothing.
std::string state_in(Binder&, const std::string& alias, const std::vector<std::string>& states);

}  // namespace linli::record
