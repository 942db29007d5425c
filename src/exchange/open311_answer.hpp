// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What Open311 answers, in JSON and in XML.
#include <string>

#include "base/error.hpp"
#include "base/value.hpp"
#include "http/call.hpp"

namespace linli::exchange {

enum class Format { json, xml };
constexpr auto names(Format) {
    return std::array{"json", "xml"};
}

/// `root` names the outermost element in XML, which JSON leaves out: "services", "errors".
http::Answer answer(Format, const std::string& root, const Value&, int status = 200);
/// [{code, description}]: 400, 403 and 404 as GeoReport v2 says, one for each thing that is wrong.
/// `word_of` gives the parameter's name for the pointer of a problem.
http::Answer errors(
    Format, const Refused&, const std::function<std::string(const std::string& pointer)>& word_of
);

/// With a name for what stands in each list; characters that XML 1.0 cannot hold are left out.
std::string to_xml(const std::string& root, const Value&);

}  // namespace linli::exchange
