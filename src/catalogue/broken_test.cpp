// SPDX-License-Identifier: Apache-2.0
// What is wrong with a pack is said with file, line and what to do.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "catalogue/testing.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

/// A kind that is right; tests replace one piece of it.
const std::string whole = R"yaml(kind: box
title: {zh: 箱, en: Box}
number: "B{county:6}-{seq:4}"
fields:
  label: {type: text, required: true, search: true, class: public}
  colour: {type: choice, list: colour, class: public}
  handling: {type: choice, list: handling_class, class: internal}
  phone: {type: phone, class: sensitive}
  weight: {type: decimal, class: internal}
views:
  red: {where: "colour = 'red'", states: [open], sort: -weight}
rights:
  resident: {create: any, read: own}
  community_desk: {create: scope, read: scope, change: {scope: [label]}, unmask: [phone]}
flow:
  start: open
  states: {open: {}, packed: {pauses: [pack]}, sent: {final: true}}
  actions:
    pack: {from: open, to: packed, by: [community_desk], needs: [label], guard: "weight > 0.5"}
    send: {from: packed, to: sent, by: [lead_unit]}
    close: {from: packed, to: sent, by: [timer], after: 10 days}
  clocks:
    pack: {from: open, until: packed, limit: {immediate: 1 hour, time_limited: 2 days, tracked: 3 working days}}
  escalation:
    - {at: 80%, of: pack, do: remind, to: lead_unit}
counters:
  - {id: boxes, of: box, where: "colour = 'red'", sum: weight, by: [colour]}
indicators:
  - {id: mean, formula: "boxes / areas(community, boxes > 1)"
}
)yaml";

std::vector<std::string> mistakes_of(const std::map<std::string, std::string>& files) {
    std::vector<std::string> texts;
    const auto loaded = load_files(files);
    for (const auto& mistake : loaded.mistakes) {
        texts.push_back(to_text(mistake));
    }
    CHECK((loaded.catalogue == nullptr) == !texts.empty());
    return texts;
}

/// The kind above with `from` replaced by `to`.
std::string changed(const std::string& from, const std::string& to) {
    auto text = whole;
    const auto at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

struct Case {
    std::string from, to, message;
};

void check(const std::vector<Case>& cases) {
    for (const auto& c : cases) {
        const auto found = mistakes_of(pack_with("core/small/box.yaml", changed(c.from, c.to)));
        const auto all = join(found, "\n");
        INFO("wanted: ", c.message);
        INFO("found:  ", all);
        CHECK(all.find(c.message) != std::string::npos);
        CHECK(found.size() <= 4);  // one mistake is not reported ten times
    }
}

}  // namespace

TEST_CASE("the pack that the broken ones are made from is right") {
    CHECK(join(mistakes_of(pack_with("core/small/box.yaml", whole)), "\n") == "");
}

TEST_CASE("what a kind shows to the outside is said strictly") {
    const auto with = [](const std::string& rest) {
        return "open311: {service: colour" + (rest.empty() ? "" : ", " + rest) + "}\nflow:\n";
    };
    const auto right = with(
        "description: label, phone: phone, public: [description], except: [red], closed: [sent], "
        "with: {handling: tracked}, updates: {closed: close}"
    );
    CHECK(
        join(mistakes_of(pack_with("core/small/box.yaml", changed("flow:\n", right))), "\n") == ""
    );
    check({
        {"flow:\n", "open311: colour\nflow:\n", "'open311' must be a map"},
        {"flow:\n", "open311: {description: label}\nflow:\n",
         "'open311' needs a choice field as 'service'"},
        {"flow:\n", with("colour: label"), "'open311' has unknown key 'colour'"},
        {"flow:\n", with("description: lable"),
         "open311: there is no field 'lable' for 'description' (did you mean 'label'?)"},
        {"flow:\n", with("lat_long: label"), "open311: 'lat_long' cannot be the field 'label'"},
        {"flow:\n", with("phone: phone, public: [phone]"), "open311: 'phone' cannot be public"},
        {"flow:\n", with("public: [description]"), "open311: 'description' cannot be public"},
        {"flow:\n", with("except: [blue]"), "open311: the list 'colour' has no entry 'blue'"},
        {"flow:\n", with("closed: [lost]"), "open311: unknown state 'lost'"},
        {"flow:\n", with("with: {handling: never}"),
         "open311: 'with' fills choice fields with one of their entries"},
        {"flow:\n", with("updates: {done: close}"),
         "open311: 'updates' names an action for 'open' and for 'closed'"},
    });
}

