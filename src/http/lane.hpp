// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Who goes first when there is more to do than hands (C78): urgent orders, then ordinary work,
/// then long work on many rows.
#include <array>
#include <cstdint>

namespace linli::http {

enum class Lane : std::uint8_t { urgent, ordinary, bulk };
constexpr auto names(Lane) {
    return std::array{"urgent", "ordinary", "bulk"};
}
constexpr std::size_t lane_count = names(Lane{}).size();

}  // namespace linli::http
