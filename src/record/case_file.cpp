// SPDX-License-Identifier: Apache-2.0
// One record as an office files it: what it says, its deadlines, and what happened to it, as the
// caller may see it, in a Word document. Official papers are in Chinese.
#include "office/table.hpp"
#include "record/history.hpp"
#include "record/routes.hpp"
#include "record/sheet.hpp"
#include "record/view.hpp"

namespace linli::record {

namespace {

constexpr const char* docx =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr int columns = 4;

class CaseFile {
 public:
    CaseFile(const Context& context, const KindTable& table, const Found& found)
        : m_context(context), m_table(table), m_record(found.record), m_facts(found.facts) {
        m_sheet.columns = columns;
    }

    std::string write() {
        Presenter presenter(m_context, m_table);
        presenter.add(m_record);
        presenter.fetch();
        const auto rights =
            identity::field_rights(*m_context.caller, *m_table.kind, m_facts, *m_context.tree);
        add_row({"基本情况"}, columns);
        add_facts(presenter, rights);
        add_clocks();
        add_history();
        auto title = presenter.title(m_record, rights);
        if (!m_record.number.empty()) {
            title = m_record.number + " " + title;
        }
        return office::write_docx(
            {m_table.kind->title.zh, title, "制表时间：" + wall_time(m_context.now)}, m_sheet
        );
    }

 private:
    void add_row(const std::vector<std::string>& texts, int span_of_last) {
        office::Row row;
        row.line = m_sheet.rows.size() + 1;
        for (const auto& text : texts) {
            row.cells.emplace_back().text = text;
        }
        row.cells.back().columns = span_of_last;
        for (int left = 1; left < span_of_last; ++left) {
            row.cells.emplace_back().left = left;
        }
        m_sheet.rows.push_back(std::move(row));
    }
    void add_fact(const std::string& title, const std::string& text) {
        if (!text.empty()) {
            add_row({title, text}, columns - 1);
        }
    }

    void add_facts(Presenter& presenter, const identity::FieldRights& rights) {
        add_fact("所属区域", area_path(*m_context.tree, m_record.area));
        add_fact("状态", state_title(m_table, m_record));
        if (const auto unit = identity::find_unit(m_context.tx, m_record.unit);
            m_record.unit && unit) {
            add_fact("责任单位", unit->name);
        }
        for (const auto& column : sheet_columns(m_table)) {
            if (column.what == SheetColumn::What::field) {
                add_fact(column.title, presenter.cell(m_record, column.field, rights));
            }
        }
        add_fact("创建时间", wall_time(m_record.created_at));
    }

    void add_clocks() {
        if (!m_table.kind->flow) {
            return;
        }
        const auto& parts = m_context.core.parts;
        const auto& flow = parts.flow.spec(*m_table.kind, m_record.flow_version);
        for (const auto& clock :
             parts.flow.clocks(m_context.tx, {m_table.kind->name, m_record.id})) {
            const auto* spec = flow.clock(clock.name);
            if (clock.due_at) {
                add_fact(
                    spec ? spec->title.zh : clock.name,
                    wall_time(*clock.due_at) +
                        (clock.breached_at ? "（" + wall_time(*clock.breached_at) + " 超期）" : "")
                );
            }
        }
    }

    void add_history() {
        const auto history = parse_json(history_json(m_context, m_table, m_record, m_facts));
        add_row({"办理过程"}, columns);
        add_row({"时间", "环节", "办理人", "内容"}, 1);
        for (const auto& entry : *history.find("entries")->as_list()) {
            const auto at = parse_instant(entry.text_or("at"));
            const auto* title = entry.find("title");
            const auto* actor = entry.find("actor");
            std::string who = "系统";
            if (actor && actor->as_object()) {
                const auto* role = actor->find("role_title");
                who = actor->text_or("name") + (role ? "\n" + role->text_or("zh") : "");
            }
            std::string said = entry.text_or("reason");
            if (const auto result = entry.text_or("result"); !result.empty()) {
                said += (said.empty() ? "" : "\n") + result;
            }
            add_row({at ? wall_time(*at) : "", title ? title->text_or("zh") : "", who, said}, 1);
        }
    }

    const Context& m_context;
    const KindTable& m_table;
    const Record& m_record;
    const identity::Facts& m_facts;
    office::Table m_sheet;
};

}  // namespace

void case_file_routes(http::Router& router, std::shared_ptr<const Core> core) {
    router
        .get(
            "/api/records/{kind}/{id}/case.docx",
            [core](http::Call& call) {
                http::Answer answer;
                answer.type = docx;
                read_in(*core, call, [&](const Context& c) {
                    const auto& table = c.core.table(call.param("kind"));
                    const auto found = load(c, table, call.id<linli::Record>());
                    answer.body = CaseFile(c, table, found).write();
                    answer.headers.emplace_back(
                        "Content-Disposition", "attachment; filename=\"" + table.kind->name + "-" +
                                                   std::to_string(found.record.id.value) + ".docx\""
                    );
                });
                return answer;
            },
            "", http::Scope::record, "A record with its history as a Word document"
        )
        .no_transaction()
        .id_fields({"path:id"});
}

}  // namespace linli::record
