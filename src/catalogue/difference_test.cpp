// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "catalogue/testing.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

const std::string box = R"(kind: box
fields:
  label: {type: text, class: public}
  weight: {type: decimal, class: internal}
  colour: {type: choice, list: colour, class: public}
rights:
  community_desk: {create: scope, read: scope}
flow:
  version: 1
  start: open
  states: {open: {}, sent: {final: true}}
  actions: {send: {from: open, to: sent, by: [community_desk]}}
counters:
  - {id: boxes, of: box}
)";

std::shared_ptr<const Catalogue> pack(std::map<std::string, std::string> files) {
    const auto loaded = load_files(files);
    for (const auto& mistake : loaded.mistakes) {
        MESSAGE(to_text(mistake));
    }
    REQUIRE(loaded.catalogue);
    return loaded.catalogue;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a difference says what running data gains or loses") {
    struct Case {
        const char *from, *to, *text;
        bool loses;
    };
    const auto before = pack(pack_with("core/small/box.yaml", box));
    CHECK(difference(*before, *before).empty());
    for (const auto& c : std::vector<Case>{
             {"  label:", "  height: {type: int, class: public}\n  label:",
              "field 'box.height' is new: a column is added, empty in old records", false},
             {"  label: {type: text, class: public}\n", "",
              "field 'box.label' is gone: what it holds is no longer shown", true},
             {"{type: decimal,", "{type: int,",
              "field 'box.weight' changes its type from decimal to int", true},
             {"{type: decimal,", "{type: decimal, scale: 3,",
              "field 'box.weight' changes its decimals from 2 to 3", true},
             {"list: colour", "list: handling_class",
              "field 'box.colour' takes list 'handling_class' instead of 'colour'", true},
             {"type: text, class: public", "type: text, class: sensitive",
              "field 'box.label' changes its class from public to sensitive: stored values must be "
              "encrypted",
              true},
             {"type: text, class: public", "type: text, class: internal",
              "field 'box.label' changes its class from public to internal", false},
             {"type: text,", "type: text, unique: true,",
              "field 'box.label' becomes unique: records that share a value must be cleared first",
              true},
             {"type: text,", "type: text, required: true,", "field 'box.label' becomes required",
              false},
             {"create: scope, read: scope", "read: any",
              "role 'community_desk' may read 'box': any instead of scope", false},
             {"{create: scope, read: scope}", "{read: scope, states: [open]}",
              "role 'community_desk' reads 'box' in states: open", false},
             {"kind: box", "kind: crate", "", true},
             {"open: {}, sent", "fresh: {}, sent", "", true},
             {"version: 1", "version: 2",
              "flow of 'box' loses version 1, on which records may still run: keep it as "
              "box.flow.1.yaml",
              true},
             {"{id: boxes, of: box}", "{id: boxes, of: box, stock: true}",
              "counter 'boxes' counts differently: figures already reported may change", false},
             {"{id: boxes, of: box}", "{id: crates, of: box}", "counter 'boxes' is gone", false}}) {
        CAPTURE(c.to);
        auto text = replaced(box, c.from, c.to);
        if (std::string(c.to) == "kind: crate") {
            text = replaced(text, "of: box", "of: crate");
        }
        if (std::string(c.from) == "open: {}, sent") {
            text = replaced(
                replaced(text, "start: open", "start: fresh"), "from: open", "from: fresh"
            );
        }
        const auto found = difference(*before, *pack(pack_with("core/small/box.yaml", text)));
        bool said = std::string(c.text).empty(), loses = false;
        for (const auto& one : found) {
            said = said || one.text == c.text;
            loses = loses || one.loses;
        }
        CHECK(said);
        CHECK(loses == c.loses);
    }
}

TEST_CASE("an old flow version kept beside the kind loses nothing") {
    const auto before = pack(pack_with("core/small/box.yaml", box));
    auto files = pack_with("core/small/box.yaml", replaced(box, "version: 1", "version: 2"));
    files["core/small/box.flow.1.yaml"] = R"(flow: box
version: 1
start: open
states: {open: {}, sent: {final: true}}
actions: {send: {from: open, to: sent, by: [community_desk]}}
)";
    const auto after = pack(files);
    CHECK(after->kind("box")->flow->version == 2);
    CHECK(after->kind("box")->old_flows.at(1).start == "open");
    const auto found = difference(*before, *after);
    REQUIRE(found.size() == 1);
    CHECK(
        found[0].text ==
        "flow of 'box' has version 2: new records take it, running ones stay on theirs"
    );
    CHECK_FALSE(found[0].loses);
}

TEST_CASE("a list that loses a word is told") {
    auto files = base_pack();
    const auto before = pack(files);
    files["core/small/lists.yaml"] = replaced(files["core/small/lists.yaml"], "red: 红, ", "");
    const auto found = difference(*before, *pack(files));
    REQUIRE(found.size() == 1);
    CHECK(found[0].loses);
    CHECK(
        found[0].text ==
        "list 'colour' loses 'red': records that bear it have no word for it; hide it instead"
    );
}
