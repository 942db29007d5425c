// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "record/input.hpp"
#include "record/sheet.hpp"
#include "record/write.hpp"

namespace linli::record {

namespace {

using identity::Operation;

constexpr std::size_t problems_most = 1000;

/// An id in the end of a cell: "市城管局 #123", or the number alone.
std::optional<std::int64_t> id_in(std::string_view cell) {
    const auto hash = cell.rfind('#');
    std::int64_t id = 0;
    return parse_id(hash == std::string_view::npos ? cell : cell.substr(hash + 1), id) && id != 0
               ? std::optional(id)
               : std::nullopt;
}

class Import {
 public:
    Import(const Context& context, const KindTable& table, const Sheet& sheet, bool dry)
        : m_context(context), m_table(table), m_sheet(sheet), m_dry(dry) {}

    ImportReport run() {
        read_heading();
        m_report.rows = static_cast<std::int64_t>(m_sheet.rows.size());
        if (!m_report.problems.empty()) {
            return std::move(m_report);
        }
        for (const auto& row : m_sheet.rows) {
            m_line = row.line;
            try {
                take(row);
            } catch (const Refused& refused) {
                explain(refused);
            }
            if (m_report.problems.size() >= problems_most) {
                break;
            }
        }
        return std::move(m_report);
    }

 private:
    void read_heading() {
        const auto known = sheet_columns(m_table);
        m_line = 1;
        std::set<std::string> seen;
        for (const auto& title : m_sheet.heading) {
            const auto found =
                std::find_if(known.begin(), known.end(), [&](const SheetColumn& column) {
                    return title == column.title || title == column.name ||
                           (title == column.title_en && !title.empty());
                });
            if (title.empty()) {
                m_columns.push_back(std::nullopt);
            } else if (found == known.end()) {
                add_problem(title, "unknown_column", "no field has this title or name");
            } else if (!seen.insert(found->name).second) {
                add_problem(title, "column_twice", "this column is there already");
            } else {
                m_columns.push_back(*found);
                m_titles[found->name] = title;
            }
        }
        if (m_report.problems.empty() && seen.count("area") == 0 && seen.count("number") == 0) {
            add_problem(
                "所属区域", "missing_column",
                "say in a column 所属区域 (area) where each record belongs"
            );
        }
    }

    void take(const Sheet::Row& row) {
        std::string number, area;
        for (std::size_t i = 0; i < row.cells.size() && i < m_columns.size(); ++i) {
            if (m_columns[i] && m_columns[i]->what == SheetColumn::What::number) {
                number = tidy(row.cells[i]);
            } else if (m_columns[i] && m_columns[i]->what == SheetColumn::What::area) {
                area = tidy(row.cells[i]);
            }
        }
        number.empty() ? add(row, area) : revise_row(row, number, area);
    }

    void add(const Sheet::Row& row, const std::string& area_cell) {
        const auto area = find_area(area_cell);
        auto fresh = draft(
            m_context, m_table,
            obj({{"area", std::to_string(area.value)}, {"fields", fields_of(row, area)}}),
            Operation::import
        );
        check_twice(fresh.record);
        ++m_report.created;
        if (!m_dry) {
            m_report.created_ids.push_back(create(m_context, m_table, std::move(fresh)).record.id);
        }
    }

    void revise_row(
        const Sheet::Row& row, const std::string& number, const std::string& area_cell
    ) {
        const auto id = find_number(m_table, number, area_cell);
        if (!id) {
            throw invalid(
                "/number", "number_not_found",
                "no record has this number; leave it empty for a new one"
            );
        }
        const auto record = load(m_context, m_table, *id);
        auto revision = revise(
            m_context, m_table, *id, std::nullopt,
            obj({{"fields", fields_of(row, record.record.area)}})
        );
        check_twice(revision.after);
        ++m_report.changed;
        if (!m_dry) {
            change(m_context, m_table, std::move(revision));
        }
    }

    /// Empty cells say nothing: they neither fill nor clear.
    Value fields_of(const Sheet::Row& row, AreaId area) {
        Value fields(Value::Object{});
        for (std::size_t i = 0; i < row.cells.size() && i < m_columns.size(); ++i) {
            if (!m_columns[i] || m_columns[i]->what != SheetColumn::What::field) {
                continue;
            }
            const auto& field = m_table.field(m_columns[i]->field);
            const auto cell = tidy(row.cells[i], field.multiline);
            if (!cell.empty()) {
                fields.set(field.name, json_of(field, cell, area));
            }
        }
        return fields;
    }

    Value json_of(const FieldSpec& field, const std::string& cell, AreaId area) {
        auto json = rules_of(field.type).from_cell(cell, field);
        switch (field.type) {
            case FieldType::choice:
                return key_of(field, cell, area);
            case FieldType::ref:
                return target_of(field, cell, area);
            case FieldType::choices:
            case FieldType::refs:
                if (auto* list = json.as_list()) {
                    for (auto& one : *list) {
                        one = field.type == FieldType::refs ? target_of(field, *one.as_text(), area)
                                                            : key_of(field, *one.as_text(), area);
                    }
                }
                return json;
            default:
                return json;
        }
    }

    Value key_of(const FieldSpec& field, const std::string& cell, AreaId area) const {
        const auto* list = m_context.catalogue().list(field.list, m_context.core.city_of(area));
        for (const auto& choice : list ? list->choices : std::vector<catalogue::Choice>{}) {
            if (choice.key == cell || choice.title.zh == cell || choice.title.en == cell) {
                return choice.key;
            }
        }
        return cell;  // refused as unknown
    }

