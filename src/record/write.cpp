// SPDX-License-Identifier: Apache-2.0
#include "record/write.hpp"

#include <algorithm>

#include "record/evidence.hpp"
#include "record/follow.hpp"
#include "record/input.hpp"
#include "record/ration.hpp"

namespace linli::record {

namespace {

using identity::Operation;

constexpr int county_shift = 51;  ///< of an id (base/id.hpp)
constexpr std::size_t reason_most = 500, result_most = 2000;

/// The text of an input, tidied; a complaint if it is none or too long.
std::string text_input(const Value& body, const char* key, std::size_t most, Problems& problems) {
    const auto* value = body.find(key);
    const std::string pointer = std::string("/") + key;
    if (!value || value->is_null()) {
        return {};
    }
    if (!value->as_text()) {
        problems.push_back({pointer, "wrong_type", "expected a text"});
        return {};
    }
    auto text = tidy(*value->as_text(), true);
    if (characters(text) > most) {
        problems.push_back({pointer, "too_long", "at most " + std::to_string(most) + " characters"}
        );
    }
    return text;
}

void only_keys(const Value& body, const std::vector<std::string>& known, Problems& problems) {
    const auto* object = body.as_object();
    if (!object) {
        throw invalid("", "wrong_type", "expected an object");
    }
    for (const auto& [key, ignored] : *object) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            problems.push_back({"/" + key, "unknown_field", "there is no such field"});
        }
    }
}

template <class T>
Id<T> id_input(const Value& json, const std::string& pointer, Problems& problems) {
    Id<T> id;
    if (!json.as_text() || !parse_id(*json.as_text(), id.value) || !id) {
        problems.push_back({pointer, "wrong_type", "expected an id (a decimal string)"});
        id = {};
    }
    return id;
}

void file_under(Record& r, const area::Filing& filing) {
    r.area = filing.area;
    r.subdistrict = filing.subdistrict;
    r.community = filing.community;
    r.grid = filing.grid;
}

bool level_fits(const catalogue::Kind& kind, area::Level level) {
    static const std::vector<std::string> usual{"community", "grid"};
    const auto& levels = kind.levels.empty() ? usual : kind.levels;
    return std::find(levels.begin(), levels.end(), name_of(level)) != levels.end();
}

/// Where a caller may file: areas of his access; what is his own within the areas of his grants.
bool may_file(const Context& c, const catalogue::Kind& kind, Operation operation, AreaId area) {
    const auto access = identity::access(*c.caller, kind, operation, *c.tree);
    const auto inside = [&](AreaId outer) { return c.tree->within(area, outer); };
    return access.any || std::any_of(access.areas.begin(), access.areas.end(), inside) ||
           (access.own && std::any_of(
                              c.caller->grants.begin(), c.caller->grants.end(),
                              [&](const http::Grant& grant) { return inside(grant.area); }
                          ));
}

/// The area of a body, checked against the kind's levels; throws invalid or forbidden.
area::Filing filing_input(
    const Context& c, const KindTable& table, const Value& body, Operation operation
) {
    Problems problems;
    const auto* json = body.find("area");
    const auto id = id_input<Area>(json ? *json : Value(), "/area", problems);
    const auto* node = id ? c.tree->find(id) : nullptr;
    if (!json || json->is_null()) {
        throw invalid("/area", "required", "say where the record belongs");
    }
    if (!node) {
        throw invalid("/area", "area_not_found", "there is no such area");
    }
    if (!may_file(c, *table.kind, operation, id)) {
        throw forbidden("area_out_of_scope", "you may not file records of this kind there");
    }
    if (!level_fits(*table.kind, node->level)) {
        throw invalid(
            "/area", "wrong_level",
            "records of this kind belong to: " + join(table.kind->levels, ", ")
        );
    }
    return c.tree->filing(id);
}

void finish(Problems& problems) {
    if (!problems.empty()) {
        throw invalid(std::move(problems));
    }
}

std::string role_for(
    const Context& c, const KindTable& table, Operation operation, const identity::Facts& facts
) {
    const auto grants = identity::grants_for(*c.caller, *table.kind, operation, facts, *c.tree);
    return grants.empty() ? std::string() : grants.front()->role;
}

