// SPDX-License-Identifier: Apache-2.0
#include "registry/routes.hpp"

#include <algorithm>
#include <cmath>

#include "record/list.hpp"
#include "record/routes.hpp"
#include "record/view.hpp"
#include "registry/merges.hpp"

namespace linli::registry {

namespace {

using record::Context;
using Core = std::shared_ptr<const record::Core>;
using identity::Operation;

constexpr int pairs_shown = 30, pairs_looked_at = 1000, merges_shown = 20;

struct Decision {
    std::string decision;
    std::optional<RecordId> keep;
    std::string reason;
    static constexpr auto fields = std::tuple{
        field("decision", &Decision::decision), field("keep", &Decision::keep),
        field("reason", &Decision::reason, {.max = 500, .required = false})};
};
struct Decided {
    std::optional<RecordId> merge, kept;
    static constexpr auto fields =
        std::tuple{field("merge", &Decided::merge), field("kept", &Decided::kept)};
};
struct Why {
    std::string reason;
    static constexpr auto fields =
        std::tuple{field("reason", &Why::reason, {.max = 500, .required = false})};
};

/// Where the caller may change persons, or as much of it as lies in `asked`.
std::vector<Around> places(const Context& c, AreaId asked) {
    const auto access =
        identity::access(*c.caller, *c.catalogue().kind("person"), Operation::change, *c.tree);
    std::vector<Around> found;
    for (auto area : access.areas) {
        if (asked && c.tree->within(asked, area)) {
            area = asked;
        } else if (asked && !c.tree->within(area, asked)) {
            continue;
        }
        const auto filing = c.tree->filing(area);
        if (filing.county_number != 0) {
            found.push_back({filing.county_number, filing.subdistrict, filing.community});
            continue;
        }
        for (const auto county : c.tree->counties_under(area)) {
            found.push_back({county, {}, {}});
        }
    }
    return found;
}

AreaId asked_area(const http::Call& call) {
    AreaId area;
    const auto text = call.query("area");
    if (text && !parse_id(*text, area.value)) {
        throw malformed("query_invalid", "area: expected an id (a decimal string)");
    }
    return area;
}

bool may_change(const Context& c, const record::Record& r) {
    const auto& table = c.core.table("person");
    return reaches(c, table, Operation::change, r, record::facts_of(c, table, r));
}

/// A record that the caller may change and that is in use.
std::optional<record::Record> open_record(const Context& c, RecordId id) {
    auto found = record::find(c.tx, c.core.table("person"), id);
    return found && found->state != "withdrawn" && may_change(c, *found) ? found : std::nullopt;
}

struct Shown {
    Pending pair;
    record::ListRow first, second;
};

/// Pairs of which the caller may change both, the likeliest first.
std::vector<Shown> pairs_for(const Context& c, AreaId asked, const std::string& state, bool& more) {
    std::vector<Shown> shown;
    for (const auto& around : places(c, asked)) {
        for (auto& pair : pending(c.tx, around, state, pairs_looked_at)) {
            if (static_cast<int>(shown.size()) == pairs_shown) {
                more = true;
                break;
            }
            auto first = open_record(c, pair.first);
            auto second = first ? open_record(c, pair.second) : std::nullopt;
            if (second) {
                shown.push_back(
                    {std::move(pair),
                     {*std::move(first), {}, {}, 0},
                     {*std::move(second), {}, {}, 0}}
                );
            }
        }
    }
    std::stable_sort(shown.begin(), shown.end(), [](const Shown& a, const Shown& b) {
        return a.pair.score > b.pair.score;
    });
    return shown;
}

void write_side(
    JsonWriter& out, const char* key, record::Presenter& presenter, const record::ListRow& row
) {
    const auto& rights = presenter.rights(row.record);
    out.key(key);
    out.begin_object();
    presenter.write_row(out, row, rights);
    presenter.write_fields(out, row.record, rights, false);
    out.end_object();
}

/// How likely it is that they are one, in per mille.
int chance_of(std::int64_t score) {
    return static_cast<int>(1000 / (1 + std::pow(2.0, -static_cast<double>(score))));
}

std::string queue_json(const Context& c, AreaId asked, const std::string& state) {
    bool more = false;
    const auto shown = pairs_for(c, asked, state, more);
    record::Presenter presenter(c, c.core.table("person"));
    for (const auto& one : shown) {
        presenter.add(one.first.record);
        presenter.add(one.second.record);
    }
    presenter.fetch();
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("pairs");
    out.begin_list();
    for (const auto& one : shown) {
        out.begin_object();
        write_side(out, "first", presenter, one.first);
        write_side(out, "second", presenter, one.second);
        out.key("chance");
        out.integer(chance_of(one.pair.score));
        out.key("reasons");
        out.raw(one.pair.reasons);
        out.key("found_at");
        out.text(to_text(one.pair.found_at));
        out.end_object();
    }
    out.end_list();
    out.key("more");
    out.boolean(more);
    out.end_object();
    return text;
}

std::string state_of(const http::Call& call) {
    const auto state = call.query("state").value_or("open");
    if (state != "open" && state != "later") {
        throw malformed("query_invalid", "state: open or later");
    }
    return state;
}

Decided take(const Context& c, RecordId a, RecordId b, const Decision& decision) {
    const auto [first, second] = std::minmax(a, b);
    const auto pair = find_pair(c.tx, first, second);
    if (!pair || !open_record(c, first) || !open_record(c, second)) {
        throw not_found("pair");
    }
    if (decision.decision == "different" || decision.decision == "later") {
        decide(c, *pair, decision.decision);
        return {};
    }
    if (decision.decision != "same") {
        throw invalid("/decision", "unknown_choice", "same, different or later");
    }
    if (!decision.keep || (*decision.keep != first && *decision.keep != second)) {
        throw invalid("/keep", "required", "say which of the two is kept");
    }
    const auto kept = *decision.keep;
    const auto merged = merge(c, kept, kept == first ? second : first, decision.reason);
    decide(c, *pair, "same");
    return {merged, kept};
}

std::string merges_json(const Context& c, AreaId asked) {
    std::vector<MergeRow> rows;
    record::Presenter presenter(c, c.core.table("person"));
    std::vector<record::ListRow> kept;
    std::set<County> counties;
    for (const auto& around : places(c, asked)) {
        counties.insert(around.county);
    }
    for (const auto county : counties) {
        for (auto& row : merges(c.tx, county, pairs_looked_at / 5)) {
            auto record = static_cast<int>(rows.size()) < merges_shown ? open_record(c, row.kept)
                                                                       : std::nullopt;
            if (record) {
                presenter.add(*record);
                kept.push_back({*std::move(record), {}, {}, 0});
                rows.push_back(std::move(row));
            }
        }
    }
    presenter.fetch();
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("merges");
    out.begin_list();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out.begin_object();
        out.key("id");
        out.id(rows[i].id.value);
        out.key("at");
        out.text(to_text(rows[i].at));
        write_side(out, "kept", presenter, kept[i]);
        out.end_object();
    }
    out.end_list();
    out.end_object();
    return text;
}

}  // namespace

