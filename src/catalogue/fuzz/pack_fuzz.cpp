// SPDX-License-Identifier: Apache-2.0
/// Any bytes as a file of a pack are either loaded or refused with a place and a message; nothing
/// else happens.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "catalogue/testing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    static const char* const paths[] = {
        "core/small/x.yaml", "core/roles.yaml", "calendars/x.yaml", "cities/x/city.yaml",
        "cities/x/plan.yaml"};
    const std::string text(reinterpret_cast<const char*>(bytes + 1), size - 1);
    const auto loaded =
        linli::catalogue::load_files(linli::catalogue::pack_with(paths[bytes[0] % 5], text));
    if ((loaded.catalogue == nullptr) == loaded.mistakes.empty()) {
        std::abort();
    }
    for (const auto& mistake : loaded.mistakes) {
        if (mistake.message.empty() || mistake.place.file.empty()) {
            std::abort();
        }
    }
    if (loaded.catalogue) {
        linli::catalogue::web_json(*loaded.catalogue, "x");
        linli::catalogue::document(*loaded.catalogue, "zh");
        linli::catalogue::difference(*loaded.catalogue, *loaded.catalogue);
    }
    return 0;
}
