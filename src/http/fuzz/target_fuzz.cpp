// SPDX-License-Identifier: Apache-2.0
/// Any request target is refused, or gives a path that leads nowhere else (C41).
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/target.hpp"

using namespace linli;

namespace {

void must(bool truth) {
    if (!truth) {
        std::abort();
    }
}

void check(std::string_view text) {
    must(valid_utf8(text));
    must(text.find('\0') == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    http::Target target;
    try {
        target = http::parse_target({reinterpret_cast<const char*>(bytes), size});
    } catch (const Refused& refused) {
        must(refused.status == 400);
        return 0;
    }
    check(target.path);
    must(target.path.starts_with('/') && target.path.find('\\') == std::string::npos);
    for (const auto part : split(target.path, '/')) {
        must(part != "." && part != "..");
    }
    must(target.query.size() <= 200);
    for (const auto& [name, value] : target.query) {
        check(name);
        check(value);
    }
    return 0;
}
