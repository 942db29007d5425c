// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Cells and marks in the database.
#include "measure/cells.hpp"

namespace linli::measure {

/// Something to be counted again (see schema).
struct Mark {
    County county = 0;
    std::string counter;
    AreaId area;  ///< none = the whole counter
    Month month = all_months;
    std::int64_t position = 0;
    static constexpr auto fields = std::tuple{
        field("county", &Mark::county), field("counter", &Mark::counter),
        field("area", &Mark::area), field("month", &Mark::month),
        field("position", &Mark::position)};
};

void mark(store::Tx&, const Mark&);
/// Oldest months first, so that a stock's past is written before what follows it.
std::vector<Mark> marks(store::Tx&, int limit);
std::int64_t count_marks(store::Tx&);
/// Wipes a mark out if nothing has touched it since it was read; false if something has.
bool take(store::Tx&, const Mark&);

/// Of one area, or of the whole counter in the county; in order.
std::vector<Cell> cells_of(
    store::Tx&, County, const std::string& counter, std::optional<AreaId> area
);
/// Counties in which a counter has cells.
std::vector<std::pair<std::string, County>> counters_kept(store::Tx&);
/// What was counted takes the place of the cells that the mark names. A stock is written to the
/// mark's month, else to `running`, if it differs from what was in force before.
void keep(store::Tx&, const CounterQuery&, const Mark&, Month running, const std::vector<Counted>&);

/// By which digest a counter was counted as a whole; "" = never.
std::string counted_by(store::Tx&, County, const std::string& counter);
void set_counted_by(store::Tx&, County, const std::string& counter, const std::string& digest);
/// If nothing was ever marked or counted: the follower begins behind what was sealed so far. The
/// caller marks everything in the same transaction.
void begin_following(store::Tx&, const std::string& follower);
/// Sealed lines that the follower has not read.
std::int64_t lines_behind(store::Tx&, const std::string& follower);

std::vector<store::SchemaStep> schema();

}  // namespace linli::measure
