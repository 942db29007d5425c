// SPDX-License-Identifier: Apache-2.0
// CSV out, streamed page by page, and in, with a dry run.
#include <algorithm>

#include "base/crypto.hpp"
#include "base/csv.hpp"
#include "http/idempotency.hpp"
#include "record/engine_impl.hpp"
#include "record/list.hpp"
#include "record/routes.hpp"
#include "record/sheet.hpp"
#include "record/write.hpp"
#include "store/change.hpp"

namespace linli::record {

namespace {

using http::Scope;
using identity::Operation;

constexpr int rows_at_once = 500;
constexpr std::size_t sheet_bytes_most = 20 << 20;
constexpr const char* byte_order_mark = "\xef\xbb\xbf";

std::string cell_of(
    const Context& c, const KindTable& table, Presenter& presenter, const SheetColumn& column,
    const ListRow& row
) {
    using What = SheetColumn::What;
    const auto& r = row.record;
    switch (column.what) {
        case What::number:
            return r.number;
        case What::area:
            return area_path(*c.tree, r.area);
        case What::state:
            return state_title(table, r);
        case What::created_at:
            return wall_time(r.created_at);
        case What::updated_at:
            return wall_time(r.updated_at);
        case What::unit:
            return row.unit_name;
        case What::due_at:
            return row.due_at ? wall_time(*row.due_at) : "";
        default:
            return presenter.cell(r, column.field, presenter.rights(r));
    }
}

std::vector<SheetColumn> wanted_columns(const KindTable& table, const std::string& names) {
    const auto all = sheet_columns(table);
    if (names.empty()) {
        return all;
    }
    std::vector<SheetColumn> wanted;
    for (const auto name : split(names, ',')) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const SheetColumn& column) {
            return column.name == name;
        });
        if (found == all.end()) {
            throw malformed("query_invalid", "columns: there is no column " + std::string(name));
        }
        wanted.push_back(*found);
    }
    return wanted;
}

/// Columns that this caller never sees are left out.
void drop_hidden(const Context& c, const KindTable& table, std::vector<SheetColumn>& columns) {
    const auto rights = identity::list_rights(*c.caller, *table.kind, *c.tree).rights;
    std::erase_if(columns, [&](const SheetColumn& column) {
        return column.what == SheetColumn::What::field && rights.hidden.count(column.name) > 0;
    });
}

/// One export on its way: pulled piece by piece, each with a leased reader.
class Export {
 public:
    Export(std::shared_ptr<const Core> core, http::Call& call)
        : m_core(std::move(core)),
          m_db(call.db),
          m_caller(call.caller),
          m_now(call.now),
          m_request(call.request.id) {
        const auto& table = m_core->table(call.param("kind"));
        m_table = &table;
        m_db.read([&](store::Tx& tx) {
            const Context c(*m_core, tx, &m_caller, m_now);
            if (identity::access(m_caller, *table.kind, Operation::export_, *c.tree).none()) {
                throw forbidden("right_missing", "you may not export records of this kind");
            }
            auto parameters = call.request.query;
            std::erase_if(parameters, [](const auto& one) { return one.first == "columns"; });
            m_query = read_query(c, table, parameters);
            m_query.operation = Operation::export_;
            m_query.limit = rows_at_once;
            m_columns = wanted_columns(table, call.query("columns").value_or(""));
            drop_hidden(c, table, m_columns);
            bool capped = false;
            const auto rows = count(c, table, m_query, capped);
            m_detail = "rows=" + std::to_string(rows) + (capped ? "+" : "") +
                       " filter=" + to_hex(sha256(m_query.digest));
        });
    }

    /// What is taken out is on record before the first byte leaves (C55).
    void log() {
        m_db.write_now([&](store::Tx& tx) {
            const Context c(*m_core, tx, &m_caller, m_now);
            const auto area = m_query.area ? *m_query.area : m_caller.grants.front().area;
            const auto* node = c.tree->find(area);
            store::Change line;
            line.at = m_now;
            line.actor = m_caller.account;
            line.role = m_caller.grants.front().role;
            line.kind = m_table->kind->name;
            line.action = "export";
            line.area_after = area;
            std::vector<std::string> names;
            for (const auto& column : m_columns) {
                names.push_back(column.name);
            }
            line.fields = join(names, ",");
            line.detail = m_detail;
            line.request = m_request;
            store::append_change(tx, node ? node->county_number : 0, std::move(line));
        });
    }

    std::string next() {
        std::string text;
        if (m_begun && m_query.cursor.empty()) {
            return text;
        }
        if (!m_begun) {
            text = byte_order_mark;
            std::vector<std::string> titles;
            for (const auto& column : m_columns) {
                titles.push_back(column.title);
            }
            append_csv_row(text, titles);
        }
        m_begun = true;
        ReadLog reads;
        m_db.read([&](store::Tx& tx) { reads = add_rows(tx, text); });
        if (!reads.by_kind.empty()) {  // on record before they leave, with their ids (C55)
            m_db.write_now([&](store::Tx& tx) {
                log_reads({*m_core, tx, &m_caller, m_now, m_request}, reads);
            });
        }
        return text;
    }

