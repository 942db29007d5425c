// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

/// Items of a list of maps.
template <class F>
void each_item(const PackFile& file, const std::string& key, Mistakes& mistakes, F&& f) {
    const Yaml* node = file.root.find(key);
    if (!node || node->shape == Yaml::Shape::null) {
        return;
    }
    if (node->shape != Yaml::Shape::list) {
        mistakes.push_back(
            {{file.path, node->line},
             "'" + key + "' must be a list",
             "begin each item with '- {id: ...'"}
        );
        return;
    }
    for (const auto& item : node->items) {
        f(item);
    }
}

std::vector<std::string> fields_of(const Kind& kind, const std::vector<FieldType>& types) {
    std::vector<std::string> found;
    for (const auto& field : kind.fields) {
        for (const auto type : types) {
            if (field.type == type && field.data_class != Class::sensitive) {
                found.push_back(field.name);
            }
        }
    }
    return found;
}

void demand_field(
    Reader& reader, const std::string& key, const std::string& name,
    std::vector<std::string> possible
) {
    if (!name.empty() && !contains(possible, name)) {
        reader.mistake(
            reader.what() + ": cannot take '" + name + "' as '" + key + "'", suggest(name, possible)
        );
    }
}

void check_counter(Reader& reader, const Kind& kind, const Counter& counter) {
    using enum FieldType;
    demand_field(reader, "sum", counter.sum, fields_of(kind, {integer, decimal, money, duration}));
    auto distinct = fields_of(kind, {ref, choice, text});
    distinct.insert(distinct.end(), {"unit", "created_by"});
    demand_field(reader, "distinct", counter.distinct, distinct);
    auto dates = fields_of(kind, {date, instant});
    dates.insert(dates.end(), {"created_at", "updated_at"});
    demand_field(reader, "date", counter.date, dates);
    auto breakdowns = fields_of(kind, {choice, boolean});
    breakdowns.insert(breakdowns.end(), {"state", "unit"});
    for (const auto& one : counter.by) {
        demand_field(reader, "by", one, breakdowns);
    }
    if (!counter.clock.empty()) {
        std::vector<std::string> clocks;
        for (const auto& clock : kind.flow ? kind.flow->clocks : std::vector<ClockSpec>{}) {
            clocks.push_back(clock.name);
        }
        demand_field(reader, "clock", counter.clock, clocks);
    } else if (counter.on_time) {
        reader.mistake(reader.what() + ": 'on_time' needs a clock", "add 'clock: <name>'");
    }
    if (!counter.sum.empty() && !counter.distinct.empty()) {
        reader.mistake(reader.what() + ": either 'sum' or 'distinct'", "make two counters");
    }
    if (counter.by.size() > 3) {
        reader.mistake(
            reader.what() + ": more than three breakdowns", "keep the three that people ask for"
        );
    }
}

Counter read_counter(
    const Catalogue& so_far, const Yaml& node, const std::string& file, Mistakes& mistakes
) {
    Counter counter;
    Reader reader(node, file, "counter", mistakes);
    counter.place = reader.place();
    counter.id = reader.text("id", true);
    counter.title = reader.title("title", humanised(counter.id));
    counter.of = reader.text("of", true);
    counter.sum = reader.text("sum");
    counter.distinct = reader.text("distinct");
    counter.date = reader.text("date");
    counter.by = reader.words("by");
    counter.clock = reader.text("clock");
    counter.on_time = reader.flag("on_time");
    counter.stock = reader.flag("stock");
    const Yaml* where = reader.take("where");
    reader.finish();
    const Kind* kind = so_far.kind(counter.of);
    if (!kind) {
        std::vector<std::string> known;
        for (const auto& one : so_far.kinds()) {
            known.push_back(one.name);
        }
        if (!counter.of.empty()) {
            reader.mistake(
                "counter '" + counter.id + "' counts unknown kind '" + counter.of + "'",
                suggest(counter.of, known)
            );
        }
        return counter;
    }
    if (where) {
        counter.where =
            read_expression(reader, *where, symbols_of(so_far, *kind), Type::boolean, true);
    }
    check_counter(reader, *kind, counter);
    return counter;
}

