// SPDX-License-Identifier: Apache-2.0
#include "record/sheet.hpp"

#include <algorithm>

#include "base/csv.hpp"

namespace linli::record {

std::vector<SheetColumn> sheet_columns(const KindTable& table) {
    using What = SheetColumn::What;
    std::vector<SheetColumn> columns;
    if (!table.number.empty()) {
        columns.push_back({What::number, 0, "number", "编号", "Number"});
    }
    columns.push_back({What::area, 0, "area", "所属区域", "Area"});
    columns.push_back({What::state, 0, "state", "状态", "State"});
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& field = table.field(i);
        if (field.type != FieldType::file) {
            columns.push_back({What::field, i, field.name, field.title.zh, field.title.en});
        }
    }
    columns.push_back({What::created_at, 0, "created_at", "创建时间", "Created"});
    columns.push_back({What::updated_at, 0, "updated_at", "更新时间", "Updated"});
    if (table.kind->flow) {
        columns.push_back({What::unit, 0, "unit", "责任单位", "Unit in charge"});
        columns.push_back({What::due_at, 0, "due_at", "办理时限", "Due"});
    }
    return columns;
}

std::string wall_time(Instant at) {
    constexpr std::size_t minutes = 16;
    auto text = to_text(at + official_offset_ms).substr(0, minutes);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

/// From the county down, so that an import finds it again.
std::string area_path(const area::Tree& tree, AreaId area) {
    std::string text;
    for (const auto* node : tree.path(area)) {
        if (node->level >= area::Level::county || node->id == area) {
            text += (text.empty() ? "" : "/") + std::string(node->name);
        }
    }
    return text;
}

std::string state_title(const KindTable& table, const Record& r) {
    const auto* state = table.kind->flow ? table.kind->flow->state(r.state) : nullptr;
    return state                    ? state->title.zh
           : r.state == "withdrawn" ? "已撤回"
           : r.state == "active"    ? "有效"
                                    : r.state;
}

Sheet read_sheet(const std::string& bytes) {
    constexpr std::size_t rows_most = 5000;
    const auto text = valid_utf8(bytes) ? std::optional(bytes) : from_gb18030(bytes);
    if (!text) {
        throw malformed("sheet_encoding", "save the sheet as CSV in UTF-8 or GB18030");
    }
    Sheet sheet;
    CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
        for (auto& cell : cells) {
            cell = plain_csv_cell(cell);
        }
        if (sheet.heading.empty()) {
            for (auto& cell : cells) {
                sheet.heading.push_back(tidy(cell));
            }
            return;
        }
        if (sheet.rows.size() == rows_most) {
            throw too_large("sheet_too_long", "at most 5000 rows at once; split the sheet");
        }
        sheet.rows.push_back({line, std::move(cells)});
    });
    reader.feed(*text);
    reader.finish();
    if (sheet.heading.empty()) {
        throw malformed("sheet_empty", "the first row names the columns");
    }
    return sheet;
}

}  // namespace linli::record
