// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Ids (architecture §9): 63 bits = county number (12) · milliseconds since 2020 (41) · sequence
/// (10).
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace linli {

/// A stable number of a county in the reference table, never reused; 0 = city or platform.
using County = std::int32_t;
constexpr County county_limit = 4096;

/// An id that knows what it identifies. 0 is none.
template <class T>
struct Id {
    std::int64_t value = 0;
    explicit operator bool() const { return value != 0; }
    auto operator<=>(const Id&) const = default;
};

constexpr County home(std::int64_t id) {
    return static_cast<County>(id >> 51);
}
template <class T>
constexpr County home(Id<T> id) {
    return home(id.value);
}

/// A decimal id as sent in JSON or a path; nothing for anything else ("+1", "01", overflow).
bool parse_id(std::string_view text, std::int64_t& id);

/// Names kept as tags for ids of rooms that know each other only by number.
struct Area;
struct Unit;
struct Account;
struct Record;
using AreaId = Id<Area>;
using UnitId = Id<Unit>;
using AccountId = Id<Account>;
using RecordId = Id<Record>;

struct RecordRef {
    std::string kind;
    RecordId id;
    bool operator==(const RecordRef&) const = default;
};

}  // namespace linli

template <class T>
struct std::hash<linli::Id<T>> {
    std::size_t operator()(linli::Id<T> id) const { return std::hash<std::int64_t>{}(id.value); }
};
