// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Sheets (CSV) of a kind: the same columns out and in; words that papers share with them.
#include "record/engine.hpp"

namespace linli::record {

/// A column of a sheet: a field, or what every record has.
struct SheetColumn {
    enum class What { number, area, state, created_at, updated_at, unit, due_at, field };
    What what = What::field;
    std::size_t field = 0;
    std::string name;   ///< as in `columns=`
    std::string title;  ///< zh
    std::string title_en;
};
/// All columns of a kind in the order in which they are written; files have none.
std::vector<SheetColumn> sheet_columns(const KindTable&);

/// How offices write it: 2025-05-08 09:00.
std::string wall_time(Instant);
/// From the county down, so that an import finds it again.
std::string area_path(const area::Tree&, AreaId);
std::string state_title(const KindTable&, const Record&);

struct SheetProblem {
    std::size_t row = 0;  ///< line of the sheet, the heading is 1
    std::string column, code, detail;
    static constexpr auto fields = std::tuple{
        linli::field("row", &SheetProblem::row), linli::field("column", &SheetProblem::column),
        linli::field("code", &SheetProblem::code), linli::field("detail", &SheetProblem::detail)};
};
struct ImportReport {
    std::int64_t rows = 0, created = 0, changed = 0;
    std::vector<SheetProblem> problems;
    std::vector<RecordId> created_ids;
    static constexpr auto fields = std::tuple{
        linli::field("rows", &ImportReport::rows), linli::field("created", &ImportReport::created),
        linli::field("changed", &ImportReport::changed),
        linli::field("problems", &ImportReport::problems),
        linli::field("created_ids", &ImportReport::created_ids)};
};

/// A sheet read into rows; throws malformed for what is no sheet, too_large beyond 5,000 rows.
struct Sheet {
    std::vector<std::string> heading;
    struct Row {
        std::size_t line = 0;
        std::vector<std::string> cells;
    };
    std::vector<Row> rows;
};
Sheet read_sheet(const std::string& bytes);
/// Checks every row and, unless `dry`, writes it. Problems are collected; the caller rolls back if
/// there are any.
ImportReport import_sheet(const Context&, const KindTable&, const Sheet&, bool dry);

}  // namespace linli::record
