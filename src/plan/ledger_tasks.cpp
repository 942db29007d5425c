// SPDX-License-Identifier: Apache-2.0
#include "plan/ledger_tasks.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "measure/small.hpp"
#include "record/list.hpp"

namespace linli::plan {

namespace {

constexpr int rows_most = 2000;
constexpr int behind_by = 20;  ///< percent of the whole

/// "任务10" -> 10 for the word 任务; none if the section is of another kind.
std::optional<int> number_after(std::string_view text, std::string_view word) {
    if (!text.starts_with(word)) {
        return std::nullopt;
    }
    text.remove_prefix(word.size());
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    return error == std::errc() && (rest.empty() || rest.front() == ' ') ? std::optional(number)
                                                                         : std::nullopt;
}

std::optional<double> number_in(const std::string& words) {
    const auto from = words.find_first_of("0123456789");
    if (from == std::string::npos) {
        return std::nullopt;
    }
    double number = 0;
    std::from_chars(words.data() + from, words.data() + words.size(), number);
    return number;
}

/// One ledger asked in one area: what all of its rows share.
class Rows {
 public:
    Rows(const record::Context& c, const measure::Measure& measure, const LedgerPlace& place)
        : m_c(c),
          m_measure(measure),
          m_place(place),
          m_table(c.core.table(task_kind)),
          m_reader(measure, *c.caller),
          m_today(official_date(c.now)) {
        const auto now = civil(m_today);
        m_year = std::clamp(now.year, place.plan.from_year, place.plan.to_year);
        m_period = measure::period_of(std::to_string(m_year));
        m_entered = measure::manual_values(c.tx, place.area, "");
    }

    TaskRow row(const record::ListRow& from);

 private:
    Value cell(const record::Record& r, const char* name) const {
        return record::value_of(m_c, m_table, r, name);
    }
    std::string text(const record::Record& r, const char* name) const {
        const auto value = cell(r, name);
        return value.as_text() ? *value.as_text() : std::string();
    }
    std::optional<std::int64_t> integer(const record::Record& r, const char* name) const {
        const auto value = cell(r, name);
        return value.as_int() ? std::optional(*value.as_int()) : std::nullopt;
    }
    void measure_task(TaskRow& row, const std::string& indicators);

