// SPDX-License-Identifier: Apache-2.0
// The plans of a catalogue as a page: where each indicator comes from.
#include "plan/plan.hpp"

namespace linli::plan {

namespace {

const catalogue::Indicator* find_indicator(const catalogue::Catalogue& all, std::string_view id) {
    for (const auto& one : all.indicators()) {
        if (one.id == id) {
            return &one;
        }
    }
    return nullptr;
}

/// In a cell of a table.
std::string cell(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
        text.replace(at, 1, "\\|");
    }
    return text;
}

std::string targets_of(const catalogue::PlanTarget& of) {
    std::string text;
    for (const auto& target : of.targets) {
        text +=
            (text.empty() ? "" : "; ") + to_text(target) + " (" + std::to_string(target.year) + ")";
    }
    if (!of.areas.empty()) {
        text +=
            (text.empty() ? "" : "; ") + std::to_string(of.areas.size()) + " areas of their own";
    }
    return text.empty() ? "watched" : text;
}

std::string reason(const catalogue::Indicator& one) {
    return one.why == "statistics"  ? "by hand: a figure of other statistics"
           : one.why == "title"     ? "by hand: a title or acceptance that others decide"
           : one.why == "survey"    ? "by hand: answers of a survey"
           : one.why == "map"       ? "by hand: measured on the streets (`linli spatial cover`)"
           : one.why == "elsewhere" ? "by hand: the records are kept in another system"
                                    : "by hand: no kind of record holds it yet";
}

bool in_table(const catalogue::PlanTarget& of) {
    return of.section.starts_with("表");
}

struct Count {
    int all = 0, computed = 0;
    void add(bool is_computed) {
        ++all;
        computed += is_computed ? 1 : 0;
    }
};
std::string to_text(const Count& count) {
    return std::to_string(count.computed) + " of " + std::to_string(count.all);
}

void write_plan(std::string& out, const catalogue::Catalogue& all, const catalogue::Plan& plan) {
    out += "\n## " + plan.title.zh + "\n\n`" + plan.id + "`, area " + plan.area + ", " +
           std::to_string(plan.from_year) + " to " + std::to_string(plan.to_year) +
           ".\n\n| section | indicator | | target | from |\n|---|---|---|---|---|\n";
    for (const auto& of : plan.indicators) {
        const auto* one = find_indicator(all, of.indicator);
        std::string from = one->manual ? reason(*one) : "`" + one->formula.text() + "`";
        if (!of.note.en.empty()) {
            from += "; " + of.note.en;
        }
        out += "| " + cell(of.section) + " | " + cell(one->title.zh) + " | `" + of.indicator +
               "` | " + cell(targets_of(of)) + " | " + cell(from) + " |\n";
    }
}

}  // namespace

std::string document(const catalogue::Catalogue& all) {
    std::string out =
        "# Where the figures of the plans come from\n\n"
        "Made by `linli plan doc > docs/indicators.md`; do not edit. An indicator is a formula "
        "over "
        "counters (docs/catalogue.md), and a counter counts\nrecords; what no records give is "
        "entered by hand with source and evidence, and is marked so wherever it is shown.\n\n"
        "| plan | computed from records | of the official table | of those with a target |\n"
        "|---|---|---|---|\n";
    for (const auto& plan : all.plans()) {
        Count every, table, targets;
        for (const auto& of : plan.indicators) {
            const bool computed = !find_indicator(all, of.indicator)->manual;
            every.add(computed);
            if (in_table(of)) {
                table.add(computed);
            }
            if (!of.targets.empty() || !of.areas.empty()) {
                targets.add(computed);
            }
        }
        out += "| " + plan.title.zh + " | " + to_text(every) + " | " +
               (table.all ? to_text(table) : "-") + " | " + to_text(targets) + " |\n";
    }
    for (const auto& plan : all.plans()) {
        write_plan(out, all, plan);
    }
    return out;
}

}  // namespace linli::plan
