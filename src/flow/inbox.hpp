// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What waits for whom: open records bound by scope, most urgent first. Each tab is a union of
/// scans of one index each, merged in order.
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/ground.hpp"

namespace linli::flow {

/// The rows of a table filed under an area: those of a county, or of one column's value within it.
struct Slice {
    County county = 0;
    const char* column =
        "";  ///< "" = the whole county; else a column of flow_work, flow_done and flow_clock
    std::int64_t value = 0;
};
std::vector<Slice> slices(const area::Tree&, AreaId);
/// What the area sees through lineage in other counties: open records of its own county follow
/// their area, others stay where they are. Slices may overlap.
std::vector<Slice> inherited_slices(const area::Tree&, AreaId);

/// A state of a kind's flow in which records wait for somebody.
struct Stage {
    const std::string* kind = nullptr;
    int version = 1;
    const std::string* state = nullptr;
};
std::vector<Stage> stages_waiting_for(const catalogue::Catalogue&, const std::string& actor);

enum class Tab { mine, unit, raised, all };
constexpr auto names(Tab) {
    return std::array{"mine", "unit", "raised", "all"};
}

/// Where a page of the inbox goes on: after this (rank, due_at, id).
struct Position {
    std::int64_t rank = -1, due_at = 0, id = 0;
};
std::string to_text(const Position&);
std::optional<Position> parse_position(std::string_view);

struct InboxQuery {
    Tab tab = Tab::mine;
    std::optional<AreaId> area;
    Position after;
    int limit = 50;
    bool brief = false;  ///< only id, rank and due_at: what an index holds
};
/// At most `limit` rows, most urgent first, each once.
std::vector<Work> waiting(store::Tx&, const Ground&, const http::Caller&, const InboxQuery&);

/// Counties in which a unit may have records: those under its area, and what is filed above
/// counties.
std::set<County> counties_of(store::Tx&, const area::Tree&, UnitId);
/// The caller's units, each once.
std::set<UnitId> units_of(const http::Caller&);

}  // namespace linli::flow