    const record::Context& m_c;
    const measure::Measure& m_measure;
    const LedgerPlace& m_place;
    const record::KindTable& m_table;
    measure::Reader m_reader;
    Date m_today;
    int m_year = 0;
    measure::Period m_period;
    std::vector<measure::ManualValue> m_entered;
};

/// What the indicators say of it: the least of what each has reached, if all of them know.
void Rows::measure_task(TaskRow& row, const std::string& indicators) {
    bool whole = !indicators.empty();
    for (const auto& of : m_place.plan.indicators) {
        const auto names = split(indicators, ';');
        if (std::find(names.begin(), names.end(), of.indicator) == names.end()) {
            continue;
        }
        const auto& indicator = m_measure.indicator(of.indicator);
        auto now = figure(m_measure, indicator, m_place.area.id, m_period, m_entered);
        if (now.origin == Origin::counted &&
            !m_reader.may_see(indicator, m_place.area.id, m_period)) {
            now = {std::nullopt, Origin::withheld, {}};
        }
        const bool top = m_place.area.code == m_place.plan.area;
        const auto* target = target_for(of, m_place.area.code, top, m_year);
        row.measures.push_back(
            {of.indicator, indicator.title, indicator.unit, now.value,
             target ? to_text(*target) : "", judge(now.value, target, of, m_year, indicator.digits)}
        );
        const auto share = share_reached(now.value, target, indicator.digits);
        whole = whole && share;
        row.measured = share ? std::min(row.measured.value_or(100), *share) : row.measured;
    }
    row.measured = whole ? row.measured : std::nullopt;
}

TaskRow Rows::row(const record::ListRow& from) {
    const auto& r = from.record;
    TaskRow row;
    row.id = r.id;
    row.number = r.number;
    row.task_no = text(r, "task_no");
    row.chapter = text(r, "chapter");
    row.section = text(r, "section");
    row.heading = text(r, "heading");
    row.words = text(r, "words");
    row.goal = text(r, "goal");
    row.lead_name = text(r, "lead_name");
    row.assist_names = text(r, "assist_names");
    row.unit = from.unit_name;
    row.deadline = parse_name<DeadlineKind>(text(r, "deadline")).value_or(DeadlineKind::none);
    if (const auto due = integer(r, "due_on")) {
        row.due_on = Date{static_cast<std::int32_t>(*due)};
    }
    row.state = r.state;
    row.progress = static_cast<int>(integer(r, "progress").value_or(0));
    row.progress_words = text(r, "progress_words");
    if (const auto* node = m_c.tree->find(r.area)) {
        row.area = measure::words(*node);
    }
    measure_task(row, text(r, "indicators"));
    row.light = light_of(
        {row.state, row.measured.value_or(row.progress), row.due_on,
         date_of({m_place.plan.from_year, 1, 1}), from.due_at && *from.due_at < m_c.now},
        m_today
    );
    return row;
}

/// 2 before 10, and what has no number last.
int order_of(const TaskRow& row) {
    int number = 0;
    const auto& text = row.task_no;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr int last = 1'000'000;
    return read.ec == std::errc() ? number : last;
}

}  // namespace

Light light_of(const TaskStanding& task, Date today) {
    if (task.state == "signed_off") {
        return Light::done;
    }
    if (task.state == "submitted") {
        return Light::on_track;
    }
    if (task.due && today > *task.due) {
        return Light::late;
    }
    if (task.state == "returned" || task.report_due) {
        return Light::behind;
    }
    if (task.due && *task.due > task.begun && today > task.begun) {
        const auto passed =
            static_cast<std::int64_t>(today - task.begun) * 100 / (*task.due - task.begun);
        return task.progress + behind_by < passed ? Light::behind : Light::on_track;
    }
    return Light::on_track;
}

std::optional<int> share_reached(
    std::optional<double> value, const catalogue::Target* target, int digits
) {
    if (!value || !target) {
        return std::nullopt;
    }
    if (meets(*value, *target, digits)) {
        return 100;
    }
    const bool less = target->comparison.starts_with('<');
    if (less || target->value <= 0 || *value <= 0) {
        return 0;
    }
    return static_cast<int>(std::min(99.0, std::floor(100 * *value / target->value)));
}

std::vector<std::string> indicators_for(const catalogue::Plan& plan, const LedgerTask& task) {
    std::vector<std::string> found;
    const auto chapter = task.chapters.empty() ? std::string() : task.chapters.front();
    for (const auto& of : plan.indicators) {
        const auto one = number_after(of.section, "任务");
        const auto action = number_after(of.section, "行动");
        const auto named = number_in(task.goal);
        const bool own = one && std::to_string(*one) == task.number;
        const bool promised = action && action == number_after(chapter, "行动") && named &&
                              !of.targets.empty() && of.targets.back().value == *named;
        if (own || promised) {
            found.push_back(of.indicator);
        }
    }
    // Of several with one target nobody can tell which is meant.
    const bool unsure = found.size() > 1 && number_after(chapter, "行动");
    return unsure ? std::vector<std::string>() : found;
}

std::string heading_of(const std::string& words) {
    constexpr std::size_t characters_most = 40;
    std::string_view rest = words;
    const auto number = rest.find_first_not_of("0123456789");
    if (number != 0 && number != std::string_view::npos) {
        for (const std::string_view mark : {"．", ".", "、", "）", ")"}) {
            if (rest.substr(number).starts_with(mark)) {
                rest.remove_prefix(number + mark.size());
                break;
            }
        }
    }
    auto end = rest.size();
    for (const std::string_view mark : {"，", "。", "；", "：", "\n", ","}) {
        end = std::min(end, rest.find(mark));
    }
    const auto clause = tidy(rest.substr(0, end));
    std::string heading;
    std::size_t count = 0;
    for (std::size_t i = 0; i < clause.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(clause[i]) & 0xC0) != 0x80;
        count += begins ? 1 : 0;
        if (count > characters_most) {
            return heading + "…";
        }
        heading += clause[i];
    }
    return heading;
}

LedgerPlace ledger_place(
    const measure::Measure& measure, const area::Tree& tree, std::string_view name,
    const area::Node* area
) {
    const auto* plan = find_plan(measure.catalogue(), name);
    const auto* top = plan ? tree.find_code(plan->area) : nullptr;
    if (!top) {
        throw not_found("plan");
    }
    const auto* node = area ? area : top;
    if (!tree.within(node->id, top->id)) {
        throw not_found("area");
    }
    return {*plan, *node};
}

std::vector<TaskRow> tasks_of(
    const record::Context& c, const measure::Measure& measure, const LedgerPlace& place,
    identity::Operation operation
) {
    const auto& table = c.core.table(task_kind);
    record::ListQuery query;
    query.operation = operation;
    query.limit = rows_most;
    record::FieldFilter plan;
    plan.field = static_cast<std::size_t>(table.find("plan"));
    plan.values = {place.plan.id};
    query.filters = {plan};
    std::vector<TaskRow> tasks;
    Rows rows(c, measure, place);
    for (const auto& row : record::list(c, table, query, table.whole).rows) {
        const auto at = row.record.area;
        if (c.tree->within(at, place.area.id) || c.tree->within(place.area.id, at)) {
            tasks.push_back(rows.row(row));
        }
    }
    std::stable_sort(tasks.begin(), tasks.end(), [](const TaskRow& a, const TaskRow& b) {
        return std::pair(order_of(a), a.id) < std::pair(order_of(b), b.id);
    });
    return tasks;
}

}  // namespace linli::plan