TEST_CASE("broken fields, views and rights") {
    check({
        {"title: {zh", "titel: {zh",
         "core/small/box.yaml:2: kind 'box': unknown key 'titel' (did you mean 'title'?)"},
        {"{type: text, required: true,", "{typ: text, required: true,",
         "box.yaml:5: field 'label': 'type' is missing (add 'type:')"},
        {"{type: text, required: true,", "{type: txt, required: true,",
         "box.yaml:5: field 'label': unknown type 'txt' (did you mean 'text'?)"},
        {"required: true", "required: yes",
         "box.yaml:5: field 'label': 'required' must be true or false"},
        {"search: true, class: public", "search: true",
         "box.yaml:5: field 'label': 'class' is missing (add 'class:')"},
        {"class: sensitive}", "class: sensitive, mask: none}",
         "field 'phone': what is sensitive must have a mask"},
        {"weight: {type: decimal, class: internal}",
         "weight: {type: choices, list: colour, class: sensitive}",
         "field 'weight': a choices cannot be encrypted (take another type, or 'class: personal')"},
        {"weight: {type: decimal, class: internal}",
         "weight: {type: ref, to: box, class: sensitive}",
         "field 'weight': a ref cannot be encrypted (take another type, or 'class: personal')"},
        {"weight: {type: decimal, class: internal}",
         "weight: {type: refs, to: box, class: sensitive}",
         "field 'weight': a refs cannot be encrypted (take another type, or 'class: personal')"},
        {"weight: {type: decimal, class: internal}", "weight: {type: point, class: sensitive}",
         "field 'weight': a point cannot be encrypted (take another type, or 'class: personal')"},
        {"weight: {type: decimal, class: internal}", "weight: {type: file, class: sensitive}",
         "field 'weight': a file cannot be encrypted (take another type, or 'class: personal')"},
        {"list: colour,", "list: color,",
         "box.yaml:6: kind 'box': field 'colour' names unknown list 'color' (did you mean "
         "'colour'?)"},
        {"weight: {type: decimal", "weight: {type: ref, to: bax",
         "field 'weight' refers to unknown kind 'bax' (did you mean 'box'?)"},
        {"weight: {type: decimal", "weight: {type: extra, by: label",
         "field 'weight' depends on 'label', which is no choice field"},
        {"weight: {type: decimal", "weight: {type: id_number",
         "field 'weight': an id_number is sensitive (write 'class: sensitive')"},
        {"weight: {type: decimal", "weight: {type: decimal, min: 1.234",
         "field 'weight': 'min' must be a number with at most 2 decimals"},
        {"weight: {type: decimal", "weight: {type: decimal, min: 9, max: 3",
         "field 'weight': 'min' is larger than 'max' (swap them)"},
        {"weight: {type: decimal", "weight: {type: file, unique: true",
         "field 'weight': a file cannot be unique"},
        {"weight: {type: decimal", "weight: {type: text, max: 0",
         "field 'weight': 'max' must be a whole number from 1 to 100000"},
        {"weight: {type: decimal", "label: {type: decimal",
         "key 'label' is written twice (first on line 5)"},
        {"weight: {", "created_at: {",
         "field 'created_at' bears the name of a column that every record has"},
        {"weight: {", "reason: {",
         "field 'reason' bears the name of an input that actions ask for"},
        {"weight: {", "order: {", "field 'order' bears a word of SQL"},
        {"weight: {", "Weight: {", "field 'Weight' has a name that cannot be a column"},
        {"weight: {", "label_lat: {",
         "field 'label_lat' collides with a column made for another field"},
        {"kind: box", "kind: flow_box", "names beginning with 'flow' belong to the kernel"},
        {"kind: box", "kind: table", "the name is a word of SQL"},
        {"kind: box", "kind: Box", "the name cannot be a table"},
        {"{seq:4}", "{seq}",
         "'number' has unknown part '{seq}' (known: {county:6}, {date}, {year}, {seq:6})"},
        {"-{seq:4}", "", "'number' needs exactly one {seq:N}"},
        {"\"colour = 'red'\", states", "\"colour = 'reed'\", states",
         "box.yaml:11: view 'red': expression, character 8: 'colour' never is 'reed' (did you mean "
         "'red'?)"},
        {"\"colour = 'red'\", states", "\"phone = '1'\", states",
         "view 'red': 'phone' is encrypted or not a column"},
        {"\"colour = 'red'\", states", "\"weight\", states",
         "the expression gives a number, not a boolean"},
        {"states: [open], sort", "states: [opened], sort",
         "view 'red' names unknown state 'opened' (did you mean 'open'?)"},
        {"sort: -weight", "sort: -phone", "view 'red' cannot be sorted by 'phone'"},
        {"resident: {", "citizen: {", "box.yaml:13: kind 'box': rights for unknown role 'citizen'"},
        {"{create: any, read: own}", "{create: own, read: own}",
         "what does not exist yet is neither own nor assigned"},
        {"{create: any, read: own}", "{create: all, read: own}", "'create: all' is not possible"},
        {"{create: any, read: own}", "{create: any, export: own}",
         "who changes, withdraws or exports must read"},
        {"change: {scope: [label]}", "change: {scope: [lable]}",
         "'change' names unknown field 'lable' (did you mean 'label'?)"},
        {"unmask: [phone]", "unmask: [label]", "'label' has no mask to take off"},
        {"{create: any, read: own}", "{read: path, states: [opened]}",
         "box.yaml:13: kind 'box': rights of 'resident': unknown state 'opened' (did you mean "
         "'open'?)"},
        {"{create: any, read: own}", "{read: path, states: []}", "'states' names no state"},
        {"{create: any, read: own}", "{states: [open]}", "'states' limits reading"},
        {"{create: any, read: own}", "{create: any, read: own, states: [open]}",
         "'states' goes with 'read' and 'export' alone"},
        {"{create: any, read: own}", "{create: path, read: path}", "'path' is for reading"},
    });
}

