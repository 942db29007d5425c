// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The statements of this room.
#include "area/area.hpp"

namespace linli::area {

/// What is valid on a day, for a tree.
TreeParts parts_on(store::Tx&, Date);
Tree::Counties county_numbers(store::Tx&);

/// The days [from, to) around a date on which nothing begins or ends.
struct Validity {
    Date from, to;
};
Validity validity_around(store::Tx&, Date);

/// Versions valid on a day; on any later day too if nothing begins afterwards.
std::vector<Version> versions_on(store::Tx&, Date);
std::optional<Version> version_on(store::Tx&, AreaId, Date);
/// The first day after `date` on which some version begins.
std::optional<Date> next_beginning(store::Tx&, Date);
/// Whether a current area of this level has the code on a day.
bool code_in_use(store::Tx&, const std::string& code, Date);

/// A new area with its first version; of county level, it gets the next county number. An id that
/// it bears already is kept.
AreaId insert_area(store::Tx&, Version);
void insert_version(store::Tx&, const Version&);
/// Ends the version that is valid on `at`; one that began that very day is removed.
void end_version(store::Tx&, const Version&, Date at);
/// The next county number, for a county or for a city that has none (Dongguan); an area keeps its
/// number.
void number_county(store::Tx&, AreaId);

}  // namespace linli::area
