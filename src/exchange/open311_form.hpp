// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a form sends: application/x-www-form-urlencoded or multipart/form-data, and the query
/// beside it.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/call.hpp"

namespace linli::exchange {

struct FormFile {
    std::string field, name, bytes;
};

struct Form {
    std::vector<std::pair<std::string, std::string>> values;  ///< in order; names may repeat
    std::vector<FormFile> files;

    /// The first value of that name that is not empty, without blanks around it; "" if there is
    /// none.
    std::string value(std::string_view name) const;
    /// Values of `attribute[code]` and `attribute[code][]`.
    std::vector<std::string> attribute(std::string_view code) const;
};

/// Throws malformed for what is no such form, too_large for more than 200 values or 6 files.
Form read_form(const http::Request&);

}  // namespace linli::exchange
