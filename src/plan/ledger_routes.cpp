// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "http/idempotency.hpp"
#include "measure/asked.hpp"
#include "plan/ledger_tasks.hpp"
#include "record/list.hpp"
#include "record/routes.hpp"
#include "store/change.hpp"

namespace linli::plan {

namespace {

using http::Call;
using http::Scope;
using measure::Measure;

constexpr std::size_t table_bytes_most = 10 << 20;

struct LedgerBrief {
    std::string id;
    catalogue::Title title;
    std::string source;
    static constexpr auto fields = std::tuple{
        field("id", &LedgerBrief::id), field("title", &LedgerBrief::title),
        field("source", &LedgerBrief::source)};
};
struct LedgerAnswer {
    LedgerBrief plan;
    measure::AreaWords area;
    Date today;
    bool may_import = false, may_export = false;
    std::vector<TaskRow> tasks;
    static constexpr auto fields = std::tuple{
        field("plan", &LedgerAnswer::plan),
        field("area", &LedgerAnswer::area),
        field("today", &LedgerAnswer::today),
        field("may_import", &LedgerAnswer::may_import),
        field("may_export", &LedgerAnswer::may_export),
        field("tasks", &LedgerAnswer::tasks)};
};

struct Shared {
    const Measure& measure;
    std::shared_ptr<const record::Core> core;
    LedgerPlace place(const Call& call, const area::Tree& tree) const {
        return ledger_place(
            measure, tree, call.param("plan"), measure::asked_area(call, measure).area
        );
    }
};

bool may(const record::Context& c, identity::Operation operation, const area::Node& area) {
    const auto access =
        identity::access(*c.caller, *c.core.table(task_kind).kind, operation, *c.tree);
    return access.any || std::any_of(access.areas.begin(), access.areas.end(), [&](AreaId granted) {
               return c.tree->within(area.id, granted);
           });
}

LedgerAnswer show_ledger(Call& call, const Shared& shared) {
    const auto c = record::context_of(*shared.core, call);
    const auto place = shared.place(call, *c.tree);
    return {
        {place.plan.id, place.plan.title, place.plan.source},
        measure::words(place.area),
        official_date(c.now),
        may(c, identity::Operation::import, place.area),
        may(c, identity::Operation::export_, place.area),
        tasks_of(c, shared.measure, place)};
}

LedgerPreview preview(Call& call, const Shared& shared) {
    const auto ledger = read_ledger(office::read_document(call.request.body));
    LedgerPreview seen;
    call.db.read([&](store::Tx& tx) {
        const record::Context c(*shared.core, tx, &call.caller, call.now, call.request.id);
        seen = preview_ledger(c, shared.place(call, *c.tree), ledger);
    });
    return seen;
}

http::Json replayed(Call& call, const http::Answer& answer) {
    for (const auto& [name, value] : answer.headers) {
        call.header(name, value);
    }
    return {answer.body};
}

http::Json import_table(Call& call, const Shared& shared) {
    std::optional<http::Answer> before;
    call.db.read([&](store::Tx& tx) { before = http::answered_before(tx, call); });
    if (before) {
        return replayed(call, *before);
    }
    const auto ledger = read_ledger(office::read_document(call.request.body));
    return replayed(call, call.db.write_now([&](store::Tx& tx) {
        return http::once(tx, call, [&] {
            const record::Context c(*shared.core, tx, &call.caller, call.now, call.request.id);
            http::Answer answer;
            answer.body = to_json_text(import_ledger(c, shared.place(call, *c.tree), ledger));
            return answer;
        });
    }));
}

/// What is taken out is on record before it leaves (C55).
void log_export(Call& call, const Shared& shared, const LedgerPlace& place, std::size_t rows) {
    call.db.write_now([&](store::Tx& tx) {
        store::Change line;
        line.at = call.now;
        line.actor = call.caller.account;
        line.role = call.caller.grants.front().role;
        line.kind = task_kind;
        line.action = "export";
        line.area_after = place.area.id;
        line.detail = "plan=" + place.plan.id + " rows=" + std::to_string(rows);
        line.request = call.request.id;
        store::append_change(tx, place.area.county_number, std::move(line));
    });
}

using Write = std::string (*)(const std::vector<std::string>&, const office::Table&);

http::Answer export_table(
    Call& call, const Shared& shared, Write write, const char* ending, const char* type
) {
    const auto tree = shared.measure.tree();
    const auto place = shared.place(call, *tree);
    std::vector<TaskRow> rows;
    record::read_in(*shared.core, call, [&](const record::Context& c) {
        if (!may(c, identity::Operation::export_, place.area)) {
            throw forbidden("right_missing", "you may not export records of this kind");
        }
        rows = tasks_of(c, shared.measure, place, identity::Operation::export_);
    });
    log_export(call, shared, place, rows.size());
    http::Answer answer;
    answer.type = type;
    answer.body = write(ledger_heading(place, official_date(call.now)), ledger_table(rows));
    answer.headers.emplace_back(
        "Content-Disposition", "attachment; filename=\"ledger-" + place.plan.id + ending + "\""
    );
    return answer;
}

}  // namespace

void ledger_routes(
    http::Router& r, const Measure& measure, std::shared_ptr<const record::Core> core
) {
    const Shared shared{measure, std::move(core)};
    const char* const area_words = "id of an area of the plan within my grants";
    r.get(
         "/api/ledgers/{plan}", [shared](Call& call) { return show_ledger(call, shared); },
         measure::read_right, Scope::area,
         "The tasks of a plan that I may read, with lights and the indicators that measure them"
    )
        .query("area", area_words)
        .id_fields({"query:area"});
    r.post(
         "/api/ledgers/{plan}/preview", [shared](Call& call) { return preview(call, shared); },
         "import.run", Scope::area,
         "What is understood of a table (DOCX, XLSX, CSV or text) and what is not; writes nothing"
    )
        .raw()
        .limit(table_bytes_most)
        .bulk()
        .no_transaction()
        .query("area", area_words)
        .id_fields({"query:area"});
    r.post(
         "/api/ledgers/{plan}/import", [shared](Call& call) { return import_table(call, shared); },
         "import.run", Scope::area, "Make a table the ledger of an area: all rows or none"
    )
        .raw()
        .limit(table_bytes_most)
        .bulk()
        .no_transaction()
        .once_per_key()
        .query("area", area_words)
        .id_fields({"query:area"});
    const std::string base = "application/vnd.openxmlformats-officedocument.";
    static const auto docx_type = base + "wordprocessingml.document";
    static const auto xlsx_type = base + "spreadsheetml.sheet";
    const auto add_export = [&](const char* ending, Write write, const std::string& type) {
        r.get(
             std::string("/api/ledgers/{plan}/table") + ending,
             [=](Call& call) { return export_table(call, shared, write, ending, type.c_str()); },
             "export.run", Scope::area, "The ledger in the layout in which offices hand it on"
        )
            .bulk()
            .no_transaction()
            .query("area", area_words)
            .id_fields({"query:area"});
    };
    add_export(".docx", office::write_docx, docx_type);
    add_export(".xlsx", office::write_xlsx, xlsx_type);
}

}  // namespace linli::plan