TEST_CASE("broken flows") {
    check({
        {"  start: open\n", "", "flow of 'box': 'start' is missing (add 'start:')"},
        {"start: open", "start: begun", "flow of 'box': start names unknown state 'begun'"},
        {"from: open, to: packed", "from: open, to: wrapped",
         "action 'pack' names unknown state 'wrapped'"},
        {"open: {},", "open: {}, lost: {final: true},",
         "state 'lost' is never reached from 'open'"},
        {"sent: {final: true}", "sent: {}", "state 'sent' cannot be left, though it is not final"},
        {"sent: {final: true}", "withdrawn: {final: true}",
         "'withdrawn' cannot be the name of a state"},
        {"pauses: [pack]", "pauses: [packing]", "state 'packed' names unknown clock 'packing'"},
        {"by: [community_desk], needs", "needs",
         "action 'pack' may be taken by nobody (say who under 'by')"},
        {"by: [community_desk], needs", "by: [comunity_desk], needs",
         "action 'pack' names unknown role or actor 'comunity_desk' (did you mean "
         "'community_desk'?)"},
        {"by: [community_desk], needs", "by: [department], needs",
         "nobody with role 'department' may take it, for the role cannot read the record"},
        {"resident: {create: any, read: own}\n  community_desk: {create: scope, read: scope, "
         "change: "
         "{scope: [label]}, unmask: [phone]}",
         "community_desk: {read: scope, states: [packed], unmask: [phone]}",
         "action 'pack': role 'community_desk' cannot read records in state 'open'"},
        {"needs: [label]", "needs: [lable]",
         "unknown field or input 'lable' (did you mean 'label'?)"},
        {"needs: [label]", "needs: [label], may: [label]", "'label' stands in 'needs' and 'may'"},
        {"\"weight > 0.5\"", "\"weight > 'a'\"",
         "action 'pack': expression, character 8: '>': a number and a text cannot be compared"},
        {", after: 10 days", "",
         "action 'close': the timer does not know when (add 'after: 10 days')"},
        {"by: [lead_unit]}", "by: [lead_unit], after: 3 days}",
         "action 'send': 'after' is for the timer"},
        {"after: 10 days", "after: ten days", "action 'close': 'ten days' is no time limit"},
        {"until: packed, limit", "until: open, limit", "clock 'pack' never stops"},
        {"from: open, until", "from: sent, until",
         "clock 'pack' never stops: 'packed' is not reached from 'sent'"},
        {"from: open, until", "from: gone, until",
         "clock 'pack': 'from' names unknown state 'gone'"},
        {", tracked: 3 working days", "", "clock 'pack' has no limit for 'tracked'"},
        {"limit: {immediate: 1 hour, time_limited: 2 days, tracked: 3 working days}", "due: weight",
         "clock 'pack' is due on 'weight', which is no date field"},
        {"limit: {immediate: 1 hour, time_limited: 2 days, tracked: 3 working days}", "due: weight",
         "state 'packed' pauses clock 'pack', whose day stands fast"},
        {"until: packed, limit", "until: packed, due: weight, limit",
         "'due' is a day that each record names itself"},
        {"tracked: 3 working days", "traced: 3 working days",
         "no choice field has all these limits in its list"},
        {"tracked: 3 working days", "tracked: 3 wks",
         "'3 wks' is no time limit (write it like '4 working hours'"},
        {"at: 80%", "at: 80", "escalation: '80' is no share of a clock"},
        {"of: pack, do", "of: pck, do",
         "escalation names unknown clock 'pck' (did you mean 'pack'?)"},
        {"do: remind", "do: shout", "escalation: cannot do 'shout' (known: remind, urge, raise)"},
        {"to: lead_unit}\n", "to: the_mayor}\n", "escalation goes to unknown 'the_mayor'"},
    });
}

