// SPDX-License-Identifier: Apache-2.0
#include "record/routing.hpp"

#include <algorithm>

#include "record/list.hpp"
#include "record/routes.hpp"

namespace linli::record {

namespace {

using catalogue::RouteSpec;

bool found(const KindTable& table, const Record& record, const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto* text = table.field(i).search ? record.cells[i].value.as_text() : nullptr;
        if (text && std::any_of(words.begin(), words.end(), [&](const std::string& word) {
                return text->find(word) != std::string::npos;
            })) {
            return true;
        }
    }
    return false;
}

bool agrees(const KindTable& table, const RouteSpec& rule, const Record& record) {
    return std::all_of(rule.set.begin(), rule.set.end(), [&](const auto& one) {
        return record.cells[static_cast<std::size_t>(table.find(one.first))].value == one.second;
    });
}

RuleHits told(const RouteSpec& rule) {
    RuleHits hits;
    hits.id = rule.id;
    hits.title = rule.title;
    hits.trial = rule.trial;
    hits.when = rule.when ? rule.when->text() : "";
    hits.words = rule.words;
    for (const auto& [name, value] : rule.set) {
        const auto* number = value.as_int();  // of a bool
        const std::string yes = number && *number != 0 ? "true" : "false";
        hits.sets.push_back({name, value.as_text() ? *value.as_text() : yes});
    }
    return hits;
}

/// The condition of a rule on trial, as the query gives it.
RouteSpec trial_rule(const Core& core, const KindTable& table, const http::Call& call) {
    RouteSpec rule;
    rule.id = "trial";
    rule.title = {"试行", "On trial"};
    rule.trial = true;
    if (const auto when = call.query("when"); when && !when->empty()) {
        catalogue::ExpressionError error;
        rule.when = catalogue::Expression::parse(
            *when, symbols_of(*core.parts.catalogue, *table.kind), error
        );
        if (!rule.when || rule.when->type() != catalogue::Type::boolean) {
            throw malformed(
                "query_invalid", "when: " + (rule.when ? "this is no condition" : error.message)
            );
        }
    }
    for (const auto word : split(call.query("words").value_or(""), ',')) {
        if (!word.empty()) {
            rule.words.emplace_back(word);
        }
    }
    return rule;
}

Instant day_in(const http::Call& call, const char* name, Instant fallback) {
    const auto text = call.query(name);
    const auto date = text ? parse_date(*text) : std::nullopt;
    if (text && !date) {
        throw malformed(
            "query_invalid", std::string(name) + ": expected a date such as 2025-05-08"
        );
    }
    return date ? start_of(*date) : fallback;
}

Replay replay_asked(const Core& core, http::Call& call) {
    const auto& table = core.table(call.param("kind"));
    auto rules = table.kind->routing;
    if (auto trial = trial_rule(core, table, call); trial.when || !trial.words.empty()) {
        rules.push_back(std::move(trial));
    }
    const auto from = day_in(call, "from", call.now + -365 * day_ms);
    const auto until = day_in(call, "to", call.now) + day_ms;
    std::optional<AreaId> area;
    if (const auto text = call.query("area")) {
        area.emplace();
        if (!parse_id(*text, area->value)) {
            throw malformed("query_invalid", "area: expected an id (a decimal string)");
        }
    }
    Replay answer;
    read_in(core, call, [&](const Context& c) {
        answer = replay(c, table, rules, area, from, until);
    });
    return answer;
}

}  // namespace

bool applies(
    const Context& c, const KindTable& table, const RouteSpec& rule, const Record& record
) {
    if (rule.when) {
        const auto value = rule.when->evaluate(
            {[&](const std::string& name) { return value_of(c, table, record, name); }, {}, c.now}
        );
        if (!value.as_bool() || !*value.as_bool()) {
            return false;
        }
    }
    return rule.words.empty() || found(table, record, rule.words);
}

Replay replay(
    const Context& c, const KindTable& table, const std::vector<RouteSpec>& rules,
    std::optional<AreaId> area, Instant from, Instant until
) {
    Replay result;
    for (const auto& rule : rules) {
        result.rules.push_back(told(rule));
    }
    const auto access =
        identity::access(*c.caller, *table.kind, identity::Operation::read, *c.tree);
    std::map<County, std::vector<Part>> by_county;
    for (auto& part : parts_of(c, table, access, area)) {
        by_county[part.county].push_back(std::move(part));
    }
    for (const auto& [county, parts] : by_county) {
        Binder to;
        to.add(county);
        const auto where = condition(to, table, parts);
        const auto first = to.place();
        to.add(from);
        const auto last = to.place();
        to.add(until);
        const Statement sql{
            "record." + table.kind->name + ".replay",
            "SELECT " + table.whole.columns + " FROM " + table.table +
                " r WHERE r.county = $1 AND (" + where + ") AND r.created_at >= " + first +
                " AND r.created_at < " + last + " ORDER BY r.created_at DESC, r.id DESC"};
        c.tx.query(sql, to.params(), [&](const store::Row& row) {
            if (result.records == replay_most) {
                result.capped = true;
                return false;
            }
            const auto record = table.read(row);
            ++result.records;
            bool decided = false;
            for (std::size_t i = 0; i < rules.size(); ++i) {
                if (!applies(c, table, rules[i], record)) {
                    continue;
                }
                auto& hits = result.rules[i];
                ++hits.hits;
                hits.decides += decided ? 0 : 1;
                hits.agrees += agrees(table, rules[i], record) ? 1 : 0;
                decided = decided || !rules[i].trial;
            }
            return true;
        });
    }
    return result;
}

void routing_routes(http::Router& router, std::shared_ptr<const Core> core) {
    router
        .get(
            "/api/routing/{kind}", [core](http::Call& call) { return replay_asked(*core, call); },
            "board.read", http::Scope::area,
            "What the rules of routing, and one on trial, say of past records"
        )
        .no_transaction()
        .query("from", "first day of filing; a year ago if left out")
        .query("to", "last day of filing; today if left out")
        .query("area", "within this area")
        .query("when", "condition of a rule on trial")
        .query("words", "words of a rule on trial, with commas between")
        .id_fields({"query:area"});
}

}  // namespace linli::record