void routes(http::Router& router, const record::Engine& engine) {
    const auto core = engine.core();
    if (!core->parts.catalogue->kind("person") || !core->parts.catalogue->kind("household")) {
        return;
    }
    const auto area = http::Scope::area;
    router
        .get(
            "/api/duplicates",
            [core](http::Call& call) {
                http::Json answer;
                const auto asked = asked_area(call);
                const auto state = state_of(call);
                record::read_in(*core, call, [&](const Context& c) {
                    answer.text = queue_json(c, asked, state);
                });
                return answer;
            },
            "", area,
            "Persons who may be one, of whom one may change both: with how likely it is and why"
        )
        .no_transaction()
        .query("area", "only of this area and below")
        .query("state", "open (default) or later")
        .id_fields({"query:area"});
    router
        .post(
            "/api/duplicates/{first}/{second}/decision",
            [core](http::Call& call, const Decision& decision) {
                return take(
                    record::context_of(*core, call), call.id<linli::Record>("first"),
                    call.id<linli::Record>("second"), decision
                );
            },
            "", area, "Say that two persons are one, which merges them, that they are not, or later"
        )
        .once_per_key()
        .id_fields({"path:first", "path:second", "body:keep"});
    router
        .get(
            "/api/merges",
            [core](http::Call& call) {
                http::Json answer;
                const auto asked = asked_area(call);
                record::read_in(*core, call, [&](const Context& c) {
                    answer.text = merges_json(c, asked);
                });
                return answer;
            },
            "", area, "The last merges that can be taken apart"
        )
        .no_transaction()
        .query("area", "only of this area and below")
        .id_fields({"query:area"});
    router
        .post(
            "/api/merges/{id}/undo",
            [core](http::Call& call, const Why& why) {
                undo(record::context_of(*core, call), call.id<linli::Record>(), why.reason);
            },
            "", area, "Take a merge apart: both persons and what referred to them are as before"
        )
        .once_per_key()
        .id_fields({"path:id"});
}

}  // namespace linli::registry
