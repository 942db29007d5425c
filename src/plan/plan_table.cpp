// SPDX-License-Identifier: Apache-2.0
// A plan as a table: its indicators in an area and in each one below; the same as a sheet.
#include <cmath>

#include "base/csv.hpp"
#include "plan/question.hpp"

namespace linli::plan {

namespace {

using measure::Measure;

struct TableColumn {
    std::string indicator;
    catalogue::Title title, unit;
    int digits = 0;
    bool manual = false;
    static constexpr auto fields = std::tuple{
        field("indicator", &TableColumn::indicator), field("title", &TableColumn::title),
        field("unit", &TableColumn::unit), field("digits", &TableColumn::digits),
        field("manual", &TableColumn::manual)};
};
struct TableCell {
    std::optional<double> value;
    Origin origin = Origin::none;
    Standing standing = Standing::no_value;
    static constexpr auto fields = std::tuple{
        field("value", &TableCell::value), field("origin", &TableCell::origin),
        field("standing", &TableCell::standing)};
};
struct TableRow {
    measure::AreaWords area;
    std::int64_t children = 0;
    std::vector<TableCell> cells;  ///< in the order of the columns
    static constexpr auto fields = std::tuple{
        field("area", &TableRow::area), field("children", &TableRow::children),
        field("cells", &TableRow::cells)};
};
/// The first row is the area itself.
struct TableAnswer {
    PlanBrief plan;
    std::string period;
    std::vector<TableColumn> columns;
    std::vector<TableRow> rows;
    measure::Waiting waiting;
    static constexpr auto fields = std::tuple{
        field("plan", &TableAnswer::plan), field("period", &TableAnswer::period),
        field("columns", &TableAnswer::columns), field("rows", &TableAnswer::rows),
        field("waiting", &TableAnswer::waiting)};
};

TableRow row_of(const Question& q, const area::Node& node, measure::Reader& reader, store::Tx& tx) {
    TableRow row{
        measure::words(node),
        static_cast<std::int64_t>(q.asked.tree->children(node.id).size()),
        {}};
    const auto entered = measure::manual_values(tx, node, "");
    for (const auto& of : q.plan.indicators) {
        const auto one = q.area_figure(of, node, reader, entered);
        row.cells.push_back({one.value, one.origin, one.standing});
    }
    return row;
}

TableAnswer show_table(http::Call& call, const Measure& measure) {
    const auto q = question(call, measure);
    TableAnswer answer{q.brief, to_text(q.asked.period), {}, {}, measure::waiting(call.tx())};
    for (const auto& of : q.plan.indicators) {
        const auto& one = measure.indicator(of.indicator);
        answer.columns.push_back({one.id, one.title, one.unit, one.digits, one.manual});
    }
    measure::Reader reader(measure, call.caller);
    answer.rows.push_back(row_of(q, *q.asked.area, reader, call.tx()));
    for (const auto* child : q.asked.tree->children(q.asked.area->id)) {
        answer.rows.push_back(row_of(q, *child, reader, call.tx()));
    }
    return answer;
}

std::string number_text(std::optional<double> value, int digits) {
    char text[60] = "";
    if (value) {
        std::snprintf(text, sizeof text, "%.*f", digits, *value);
    }
    return text;
}

/// One line for each indicator and area, in words of the catalogue.
http::Answer show_sheet(http::Call& call, const Measure& measure) {
    const auto q = question(call, measure);
    measure::Reader reader(measure, call.caller);
    http::Answer answer;
    answer.type = "text/csv; charset=utf-8";
    answer.headers.emplace_back(
        "Content-Disposition", "attachment; filename=\"" + q.plan.id + ".csv\""
    );
    auto& out = answer.body;
    out = "\xEF\xBB\xBF";
    append_csv_row(
        out, {"area_code", "area", "indicator", "title", "unit", "nature", "section", "baseline",
              "target", "target_year", "value", "standing", "origin"}
    );
    const auto add = [&](const area::Node& node) {
        const auto entered = measure::manual_values(call.tx(), node, "");
        for (const auto& of : q.plan.indicators) {
            const auto& indicator = measure.indicator(of.indicator);
            const auto one = q.area_figure(of, node, reader, entered);
            const auto* target = q.target(of, node);
            append_csv_row(
                out, {std::string(node.code), std::string(node.name), of.indicator,
                      indicator.title.zh, indicator.unit.zh, of.nature, of.section,
                      of.baseline_year ? number_text(of.baseline, indicator.digits) : "",
                      target ? to_text(*target) : "", target ? std::to_string(target->year) : "",
                      number_text(one.value, indicator.digits), name_of(one.standing),
                      name_of(one.origin)}
            );
        }
    };
    add(*q.asked.area);
    for (const auto* child : q.asked.tree->children(q.asked.area->id)) {
        add(*child);
    }
    return answer;
}

}  // namespace

void table_routes(http::Router& r, const Measure& measure) {
    using http::Call;
    using http::Scope;
    const auto* m = &measure;
    asks(r.get(
        "/api/plans/{plan}/areas", [m](Call& call) { return show_table(call, *m); },
        measure::read_right, Scope::area, "A plan's indicators in an area and in each one below"
    ));
    asks(r.get(
             "/api/plans/{plan}/figures.csv", [m](Call& call) { return show_sheet(call, *m); },
             measure::read_right, Scope::area, "The same as a sheet"
         ))
        .bulk();
}

}  // namespace linli::plan