 private:
    /// Gives what was shown in full.
    ReadLog add_rows(store::Tx& tx, std::string& text) {
        const Context c(*m_core, tx, &m_caller, m_now);
        const auto page = list(c, *m_table, m_query, m_table->whole);
        Presenter presenter(c, *m_table);
        for (const auto& row : page.rows) {
            presenter.add(row.record);
        }
        presenter.fetch();
        std::vector<std::string> cells(m_columns.size());
        for (const auto& row : page.rows) {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                cells[i] = cell_of(c, *m_table, presenter, m_columns[i], row);
            }
            append_csv_row(text, cells);
        }
        m_query.cursor = page.next;
        return std::move(c.reads);
    }

    std::shared_ptr<const Core> m_core;
    store::Database& m_db;
    http::Caller m_caller;
    Instant m_now;
    std::string m_request, m_detail;
    const KindTable* m_table = nullptr;
    ListQuery m_query;
    std::vector<SheetColumn> m_columns;
    bool m_begun = false;
};

http::Answer csv_answer(const std::string& name) {
    http::Answer answer;
    answer.type = "text/csv; charset=utf-8";
    answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
    return answer;
}

http::Answer export_sheet(std::shared_ptr<const Core> core, http::Call& call) {
    if (!call.caller.signed_in()) {
        throw unauthenticated("not_signed_in");
    }
    const auto work = std::make_shared<Export>(std::move(core), call);
    work->log();
    auto answer = csv_answer(call.param("kind"));
    answer.stream = [work] { return work->next(); };
    return answer;
}

/// Thrown to roll a started import back.
struct ImportFailed {
    ImportReport report;
};

void log_import(const Context& c, const KindTable& table, const ImportReport& report) {
    const auto area = c.caller->grants.front().area;
    const auto* node = c.tree->find(area);
    store::Change line;
    line.at = c.now;
    line.actor = c.account();
    line.role = c.caller->grants.front().role;
    line.kind = table.kind->name;
    line.action = "import";
    line.area_after = area;
    line.detail =
        "created=" + std::to_string(report.created) + " changed=" + std::to_string(report.changed);
    line.request = c.request_id;
    store::append_change(c.tx, node ? node->county_number : 0, std::move(line));
}

http::Json replayed(http::Call& call, const http::Answer& answer) {
    for (const auto& [name, value] : answer.headers) {
        call.header(name, value);
    }
    return {answer.body};
}

http::Json import_answer(const Core& core, http::Call& call) {
    if (!call.caller.signed_in()) {
        throw unauthenticated("not_signed_in");
    }
    const auto& table = core.table(call.param("kind"));
    const auto dry = call.query("dry_run").value_or("0");
    const auto sheet = read_sheet(call.request.body);
    ImportReport report;
    std::optional<http::Answer> before;
    call.db.read([&](store::Tx& tx) {
        before = http::answered_before(tx, call);
        if (before) {
            return;
        }
        const Context c(core, tx, &call.caller, call.now, call.request.id);
        if (identity::access(call.caller, *table.kind, Operation::import, *c.tree).none()) {
            throw forbidden("right_missing", "you may not import records of this kind");
        }
        report = import_sheet(c, table, sheet, true);
    });
    if (before) {
        return replayed(call, *before);
    }
    if (dry == "1" || !report.problems.empty()) {
        report.created = dry == "1" ? report.created : 0;
        report.changed = dry == "1" ? report.changed : 0;
        return {to_json_text(report)};
    }
    try {
        return replayed(call, call.db.write_now([&](store::Tx& tx) {
            return http::once(tx, call, [&] {
                Context c(core, tx, &call.caller, call.now, call.request.id);
                auto done = import_sheet(c, table, sheet, false);
                if (!done.problems.empty()) {
                    throw ImportFailed{std::move(done)};
                }
                log_import(c, table, done);
                http::Answer answer;
                answer.body = to_json_text(done);
                return answer;
            });
        }));
    } catch (const ImportFailed& failed) {
        report = failed.report;
        report.created = report.changed = 0;
        report.created_ids.clear();
    }
    return {to_json_text(report)};
}

http::Answer template_sheet(const Core& core, http::Call& call) {
    const auto c = context_of(core, call);
    const auto& table = core.table(call.param("kind"));
    if (identity::access(call.caller, *table.kind, Operation::import, *c.tree).none()) {
        throw forbidden("right_missing", "you may not import records of this kind");
    }
    std::vector<std::string> titles;
    for (const auto& column : sheet_columns(table)) {
        const bool given =
            column.what == SheetColumn::What::area || column.what == SheetColumn::What::field;
        if (given &&
            !(column.what == SheetColumn::What::field && table.set_by_action[column.field])) {
            titles.push_back(column.title);
        }
    }
    auto answer = csv_answer(table.kind->name + "-template");
    answer.body = byte_order_mark;
    append_csv_row(answer.body, titles);
    return answer;
}

}  // namespace

void sheet_routes(http::Router& router, std::shared_ptr<const Core> core) {
    auto& out = router.get(
        "/api/exports/{kind}.csv", [core](http::Call& call) { return export_sheet(core, call); },
        "export.run", Scope::area, "The records of a list as CSV, masked as shown; logged"
    );
    add_list_queries(out);
    out.bulk()
        .no_transaction()
        .query("columns", "names of columns, separated by commas; without it all")
        .id_fields({"query:area", "query:unit"});
    router
        .post(
            "/api/imports/{kind}", [core](http::Call& call) { return import_answer(*core, call); },
            "import.run", Scope::area, "Bring in a CSV sheet: all rows or none"
        )
        .raw()
        .limit(sheet_bytes_most)
        .bulk()
        .no_transaction()
        .once_per_key()
        .query("dry_run", "1: only check")
        .id_fields({"path:kind"});
    router.get(
        "/api/imports/{kind}/template.csv",
        [core](http::Call& call) { return template_sheet(*core, call); }, "import.run", Scope::area,
        "An empty sheet with the columns of a kind"
    );
}

}  // namespace linli::record
