// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Return visits: closed requests drawn at random, unit by unit, and what their answers say of all.
#include <memory>

#include "area/area.hpp"
#include "catalogue/catalogue.hpp"
#include "http/router.hpp"
#include "record/record.hpp"

namespace linli::request {

/// A share known from a sample, with the 95 % interval of Wilson (1927): it stays within 0 and 1
/// and is honest for few answers and for none refused. Without answers it is 0 to 1.
struct Estimate {
    double share = 0, low = 0, high = 1;
};
Estimate wilson(std::int64_t hits, std::int64_t of);

struct Closed {
    RecordId id;
    UnitId unit;
    AreaId area;
    static constexpr auto fields = std::tuple{
        field("id", &Closed::id), field("unit", &Closed::unit), field("area", &Closed::area)};
};
/// `per_unit` of each unit's, or all if there are fewer. The same seed draws the same, in whatever
/// order they come.
std::vector<Closed> draw(std::vector<Closed>, int per_unit, std::uint64_t seed);

/// POST /api/return-visits/draw, GET /api/return-visits/estimate.
void routes(http::Router&, std::shared_ptr<const catalogue::Catalogue>, area::Areas&, const record::Engine&);

}  // namespace linli::request