/// Remembers a county that the grants of the account do not name, so that lists of his own records
/// look there.
void remember_county(const Context& c, County county) {
    for (const auto& grant : c.caller->grants) {
        const auto* node = c.tree->find(grant.area);
        if (node && node->county_number == county) {
            return;
        }
    }
    constexpr store::Sql sql{"record.remember_county", R"(
        INSERT INTO record_filer (county, account, filed_in) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};
    c.tx.post(sql, home(c.caller->account), c.caller->account, county);
}

std::string number_for(const Context& c, const KindTable& table, const area::Filing& filing) {
    const auto* node = c.tree->find(filing.county ? filing.county : filing.area);
    return table.number.empty()
               ? std::string()
               : table.number.next(
                     c.tx, filing.county_number, table.kind->name, node ? node->code : "", c.now
                 );
}

void signed_in(const Context& c) {
    if (!c.caller || !c.caller->signed_in()) {
        throw unauthenticated("not_signed_in");
    }
}

/// Fields of a new record: not what is hidden from its creator, nor what only an action sets.
Input::Rule creating_rule(const KindTable& table, const identity::FieldRights& rights) {
    return [&](std::size_t i) {
        const auto& name = table.field(i).name;
        const bool set_later = table.set_by_action[i] && rights.changeable.count(name) == 0;
        return std::string(rights.hidden.count(name) > 0 || set_later ? "not_changeable" : "");
    };
}

/// Whether anything differs that only a whole row can say.
bool differs(const KindTable& table, const Record& a, const Record& b) {
    if (a.area != b.area) {
        return true;
    }
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (a.cells[i].value != b.cells[i].value || a.cells[i].bytes != b.cells[i].bytes) {
            return true;
        }
    }
    return false;
}

}  // namespace

void replace(
    const Context& c, const KindTable& table, const Record& before, Record& after, bool values
) {
    after.version = before.version + 1;
    after.updated_at = c.now;
    after.updated_by = c.account();
    if (values) {
        seal(c.core, table, after);
    }
    if (!(values ? update(c.tx, table, before, after) : move(c.tx, table, before, after))) {
        throw stale();
    }
}

Draft draft(const Context& c, const KindTable& table, const Value& body, Operation operation) {
    signed_in(c);
    const auto& kind = *table.kind;
    if (identity::access(*c.caller, kind, operation, *c.tree).none()) {
        throw forbidden("right_missing", "you may not create records of this kind");
    }
    Problems problems;
    only_keys(body, {"area", "fields"}, problems);
    finish(problems);
    const auto filing = filing_input(c, table, body, operation);
    Draft result;
    auto& r = result.record;
    r.id.value = std::int64_t{filing.county_number} << county_shift;  // no id yet, but a county
    file_under(r, filing);
    r.state = kind.flow ? kind.flow->start : "active";
    r.flow_version = kind.flow ? kind.flow->version : 0;
    r.created_at = r.updated_at = c.now;
    r.created_by = r.updated_by = c.caller->account;
    r.cells.resize(table.size());
    result.facts = {filing, true, {}, r.state};
    const auto rights = identity::field_rights(*c.caller, kind, result.facts, *c.tree);
    Input input(c, table, r);
    const auto* fields = body.find("fields");
    input.read(fields ? *fields : Value(), "/fields", creating_rule(table, rights));
    input.complete(true);
    finish(input.problems());
    return result;
}

Written create(const Context& c, const KindTable& table, Draft draft) {
    use_filing_ration(c);
    const auto as = role_for(c, table, Operation::create, draft.facts);
    const auto county = draft.record.county();
    auto written = add(c, table, std::move(draft), as);
    remember_county(c, county);
    return written;
}

Written add(
    const Context& c, const KindTable& table, Draft draft, const std::string& as, UnitId lead
) {
    const auto& kind = *table.kind;
    auto& r = draft.record;
    r.id.value = c.tx.new_id(draft.facts.filing.county_number);
    r.number = number_for(c, table, draft.facts.filing);
    std::vector<flow::Clock> clocks;
    if (kind.flow) {
        auto outcome =
            c.core.parts.flow.begin(c.tx, kind, subject_of(c, table, r), {c.caller, c.now}, lead);
        r.state = outcome.state;
        r.unit = outcome.unit;
        clocks = std::move(outcome.clocks);
    }
    seal(c.core, table, r);
    insert(c.tx, table, r);
    Event event;
    event.action = "create";
    event.as = as;
    const auto line = log_change(c, table, nullptr, r, event);
    draft.facts.state = r.state;
    if (r.unit) {
        draft.facts.parties.push_back(r.unit);
    }
    return {std::move(r), std::move(draft.facts), line, std::move(clocks)};
}

