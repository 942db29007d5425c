// SPDX-License-Identifier: Apache-2.0
// The examples of docs/catalogue.md are right: put together they are a catalogue.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "catalogue/testing.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

/// The YAML examples by their first word.
std::map<std::string, std::string> examples() {
    std::ifstream stream(LINLI_SOURCE_DIR "/docs/catalogue.md");
    std::map<std::string, std::string> found;
    std::string line, text;
    bool inside = false;
    while (std::getline(stream, line)) {
        if (line == "```yaml") {
            inside = true;
        } else if (line == "```" && inside) {
            found[text.substr(0, text.find(':'))] = text;
            text.clear();
            inside = false;
        } else if (inside && line.find("{...}") == std::string::npos) {
            text += line + "\n";
        }
    }
    return found;
}

}  // namespace

TEST_CASE("the examples of the reference load") {
    const auto found = examples();
    REQUIRE(found.size() == 14);
    auto files = base_pack();
    files["core/roles.yaml"] = found.at("roles") + R"(
  auditor: {face: admin, levels: [city]}
  resident: {face: resident, staff: false, levels: [community]}
  department: {face: desk, levels: [county], unit: true}
)";
    files["core/passwords.yaml"] = found.at("passwords") + "  asvs: {least: 8}\n";
    files["core/small/lists.yaml"] =
        found.at("lists") + "  unit_kind: {choices: {office: 办公室}}\n";
    files["core/lost/lost_item.yaml"] = found.at("kind") + found.at("fields") + found.at("views") +
                                        found.at("rights") + found.at("routing") +
                                        found.at("open311") + found.at("flow");
    files["core/lost/measures.yaml"] = found.at("counters");
    files["calendars/national.yaml"] = found.at("calendar");
    files["cities/porttown/city.yaml"] = found.at("city");
    files["cities/porttown/plan.yaml"] = found.at("plan");
    const auto loaded = load_files(files);
    std::string all;
    for (const auto& mistake : loaded.mistakes) {
        all += to_text(mistake) + "\n";
    }
    CHECK(all == "");
    REQUIRE(loaded.catalogue);
    CHECK(loaded.catalogue->kind("lost_item")->fields.size() == 6);
}
