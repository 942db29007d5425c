// SPDX-License-Identifier: Apache-2.0
// JSON Schema (draft 7) of the files of a pack, so that editors complete and check them. The loader
// checks much more.
#include <array>

#include "base/fields.hpp"
#include "base/json.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

Value ref(const char* name) {
    return obj({{"$ref", std::string("#/definitions/") + name}});
}
Value described(Value schema, const char* text) {
    schema.set("description", text);
    return schema;
}
Value text(const char* description) {
    return obj({{"type", "string"}, {"description", description}});
}
Value flag(const char* description) {
    return obj({{"type", "boolean"}, {"description", description}});
}
Value whole(const char* description) {
    return obj({{"type", "integer"}, {"description", description}});
}
Value list_of(Value items) {
    return obj({{"type", "array"}, {"items", std::move(items)}});
}
Value map_of(Value values) {
    return obj({{"type", "object"}, {"additionalProperties", std::move(values)}});
}
Value one_of(Value::List all) {
    return obj({{"oneOf", std::move(all)}});
}
Value words(const char* description) {
    auto schema = one_of({obj({{"type", "string"}}), list_of(obj({{"type", "string"}}))});
    return described(std::move(schema), description);
}
template <class E>
Value names_of() {
    Value::List all;
    for (const char* name : names(E{})) {
        all.emplace_back(name);
    }
    return obj({{"enum", std::move(all)}});
}
Value choice(std::initializer_list<const char*> all) {
    Value::List list;
    for (const char* one : all) {
        list.emplace_back(one);
    }
    return obj({{"enum", std::move(list)}});
}
Value map(
    std::initializer_list<std::pair<std::string, Value>> properties,
    std::initializer_list<const char*> required = {}
) {
    auto schema =
        obj({{"type", "object"}, {"additionalProperties", false}, {"properties", obj(properties)}});
    if (required.size() > 0) {
        Value::List list;
        for (const char* one : required) {
            list.emplace_back(one);
        }
        schema.set("required", std::move(list));
    }
    return schema;
}
/// A map that may stand empty: `submitted:`.
Value or_nothing(Value schema) {
    return one_of({std::move(schema), obj({{"type", "null"}})});
}

Value title() {
    return one_of(
        {obj({{"type", "string"}}),
         map({{"zh", text("Chinese; always there")}, {"en", text("English")}}, {"zh"})}
    );
}

Value field() {
    return map(
        {{"type", described(names_of<FieldType>(), "what the field holds")},
         {"title", ref("title")},
         {"help", ref("title")},
         {"class", described(
                       names_of<Class>(),
                       "who must be protected from seeing it; sensitive values are encrypted"
                   )},
         {"mask", described(names_of<Mask>(), "how it is shown to those who may not see it whole")},
         {"required", flag("asked for when a record is filed")},
         {"list", text("choice, choices: the list")},
         {"to", text("ref, refs: a kind, or area, unit, account")},
         {"by", text("extra: the choice field whose entry asks the questions")},
         {"accept", choice({"image", "document", "audio", "video", "any"})},
         {"min", obj({{"type", "number"}})},
         {"max",
          described(
              obj({{"type", "number"}}), "numbers: the largest; texts, files, choices: how many"
          )},
         {"scale", whole("decimals of decimal and money; 2 if left out")},
         {"unit", text("m2, yuan, ...")},
         {"search", flag("in the full-text index")},
         {"unique", flag("no two records of a county share it")},
         {"multiline", flag("a text of several lines")},
         {"when", text("asked only if this condition holds")}},
        {"type"}
    );
}

Value right() {
    auto change = one_of({names_of<Reach>(), map_of(list_of(obj({{"type", "string"}})))});
    return map(
        {{"create", names_of<Reach>()},
         {"read", names_of<Reach>()},
         {"withdraw", names_of<Reach>()},
         {"export", names_of<Reach>()},
         {"import", names_of<Reach>()},
         {"change",
          described(std::move(change), "a reach, or a reach and the fields: {scope: [category]}")},
         {"hide", words("fields not shown at all")},
         {"unmasked", words("fields shown whole")},
         {"unmask", words("fields shown whole on a reason")},
         {"states", words("only records in these states; with read and export alone")}}
    );
}

Value view() {
    return map(
        {{"title", ref("title")},
         {"states", words("only records in these states")},
         {"where", text("only records for which this condition holds")},
         {"overdue", flag("only records with a breached clock")},
         {"sort", text("field, with - before it for descending")}}
    );
}