Written create(const Context& c, const KindTable& table, const Value& body) {
    return create(c, table, draft(c, table, body));
}

Revision revise(
    const Context& c, const KindTable& table, RecordId id, std::optional<std::int64_t> version,
    const Value& body
) {
    auto [before, facts] = load(c, table, id);
    if (!reaches(c, table, Operation::change, before, facts)) {
        throw forbidden("right_missing", "you may not change this record");
    }
    if (version && before.version != *version) {
        throw stale();
    }
    if (before.state == "withdrawn") {
        throw conflict("record_withdrawn", "a withdrawn record is not changed any more");
    }
    Problems problems;
    only_keys(body, {"area", "fields"}, problems);
    finish(problems);
    const auto rights = identity::field_rights(*c.caller, *table.kind, facts, *c.tree);
    Record after = before;
    if (const auto* area = body.find("area"); area && !area->is_null()) {
        const auto filing = filing_input(c, table, body, Operation::change);
        if (filing.county_number != before.county()) {
            throw conflict("area_in_other_county", "a record is not moved to another county");
        }
        file_under(after, filing);
    }
    Input input(c, table, after);
    const auto* fields = body.find("fields");
    input.read(fields ? *fields : Value(), "/fields", [&](std::size_t i) {
        const bool may = rights.changeable.count(table.field(i).name) > 0;
        return std::string(may ? "" : "not_changeable");
    });
    input.complete(false);
    finish(input.problems());
    return {std::move(before), std::move(after), std::move(facts)};
}

Written change(const Context& c, const KindTable& table, Revision revision) {
    const auto& before = revision.before;
    auto& after = revision.after;
    if (!differs(table, before, after)) {
        return {std::move(revision.before), std::move(revision.facts), 0};
    }
    if (table.kind->flow && !over(table, before)) {
        const auto outcome = c.core.parts.flow.changed(
            c.tx, *table.kind, subject_of(c, table, before), subject_of(c, table, after),
            {c.caller, c.now}
        );
        after.unit = outcome.unit;
    }
    replace(c, table, before, after, true);
    Event event;
    event.action = "change";
    event.as = role_for(c, table, Operation::change, revision.facts);
    const auto line = log_change(c, table, &before, after, event);
    auto facts = facts_of(c, table, after);
    return {std::move(after), std::move(facts), line};
}

Written withdraw(
    const Context& c, const KindTable& table, RecordId id, std::int64_t version,
    const std::string& reason
) {
    auto [before, facts] = load(c, table, id);
    if (!reaches(c, table, Operation::withdraw, before, facts)) {
        throw forbidden("right_missing", "you may not withdraw this record");
    }
    if (before.version != version) {
        throw stale();
    }
    if (over(table, before)) {
        throw conflict("record_over", "the record is over already");
    }
    const auto why = tidy(reason, true);
    if (why.empty() || characters(why) > reason_most) {
        throw invalid(
            "/reason", why.empty() ? "required" : "too_long", "say why, in at most 500 characters"
        );
    }
    Record after = before;
    after.state = "withdrawn";
    if (table.kind->flow) {
        c.core.parts.flow.end(c.tx, *table.kind, subject_of(c, table, before), {c.caller, c.now});
    }
    replace(c, table, before, after, false);
    Event event;
    event.action = "withdraw";
    event.as = role_for(c, table, Operation::withdraw, facts);
    event.reason = why;
    const auto line = log_change(c, table, &before, after, event);
    facts.state = after.state;
    return {std::move(after), std::move(facts), line};
}