    Value target_of(const FieldSpec& field, const std::string& cell, AreaId area) {
        if (const auto id = id_in(cell)) {
            return std::to_string(*id);
        }
        if (field.to == "area") {
            return std::to_string(find_area(cell).value);
        }
        if (field.to != "unit" && field.to != "account") {
            const auto found =
                find_number(m_context.core.table(field.to), cell, std::to_string(area.value));
            return found ? Value(std::to_string(found->value)) : Value(cell);
        }
        return cell;
    }

    std::optional<RecordId> find_number(
        const KindTable& table, const std::string& number, const std::string& area_cell
    ) {
        if (table.number.empty()) {
            return std::nullopt;
        }
        std::set<County> counties;
        std::int64_t id = 0;
        const auto* node = parse_id(area_cell, id) ? m_context.tree->find({id}) : nullptr;
        if (node || !area_cell.empty()) {
            node = node ? node : m_context.tree->find(find_area(area_cell));
            counties.insert(node->county_number);
        }
        for (const auto& grant : m_context.caller->grants) {
            for (const auto county :
                 node ? std::vector<County>{} : m_context.tree->counties_under(grant.area)) {
                counties.insert(county);
            }
        }
        const Statement sql{
            "record." + table.kind->name + ".by_number",
            "SELECT id FROM " + table.table + " WHERE county = $1 AND number = $2"};
        for (const auto county : counties) {
            const auto found = m_context.tx.one<RecordId>(sql, county, number);
            if (found && visible(m_context, table.kind->name, *found)) {
                return found;
            }
        }
        return std::nullopt;
    }

    /// By official code, or by names from above down to the area ("花山区/沙塘路街道/桃花园社区"),
    /// as many as make it clear.
    AreaId find_area(const std::string& cell) {
        const auto kept = m_areas.find(cell);
        if (kept != m_areas.end()) {
            return kept->second;
        }
        const auto found = cell.empty() ? nullptr : search_area(cell);
        if (!found) {
            throw invalid(
                "/area", cell.empty() ? "required" : "area_not_found",
                "give the official code or the names from the county down"
            );
        }
        return m_areas[cell] = found->id;
    }

    const area::Node* search_area(const std::string& cell) const {
        const auto& tree = *m_context.tree;
        if (const auto* node = tree.find_code(cell)) {
            return node;
        }
        if (const auto id = id_in(cell)) {
            return tree.find({*id});
        }
        constexpr int candidates = 500;
        const auto parts = split(cell, '/');
        std::vector<const area::Node*> fit, inside;
        for (const auto* node : tree.search(parts.back(), {}, candidates)) {
            auto wanted = parts.size();
            const auto path = tree.path(node->id);
            for (auto one = path.rbegin(); one != path.rend() && wanted > 0; ++one) {
                wanted -= (*one)->name == parts[wanted - 1] ? 1 : 0;
            }
            if (wanted == 0 && node->name == parts.back()) {
                fit.push_back(node);
                const bool granted = std::any_of(
                    m_context.caller->grants.begin(), m_context.caller->grants.end(),
                    [&](const http::Grant& grant) { return tree.within(node->id, grant.area); }
                );
                if (granted) {
                    inside.push_back(node);
                }
            }
        }
        const auto& sure = fit.size() == 1 ? fit : inside;
        if (sure.size() > 1) {
            throw invalid(
                "/area", "area_ambiguous",
                "several areas bear this name: write the names above it too"
            );
        }
        return sure.empty() ? nullptr : sure.front();
    }

    /// Unique fields must differ within the sheet too.
    void check_twice(const Record& r) {
        for (std::size_t i = 0; i < m_table.size(); ++i) {
            const auto& field = m_table.field(i);
            if (field.unique && !r.cells[i].value.is_null() &&
                !m_unique.emplace(r.county(), i, pack(r.cells[i].value)).second) {
                throw invalid(
                    "/fields/" + field.name, "not_unique", "another row has this value already"
                );
            }
        }
    }

    void add_problem(
        const std::string& column, const std::string& code, const std::string& detail
    ) {
        m_report.problems.push_back({m_line, column, code, detail});
    }

    void explain(const Refused& refused) {
        if (refused.problems.empty()) {
            const bool area = refused.code == "area_out_of_scope";
            add_problem(area ? title_of("area") : "", refused.code, refused.detail);
        }
        for (const auto& problem : refused.problems) {
            const auto parts = split(problem.pointer, '/');
            const std::string name(parts.size() > 2 ? parts[2] : parts.back());
            add_problem(title_of(name), problem.code, problem.detail);
        }
    }

    std::string title_of(const std::string& name) const {
        const auto written = m_titles.find(name);
        if (written != m_titles.end()) {
            return written->second;
        }
        for (const auto& column : sheet_columns(m_table)) {
            if (column.name == name) {
                return column.title;
            }
        }
        return name;
    }

    const Context& m_context;
    const KindTable& m_table;
    const Sheet& m_sheet;
    bool m_dry;
    std::size_t m_line = 1;
    std::vector<std::optional<SheetColumn>> m_columns;
    std::map<std::string, std::string> m_titles;  ///< name -> as the sheet writes it
    std::map<std::string, AreaId> m_areas;
    std::set<std::tuple<County, std::size_t, std::string>> m_unique;
    ImportReport m_report;
};

}  // namespace

ImportReport import_sheet(const Context& c, const KindTable& table, const Sheet& sheet, bool dry) {
    return Import(c, table, sheet, dry).run();
}

}  // namespace linli::record