Value state() {
    return map(
        {{"title", ref("title")},
         {"plain", described(ref("title"), "what residents read")},
         {"final", flag("the record may rest here")},
         {"pauses", words("clocks that stand still here")}}
    );
}

Value action() {
    return map(
        {{"title", ref("title")},
         {"from", words("states")},
         {"to", text("state; left out = the record stays where it is")},
         {"by", words("roles, or lead_unit, assist_unit, reporter, timer")},
         {"needs", words("fields, or reason, result, evidence, lead_unit, assist_units")},
         {"may", words("the same, not required")},
         {"limit", whole("times at most per record")},
         {"within", ref("limit")},
         {"after", ref("limit")},
         {"guard", text("condition over the record's fields")},
         {"danger", flag("asked once more")},
         {"proof", flag("its evidence: a photo with its place, or the resident's word")},
         {"opens", one_of({ref("open"), list_of(ref("open"))})},
         {"then", map({{"action", text("what the server takes next")},
                       {"marked", text("field.attribute: if a chosen entry bears it")}},
                      {"action", "marked"})}},
        {"from", "by"}
    );
}

Value open() {
    return map(
        {{"kind", text("of the record that is opened")},
         {"when", text("condition over the record after the action")},
         {"fields", map_of(text("a field of one type, record, reason, result, or 'text'"))},
         {"to", choice({"area", "lead_unit", "assist_units"})}},
        {"kind", "fields"}
    );
}

Value clock() {
    return map(
        {{"title", ref("title")},
         {"from", text("state that starts it")},
         {"until", text("state that stops it")},
         {"limit", one_of({ref("limit"), map_of(ref("limit"))})},
         {"restart", words("actions that start it anew")},
         {"stop", words("actions that stop it")},
         {"when", text("condition over the record: it runs only then")},
         {"by", text("choice field that picks the limit")},
         {"due", text("date field that says the last day, instead of a limit")}},
        {"from", "until"}
    );
}

Value escalation() {
    return map(
        {{"at", text("share of the clock: 80%")},
         {"of", text("clock")},
         {"do", choice({"remind", "urge", "raise"})},
         {"to", text("lead_unit, lead_unit.head, area, area.parent, or a role")}},
        {"at", "of", "do", "to"}
    );
}

Value flow_parts(bool own_file) {
    auto schema = map(
        {{"version", whole("a new number whenever running records could not follow the change")},
         {"start", text("state of a new record")},
         {"states", map_of(or_nothing(ref("state")))},
         {"actions", map_of(ref("action"))},
         {"clocks", map_of(ref("clock"))},
         {"escalation", list_of(ref("escalation"))}},
        {"start", "states", "actions"}
    );
    if (own_file) {
        auto properties = *schema.find("properties");
        properties.set("flow", text("the kind"));
        schema.set("properties", std::move(properties));
        schema.set("required", Value::List{"flow", "start", "states", "actions"});
    }
    return schema;
}

Value choice_entry() {
    auto entry = map(
        {{"title", ref("title")},
         {"parent", text("entry above it")},
         {"questions", map_of(ref("field"))}}
    );
    entry.set("additionalProperties", true);  // attributes, as the list declares them
    return one_of({entry, obj({{"type", "string"}}), obj({{"type", "null"}})});
}

Value choice_list() {
    return map(
        {{"title", ref("title")},
         {"attributes",
          map_of(
              map({{"type", names_of<AttributeSpec::Type>()}, {"list", text("choice: the list")}},
                  {"type"})
          )},
         {"choices", map_of(ref("choice"))}},
        {"choices"}
    );
}

Value role() {
    return map(
        {{"title", ref("title")},
         {"face", choice({"resident", "field", "desk", "board", "kiosk", "admin"})},
         {"levels", words("levels of areas over which it may be granted")},
         {"unit", flag("a grant of it needs a unit")},
         {"staff", flag("false for residents")},
         {"rights", words("kernel rights: account.manage")},
         {"excludes", words("roles that the same account must not hold")},
         {"second_factor", flag("its holders sign in with a code of their phone too")}},
        {"face", "levels"}
    );
}

