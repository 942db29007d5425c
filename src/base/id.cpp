// SPDX-License-Identifier: Apache-2.0
#include "base/id.hpp"

#include <charconv>

namespace linli {

bool parse_id(std::string_view text, std::int64_t& id) {
    if (text.empty() || text.front() < '1' || text.front() > '9') {
        return false;
    }
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, id);
    return error == std::errc{} && stop == end;
}

}  // namespace linli