TEST_CASE("broken measures") {
    check({
        {"of: box, where: \"colour = 'red'\"", "of: bax",
         "counter 'boxes' counts unknown kind 'bax' (did you mean 'box'?)"},
        {"sum: weight", "sum: label", "counter: cannot take 'label' as 'sum' (known: weight)"},
        {"sum: weight", "sum: weight, distinct: label", "either 'sum' or 'distinct'"},
        {"by: [colour]", "by: [label]", "cannot take 'label' as 'by'"},
        {"by: [colour]", "clock: packing", "cannot take 'packing' as 'clock' (known: pack)"},
        {"by: [colour]", "on_time: true", "'on_time' needs a clock"},
        {"\"boxes / areas", "\"boxen / areas",
         "indicator: expression, character 1: there is no 'boxen' here (did you mean 'boxes'?)"},
        {"areas(community, boxes > 1)", "areas(street)", "areas() needs a level, not 'street'"},
        {"areas(community, boxes > 1)", "boxes > 1",
         "the expression gives a boolean, not a number"},
    });
}

TEST_CASE("broken files") {
    struct Broken {
        const char *path, *text, *message;
    };
    for (const auto& c : std::vector<Broken>{
             {"core/small/x.yaml", "a: [1, 2", "core/small/x.yaml:1: not readable as YAML"},
             {"core/small/x.yaml", "a: 1\nb: &x 2\n",
              "x.yaml:2: anchors (&name) are not used in packs"},
             {"core/small/x.yaml", "a: !!int 1\n", "tags ("},
             {"core/small/x.yaml", "kind: a\n---\nkind: b\n", "a second document begins here"},
             {"core/small/x.yaml", "what: 1\n", "x.yaml:1: the file does not say what it is"},
             {"core/small/x.yaml", "", "the file does not say what it is"},
             {"core/small/x.yaml", "\xff\xfe", "the file is not UTF-8"},
             {"core/small/x.yaml", "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
              "nested too deeply"},
             {"core/small/x.yaml", "city: x\narea: \"340500000000\"\n",
              "does not belong here (move it below cities/)"},
             {"cities/x/x.yaml", "kind: x\n", "does not belong here (move it below core/)"},
             {"core/small/x.yaml", "lists: {colour: {choices: {a: }}}\n",
              "list 'colour' is declared twice (also in core/small/lists.yaml:4)"},
             {"core/small/x.yaml", "lists: {shade: {choices: {}}}\n",
              "list 'shade' has no choices"},
             {"core/small/x.yaml", "lists: {shade: {choices: {dark: {icon: moon}}}}\n",
              "choice 'dark': unknown key 'icon'"},
             {"core/small/x.yaml", "lists: {shade: {choices: {dark: {parent: night}}}}\n",
              "unknown parent 'night'"},
             {"core/small/x.yaml", "lists: {shade: {choices: {dark: {title: {zh: 深,很深}}}}}\n",
              "unknown key '很深' (put a text with commas in quotes)"},
             {"core/small/x.yaml",
              "roles: {boss: {face: desk, levels: [country], excludes: [bos]}}\n",
              "unknown level 'country'"},
             {"core/small/x.yaml", "roles: {timer: {face: desk, levels: [city]}}\n",
              "'timer' cannot be the name of a role"},
             {"core/small/x.yaml",
              "roles: {boss: {face: desk, levels: [city], rights: [everything]}}\n",
              "'everything' is no right"},
             {"core/small/x.yaml", "flow: box\nstart: a\n", "this flow is for unknown kind 'box'"},
             {"calendars/national.yaml", "calendar: national\nweek: {mon-fri: [12:00-08:30]}\n",
              "'12:00-08:30' are no hours"},
             {"calendars/national.yaml", "calendar: national\nweek: {mon-fry: [08:30-12:00]}\n",
              "'mon-fry' are no weekdays"},
             {"calendars/national.yaml",
              "calendar: national\nweek: {mon: [08:30-12:00]}\nyears: {2025: {off: [\"02-30\"]}}\n",
              "'02-30' is no date of 2025"},
             {"calendars/national.yaml",
              "calendar: national\nweek: {mon: [08:30-12:00]}\nyears: {2025: {off: [\"01-01\"], "
              "work: [\"01-01\"]}}\n",
              "2025-01-01 is named twice"},
             {"calendars/national.yaml", "calendar: other\nweek: {mon: [08:30-12:00]}\n",
              "there is no calendar 'national'"},
             {"cities/x/city.yaml", "city: x\narea: 3405\n",
              "'3405' is no area code (12 digits in quotes)"},
             {"cities/x/city.yaml",
              "city: x\narea: \"340500000000\"\nlists: {color: {hide: [red]}}\n",
              "core has no list 'color' (did you mean 'colour'?)"},
             {"cities/x/city.yaml",
              "city: x\narea: \"340500000000\"\nlists: {colour: {hide: [rot]}}\n",
              "list 'colour' has no choice 'rot'"},
             {"cities/x/city.yaml",
              "city: x\narea: \"340500000000\"\nlists: {colour: {add: {red: }}}\n",
              "'red' is in the list already"},
             {"cities/x/city.yaml", "city: x\narea: \"340500000000\"\nlimits: {box.pack: 3 days}\n",
              "there is no clock 'box.pack'"},
             {"cities/x/city.yaml", "city: x\narea: \"340500000000\"\ntitles: {role.mayor: 市长}\n",
              "'role.mayor' names nothing that has a title"},
             {"cities/x/city.yaml", "city: x\narea: \"340500000000\"\nfields: {}\n",
              "city: unknown key 'fields'"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, target: "
              "{2025: \">= 35\", 2025: \">= 36\"}}]\n",
              "key '2025' is written twice"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: "
              "y}]\nmanual: [{id: y, why: survy}]\n",
              "'why' says why it is entered by hand"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y}, {of: "
              "y}]\nmanual: [{id: y}]\n",
              "indicator 'y' is named twice (also on line 4)"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, unit: "
              "\"%\"}]\nmanual: [{id: y, unit: m2}]\n",
              "the unit '%' does not match that of the indicator, 'm2'"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, areas: "
              "{\"340600000000\": {2025: \">= 35\"}}}]\nmanual: [{id: y}]\n",
              "area '340600000000' does not lie below that of the plan"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, areas: "
              "{\"3405\": {2025: \">= 35\"}}}]\nmanual: [{id: y}]\n",
              "'3405' is no area code"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, target: "
              "{2025: \"about 5 +- -1\"}}]\nmanual: [{id: y}]\n",
              "'about 5 +- -1' is no target"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, target: "
              "{2025: \"> nan\"}}]\nmanual: [{id: y}]\n",
              "'> nan' is no target"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, baseline: "
              "{2019: 1, 2020: 2}}]\nmanual: [{id: y}]\n",
              "a baseline is one year and its value"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, baseline: "
              "{2026: 1}}]\nmanual: [{id: y}]\n",
              "baseline of 2026 lies after the period"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, nature: "
              "bindin}]\nmanual: [{id: y}]\n",
              "unknown nature 'bindin' (did you mean 'binding'?)"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: "
              "yy}]\nmanual: [{id: y}]\n",
              "unknown indicator 'yy' (did you mean 'y'?)"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y}]\nmanual: "
              "[{id: y, formula: \"1\"}]\n",
              "entered by hand or computed, not both"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2025..2021\nindicators: [{of: y}]\nmanual: "
              "[{id: y}]\n",
              "'2025..2021' is no period"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, target: "
              "{2025: \"35\"}}]\n",
              "'35' is no target"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, target: "
              "{2030: \">= 35\"}}]\n",
              "target of 2030 lies outside the period"},
             {"cities/x/plan.yaml",
              "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: y, target: "
              "{2025: \">= 35\"}}]\n",
              "unknown indicator 'y'"}}) {
        const auto all = join(mistakes_of(pack_with(c.path, c.text)), "\n");
        INFO("wanted: ", c.message);
        INFO("found:  ", all);
        CHECK(all.find(c.message) != std::string::npos);
    }
}

TEST_CASE("a kind is declared once, and a flow version too") {
    auto files = pack_with("core/small/box.yaml", whole);
    files["core/other/box.yaml"] = whole;
    CHECK(
        join(mistakes_of(files), "\n")
            .find("kind 'box' is declared twice (also in core/other/box.yaml:1)") !=
        std::string::npos
    );

    files = pack_with("core/small/box.yaml", whole);
    files["core/small/box.flow.1.yaml"] =
        "flow: box\nversion: 1\nstart: a\nstates: {a: {final: true}}\nactions: {}\n";
    CHECK(
        join(mistakes_of(files), "\n").find("flow version 1 of 'box' stands also in") !=
        std::string::npos
    );
}

TEST_CASE("a folder that is no catalogue is refused") {
    const auto loaded = load("/nowhere/at/all");
    REQUIRE(loaded.mistakes.size() == 1);
    CHECK(
        to_text(loaded.mistakes[0]) ==
        "/nowhere/at/all: this is no catalogue: it has no folder 'core' (give the folder that "
        "holds core/)"
    );
}
