// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Exported lines of the change log and the chain through them, written from the description in
/// store/change.hpp alone: whoever checks the log need not trust the server's code.
///
/// An export is JSON lines: {"export":"linli 1"}; then for each county, ascending, its anchor
/// {"county","after","hash"}, its lines (all values of the canonical text, ids as texts, and
/// "hash") and its end {"county","end","hash"}; last {"lines": how many}.
#include <cstdint>
#include <string>

#include "base/value.hpp"

namespace linli::audit {

struct Line {
    std::int64_t county = 0, position = 0;
    std::string hash;
    std::string canonical;
};

/// Throws std::runtime_error naming the member that is missing or of a wrong type.
Line read_line(const Value& json);
std::int64_t integer_of(const Value& json, const char* key);
std::string text_of(const Value& json, const char* key);
std::string next_hash(const std::string& before, const Line&);

/// The position of a county's log at some moment.
struct Head {
    std::int64_t county = 0, position = 0;
    std::string hash;
};

}  // namespace linli::audit