namespace {

/// What an action takes: its inputs and, inside `fields`, the fields it names.
struct ActionInput {
    flow::Inputs inputs;
    std::string result;
    Value evidence;
};

bool takes(const catalogue::ActionSpec& spec, const std::string& word) {
    return std::find(spec.needs.begin(), spec.needs.end(), word) != spec.needs.end() ||
           std::find(spec.may.begin(), spec.may.end(), word) != spec.may.end();
}

bool needs(const catalogue::ActionSpec& spec, const std::string& word) {
    return std::find(spec.needs.begin(), spec.needs.end(), word) != spec.needs.end();
}

ActionInput action_input(
    const Context& c, RecordId record, const catalogue::ActionSpec& spec, const Value& body,
    Problems& problems
) {
    only_keys(
        body, {"reason", "lead_unit", "assist_units", "result", "evidence", "fields"}, problems
    );
    ActionInput input;
    for (const char* word : {"reason", "lead_unit", "assist_units", "result", "evidence"}) {
        const auto* value = body.find(word);
        if (value && !value->is_null() && !takes(spec, word)) {
            problems.push_back(
                {std::string("/") + word, "not_asked", spec.name + " does not take this"}
            );
        }
    }
    input.inputs.reason = text_input(body, "reason", reason_most, problems);
    input.result = text_input(body, "result", result_most, problems);
    if (const auto* unit = body.find("lead_unit"); unit && !unit->is_null()) {
        input.inputs.lead_unit = id_input<Unit>(*unit, "/lead_unit", problems);
    }
    if (const auto* units = body.find("assist_units"); units && !units->is_null()) {
        if (!units->as_list()) {
            problems.push_back({"/assist_units", "wrong_type", "expected a list of ids"});
        }
        for (std::size_t i = 0; units->as_list() && i < units->as_list()->size(); ++i) {
            input.inputs.assist_units.push_back(id_input<Unit>(
                (*units->as_list())[i], "/assist_units/" + std::to_string(i), problems
            ));
        }
    }
    if (const auto* evidence = body.find("evidence"); evidence && !evidence->is_null()) {
        input.evidence = evidence_input(c, record, *evidence, problems);
    }
    if (needs(spec, "result") && input.result.empty()) {
        problems.push_back({"/result", "required", "say what was done"});
    }
    if (needs(spec, "evidence") && input.evidence.is_null()) {
        problems.push_back({"/evidence", "required", "add a note or a file that shows it"});
    } else if (spec.proof && !input.evidence.is_null()) {
        demand_proof(input.evidence, problems);
    }
    return input;
}

}  // namespace

Written act(
    const Context& c, const KindTable& table, RecordId id, std::optional<std::int64_t> version,
    const std::string& action, const Value& body
) {
    auto [before, facts] = load(c, table, id);
    const auto& kind = *table.kind;
    const auto* spec = kind.flow && before.state != "withdrawn"
                           ? c.core.parts.flow.spec(kind, before.flow_version).action(action)
                           : nullptr;
    if (!spec) {
        throw not_found("action");
    }
    if (version && before.version != *version) {
        throw stale();
    }
    Problems problems;
    auto input = action_input(c, id, *spec, body, problems);
    Record after = before;
    Input reading(c, table, after);
    const auto* fields = body.find("fields");
    reading.read(fields ? *fields : Value(), "/fields", [&](std::size_t i) {
        return std::string(takes(*spec, table.field(i).name) ? "" : "not_asked");
    });
    reading.complete(false);
    for (const auto& word : spec->needs) {
        reading.need(word);
    }
    auto subject = subject_of(c, table, after);
    const auto outcome =
        c.core.parts.flow.act(c.tx, kind, subject, action, input.inputs, {c.caller, c.now});
    problems.insert(problems.end(), reading.problems().begin(), reading.problems().end());
    finish(problems);  // after the flow, so that "not yours" and "not now" are said first
    after.state = outcome.state;
    after.unit = outcome.unit;
    replace(c, table, before, after, differs(table, before, after));
    Event event{action, outcome.as, input.inputs.reason, input.result, input.evidence, {}, {}};
    const auto line = log_change(c, table, &before, after, event);
    open_records(c, table, *spec, after, input.inputs, input.result);
    if (take_next(c, table, *spec, after)) {
        after = *find(c.tx, table, id);
    }
    facts = facts_of(c, table, after);
    return {std::move(after), std::move(facts), line};
}

}  // namespace linli::record