Value passwords_file() {
    auto profile = map(
        {{"title", ref("title")},
         {"least", whole("characters; 8 if left out")},
         {"most", whole("characters; 128 if left out")},
         {"kinds", whole("of capitals, small letters, digits, others; 0 = no matter")},
         {"days", whole("after which it must be changed; 0 = never")},
         {"history", whole("how many of the last ones are refused; 0 = none")},
         {"common", flag("often used ones are refused; true if left out")},
         {"local", flag("... and those made of names, places and numbers; true if left out")}}
    );
    return map(
        {{"passwords", text("the profile that holds")}, {"profiles", map_of(std::move(profile))}},
        {"passwords", "profiles"}
    );
}

Value counter() {
    return map(
        {{"id", text("name in formulas")},
         {"title", ref("title")},
         {"of", text("kind")},
         {"where", text("condition")},
         {"sum", text("number field to add up; nothing = count records")},
         {"distinct", text("field whose different values are counted")},
         {"date", text("date field that says when; created_at if left out")},
         {"by", words("breakdowns, at most three")},
         {"clock", text("only records whose clock of this name has stopped")},
         {"on_time", flag("... before it was breached")},
         {"stock", flag("the value at the end of a month, not the sum of months")}},
        {"id", "of"}
    );
}

Value indicator() {
    return map(
        {{"id", text("name in plans")},
         {"title", ref("title")},
         {"unit", ref("title")},
         {"digits", whole("behind the point, 0 to 4; left out: 1")},
         {"manual", flag("no records give it: values are entered by hand")},
         {"why", choice({"statistics", "title", "survey", "map", "elsewhere"})},
         {"formula", text("formula over counters")}},
        {"id"}
    );
}

Value open311() {
    return map(
        {{"service", text("the choice field whose entries are the services")},
         {"lat_long", text("a point field")},
         {"description", text("a text field")},
         {"address", text("a text field")},
         {"phone", text("a phone field")},
         {"name", text("a text field for first and last name together")},
         {"first_name", text("a text field")},
         {"last_name", text("a text field")},
         {"email", text("a text field")},
         {"media", text("a file field")},
         {"answers", text("the extra field whose questions are the service's attributes")},
         {"public", words("what anybody may read: description, address, lat_long")},
         {"except", words("entries of the service's list that are not for the public")},
         {"closed", words("states that count as closed; left out: those that are final")},
         {"with", map_of(text("an entry of the list of that field"))},
         {"updates", map(
                         {{"open", text("action that opens a record again")},
                          {"closed", text("action that closes it")}}
                     )}},
        {"service"}
    );
}

Value routing_rule() {
    return map(
        {{"id", text("name in replays")},
         {"title", ref("title")},
         {"when", text("condition over the new record")},
         {"words", words("any of them in the texts that are searched")},
         {"set", map_of(one_of({obj({{"type", "string"}}), obj({{"type", "boolean"}})}))},
         {"trial", flag("counted in replays, not applied")}},
        {"id", "set"}
    );
}

Value kind_file() {
    return map(
        {{"kind", text("name of the kind and its table")},
         {"title", ref("title")},
         {"icon", text("of the web")},
         {"number", text("SQ{county:6}-{date}-{seq:6}")},
         {"levels", words("levels of areas where a record may be filed")},
         {"fields", map_of(ref("field"))},
         {"title_fields", words("what a list shows first")},
         {"list_fields", words("columns of the list")},
         {"views", map_of(ref("view"))},
         {"rights", map_of(ref("right"))},
         {"routing", list_of(routing_rule())},
         {"flow", flow_parts(false)},
         {"open311", open311()},
         {"lists", map_of(ref("list"))},
         {"counters", list_of(ref("counter"))},
         {"indicators", list_of(ref("indicator"))}},
        {"kind", "fields", "rights"}
    );
}

Value calendar_file() {
    auto hours = words("08:30-12:00");
    return map(
        {{"calendar", text("name")},
         {"week", map_of(hours)},
         {"years", map_of(map(
                       {{"off", words("days off: \"01-01\" or \"01-28..02-04\"")},
                        {"work", words("make-up workdays")},
                        {"hours", map_of(hours)}}
                   ))}},
        {"calendar", "week"}
    );
}

Value city_file() {
    return map(
        {{"city", text("name of the folder")},
         {"title", ref("title")},
         {"area", text("12-digit code in quotes")},
         {"calendar", text("calendar of its units")},
         {"titles", map_of(ref("title"))},
         {"limits", map_of(one_of({ref("limit"), map_of(ref("limit"))}))},
         {"ladders", map_of(list_of(ref("escalation")))},
         {"lists", map_of(map(
                       {{"add", map_of(ref("choice"))},
                        {"change", map_of(ref("choice"))},
                        {"hide", words("keys no longer offered")}}
                   ))}},
        {"city", "area"}
    );
}