template <class T>
void check_id(const T& one, const std::vector<T>& others, const char* what, Mistakes& mistakes) {
    if (one.id == area_kind) {
        mistakes.push_back({one.place, "'area_kind' means the kind of an area", "rename it"});
    }
    if (!one.id.empty() && !plain_name(one.id)) {
        mistakes.push_back(
            {one.place, std::string(what) + " '" + one.id + "' has no plain name",
             "lower-case words joined by _"}
        );
    }
    for (const auto& other : others) {
        if (other.id == one.id) {
            mistakes.push_back(
                {one.place,
                 std::string(what) + " '" + one.id + "' is declared twice (also in " +
                     other.place.file + ":" + std::to_string(other.place.line) + ")",
                 "rename one"}
            );
            return;
        }
    }
}

}  // namespace

void read_counters(
    const Catalogue& so_far, const PackFile& file, std::vector<Counter>& to, Mistakes& mistakes
) {
    each_item(file, "counters", mistakes, [&](const Yaml& item) {
        auto counter = read_counter(so_far, item, file.path, mistakes);
        check_id(counter, to, "counter", mistakes);
        to.push_back(std::move(counter));
    });
}

namespace {

Indicator read_indicator(
    const Yaml& node, const std::string& file, const Symbols& symbols, bool by_hand,
    Mistakes& mistakes
) {
    Indicator indicator;
    Reader reader(node, file, "indicator", mistakes);
    indicator.place = reader.place();
    indicator.id = reader.text("id", true);
    indicator.title = reader.title("title", humanised(indicator.id));
    indicator.unit = reader.title("unit", "");
    indicator.manual = reader.flag("manual") || by_hand;
    indicator.why = reader.text("why");
    static const std::vector<std::string> reasons{
        "statistics", "title", "survey", "map", "elsewhere"};
    if (!indicator.why.empty() && (!indicator.manual || !contains(reasons, indicator.why))) {
        reader.mistake(
            reader.what() + " '" + indicator.id + "': 'why' says why it is entered by hand",
            indicator.manual ? suggest(indicator.why, reasons) : "take out 'why'"
        );
    }
    indicator.digits = static_cast<int>(reader.integer("digits", 0, 4).value_or(1));
    if (indicator.manual) {
        if (reader.take("formula")) {
            reader.mistake(
                reader.what() + " '" + indicator.id + "': entered by hand or computed, not both",
                "take out 'manual' or 'formula'"
            );
        }
    } else if (const Yaml* formula = reader.demand("formula")) {
        if (auto read = read_expression(reader, *formula, symbols, Type::number, false)) {
            indicator.formula = std::move(*read);
        }
    }
    reader.finish();
    return indicator;
}

}  // namespace

void read_indicators(
    const Catalogue& so_far, const PackFile& file, std::vector<Indicator>& to, Mistakes& mistakes
) {
    Symbols symbols;
    symbols.levels = area_levels();
    symbols.all.push_back({std::string(area_kind), Type::text, {}, area_kinds(), 0});
    for (const auto& counter : so_far.counters()) {
        symbols.all.push_back({counter.id, Type::number, {}, {}, 0});
    }
    // The key `indicators` of a plan says its targets; what it alone has stands under `manual`.
    const bool of_plan = file.root.find("plan");
    each_item(file, of_plan ? "manual" : "indicators", mistakes, [&](const Yaml& item) {
        auto indicator = read_indicator(item, file.path, symbols, of_plan, mistakes);
        // Once records give it, what was entered by hand gives way: plans need not change.
        const auto other = std::find_if(to.begin(), to.end(), [&](const Indicator& one) {
            return one.id == indicator.id && one.manual != indicator.manual;
        });
        if (other != to.end()) {
            if (other->manual) {
                *other = std::move(indicator);
            }
            return;
        }
        check_id(indicator, to, "indicator", mistakes);
        to.push_back(std::move(indicator));
    });
}

}  // namespace linli::catalogue
