// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Whom residents meet: the grid workers of an area with their public numbers, and when an office
/// is open.
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "identity/identity.hpp"

namespace linli::identity {

struct Worker {
    std::string name;
    std::string phone;  ///< public; "" = none given
    AreaId area;        ///< the grid or community that is theirs
    std::string area_name;
    static constexpr auto fields = std::tuple{
        field("name", &Worker::name), field("phone", &Worker::phone), field("area", &Worker::area),
        field("area_name", &Worker::area_name)};
};
/// Grid workers of an area, of the areas above and of its grids, at most 20. Accounts of the demo
/// only if `demo`.
std::vector<Worker> workers_of(store::Tx&, const area::Tree&, AreaId, bool demo);

/// "" if none.
std::string public_phone(store::Tx&, AccountId);
/// Throws `invalid` if it is no telephone number. "" takes it back.
void set_public_phone(store::Tx&, AccountId, const std::string& phone);

struct Span {
    std::string from, to;  ///< "08:30"
    static constexpr auto fields = std::tuple{field("from", &Span::from), field("to", &Span::to)};
};
struct OpeningHours {
    bool open = false;
    std::vector<Span> today;
    std::optional<Instant> opens_at;  ///< when it is closed now
    static constexpr auto fields = std::tuple{
        field("open", &OpeningHours::open), field("today", &OpeningHours::today),
        field("opens_at", &OpeningHours::opens_at)};
};
OpeningHours opening_hours(const Calendar&, Instant now);

}  // namespace linli::identity