Value plan_file() {
    auto target =
        map({{"of", text("indicator")},
             {"target", map_of(text(">= 35"))},
             {"areas", map_of(map_of(text(">= 35")))},
             {"total", flag("a sum: areas below have only the targets under 'areas'")},
             {"baseline", map_of(obj({{"type", "number"}}))},
             {"unit", described(ref("title"), "must be that of the indicator")},
             {"section", text("where the document says so")},
             {"note", described(ref("title"), "how an ambiguous wording is read")},
             {"nature", choice({"expected", "binding", "none"})}},
            {"of"});
    return map(
        {{"plan", text("name")},
         {"title", ref("title")},
         {"area", text("12-digit code in quotes")},
         {"period", text("2021..2025")},
         {"source", text("title of the document")},
         {"manual", list_of(ref("indicator"))},
         {"indicators", list_of(std::move(target))}},
        {"plan", "area", "period", "indicators"}
    );
}

/// A walking profile, which src/spatial/profile.cpp reads.
Value walking_file() {
    auto tags = map_of(list_of(obj({{"type", "string"}})));
    return map(
        {{"name", text("of the profile")},
         {"metres_per_minute", whole("speed at which the network is measured")},
         {"groups", map_of(whole("metres a minute of those who walk slower or faster"))},
         {"ways", map_of(whole("percent of the speed on this kind of way; others are not walked"))},
         {"open", described(tags, "tags that allow what is closed: {foot: [designated]}")},
         {"closed", described(tags, "tags that forbid: {access: [private]}")},
         {"barriers", words("barriers at a point that nobody walks through")}},
        {"name", "metres_per_minute", "ways"}
    );
}

/// The table of circles, which src/spatial/circle_table.cpp reads.
Value circles_file() {
    const auto limit = [](const char* description) {
        auto by_class = map(
            {{"urban", whole("in towns")},
             {"county_seat", whole("in the seat of a county")},
             {"rural", whole("in the country")}}
        );
        return described(one_of({obj({{"type", "integer"}}), std::move(by_class)}), description);
    };
    auto circle = map(
        {{"title", map({{"zh", text("Chinese; always there")}, {"en", text("English")}}, {"zh"})},
         {"kinds", described(list_of(obj({{"type", "string"}})), "any of these will do")},
         {"every", flag("one of each kind is needed")},
         {"minutes", limit("of walking; one number is for all classes of area")},
         {"metres", limit("along the streets, instead of minutes")},
         {"walker", text("group of the walking profile whose speed counts")},
         {"priority", map_of(whole("what one of this column of dwellings counts"))},
         {"source", map({{"document", text("title of the plan")}, {"section", text("where in it")}},
                        {"document"})}},
        {"title", "kinds", "source"}
    );
    return map({{"circles", map_of(std::move(circle))}}, {"circles"});
}

}  // namespace

std::string format_schema() {
    auto limit =
        obj({{"type", "string"}, {"pattern", "^[1-9][0-9]* (working )?(minute|hour|day)s?$"}});
    auto definitions = obj(
        {{"title", title()},
         {"limit", std::move(limit)},
         {"field", field()},
         {"right", right()},
         {"view", view()},
         {"state", state()},
         {"action", action()},
         {"open", open()},
         {"clock", clock()},
         {"escalation", escalation()},
         {"choice", choice_entry()},
         {"list", choice_list()},
         {"counter", counter()},
         {"indicator", indicator()}}
    );
    auto measures =
        map({{"counters", list_of(ref("counter"))}, {"indicators", list_of(ref("indicator"))}});
    return to_json_pretty(obj(
        {{"$schema", "http://json-schema.org/draft-07/schema#"},
         {"title", "linli catalogue file"},
         {"definitions", std::move(definitions)},
         {"anyOf",
          Value::List{
              kind_file(), flow_parts(true), map({{"roles", map_of(role())}}, {"roles"}),
              passwords_file(), map({{"lists", map_of(ref("list"))}}, {"lists"}),
              std::move(measures), calendar_file(), city_file(), plan_file(), walking_file(),
              circles_file()}}}
    ));
}

}  // namespace linli::catalogue
