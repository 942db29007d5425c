// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

constexpr int first_year = 1990, last_year = 2100;

std::optional<int> year_of(std::string_view text) {
    const auto year = to_integer(text);
    const bool fits = year && *year >= first_year && *year <= last_year;
    return fits ? std::optional(static_cast<int>(*year)) : std::nullopt;
}

std::optional<double> number_of(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole =
        error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
    return whole ? std::optional(value) : std::nullopt;
}

/// ">= 35", "= 100", "about 12", "about 1.9 +- 0.02".
std::optional<Target> target_of(std::string_view text) {
    static const std::vector<std::string> comparisons{">=", "<=", "=", ">", "<", "about"};
    const auto words = split(text, ' ');
    const bool tolerant = words.size() == 4 && words[0] == "about" && words[2] == "+-";
    if ((words.size() != 2 && !tolerant) || !contains(comparisons, words[0])) {
        return std::nullopt;
    }
    const auto value = number_of(words[1]);
    const auto within = tolerant ? number_of(words[3]) : std::nullopt;
    if (!value || (tolerant && (!within || *within < 0))) {
        return std::nullopt;
    }
    return Target{0, std::string(words[0]), *value, within};
}

std::optional<Target> read_target(Reader& reader, const Yaml::Member& member) {
    const auto year = year_of(member.key);
    if (!year) {
        reader.mistake(
            member.value, reader.what() + ": '" + member.key + "' is no year",
            "like {2025: \">= 35\"}"
        );
        return std::nullopt;
    }
    const auto text = reader.scalar(member.value, member.key);
    auto target = text ? target_of(*text) : std::nullopt;
    if (text && !target) {
        reader.mistake(
            member.value, reader.what() + ": '" + *text + "' is no target",
            "write \">= 35\", \"= 100\" or \"about 12\""
        );
    }
    if (target) {
        target->year = *year;
    }
    return target;
}

/// By year, ascending; a year that stands twice is refused by the reader of the file.
std::vector<Target> read_targets(Reader& reader, const std::string& key) {
    std::vector<Target> targets;
    reader.each(key, false, [&](const Yaml::Member& member) {
        if (const auto one = read_target(reader, member)) {
            targets.push_back(*one);
        }
    });
    std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) {
        return a.year < b.year;
    });
    return targets;
}

void read_areas(Reader& reader, const Yaml& node, PlanTarget& target) {
    Reader areas(node, reader.file(), reader.what(), reader.mistakes());
    for (const auto& member : node.members) {
        if (!area_code(member.key)) {
            areas.mistake(
                member.value, reader.what() + ": '" + member.key + "' is no area code",
                "12 digits in quotes"
            );
        }
        target.areas[member.key] = read_targets(areas, member.key);
    }
    areas.finish();
}

void read_baseline(Reader& reader, PlanTarget& target) {
    reader.each("baseline", false, [&](const Yaml::Member& member) {
        const auto year = year_of(member.key);
        const auto text = reader.scalar(member.value, member.key);
        const auto value = text ? number_of(*text) : std::nullopt;
        if (!year || !value || target.baseline_year) {
            reader.mistake(
                member.value, reader.what() + ": a baseline is one year and its value",
                "like {2020: 32.7}"
            );
            return;
        }
        target.baseline_year = year;
        target.baseline = *value;
    });
}

PlanTarget read_plan_target(
    const Catalogue& so_far, const Yaml& node, const std::string& file, Mistakes& mistakes
) {
    PlanTarget target;
    Reader reader(node, file, "plan target", mistakes);
    target.place = reader.place();
    target.indicator = reader.text("of", true);
    target.section = reader.text("section");
    target.note = reader.title("note", "");
    target.total = reader.flag("total");
    target.nature = reader.text("nature");
    if (target.nature.empty()) {
        target.nature = "none";
    }
    static const std::vector<std::string> natures{"expected", "binding", "none"};
    if (!contains(natures, target.nature)) {
        reader.mistake(
            reader.what() + ": unknown nature '" + target.nature + "'",
            suggest(target.nature, natures)
        );
    }
    target.targets = read_targets(reader, "target");
    if (const Yaml* areas = reader.take("areas")) {
        read_areas(reader, *areas, target);
    }
    read_baseline(reader, target);
    const auto unit = reader.title("unit", "");
    reader.finish();
    const auto& all = so_far.indicators();
    const auto known = std::find_if(all.begin(), all.end(), [&](const Indicator& one) {
        return one.id == target.indicator;
    });
    if (known != all.end() && !unit.en.empty() && unit.en != known->unit.en) {
        reader.mistake(
            "plan target '" + target.indicator + "': the unit '" + unit.en +
                "' does not match that of the indicator, '" + known->unit.en + "'",
            "convert the target"
        );
    }
    return target;
}

void read_period(Reader& reader, Plan& plan) {
    const auto period = reader.text("period", true);
    const auto dots = period.find("..");
    const auto from = year_of(period.substr(0, dots));
    const auto to = dots == std::string::npos ? from : year_of(period.substr(dots + 2));
    if (period.empty()) {
        return;
    }
    if (!from || !to || *from > *to) {
        reader.mistake(reader.what() + ": '" + period + "' is no period", "write 2021..2025");
        return;
    }
    plan.from_year = *from;
    plan.to_year = *to;
}

/// What an official code has in common with all codes below it: "340500000000" -> "3405".
std::string_view stem(std::string_view code) {
    const auto last = code.find_last_not_of('0');
    const auto length = last == std::string_view::npos ? 0 : last + 1;
    return code.substr(
        0, length <= 2   ? 2
           : length <= 4 ? 4
           : length <= 6 ? 6
           : length <= 9 ? 9
                         : 12
    );
}

class PlanCheck {
 public:
    PlanCheck(const Plan& plan, Mistakes& mistakes) : m_plan(plan), m_mistakes(mistakes) {}

    void target(const PlanTarget& target, const std::vector<std::string>& known) {
        if (!target.indicator.empty() && !contains(known, target.indicator)) {
            add(target, "unknown indicator '" + target.indicator + "'",
                suggest(target.indicator, known));
        }
        for (const auto& other : m_plan.indicators) {
            if (&other < &target && other.indicator == target.indicator) {
                add(target,
                    "indicator '" + target.indicator + "' is named twice (also on line " +
                        std::to_string(other.place.line) + ")",
                    "join the two");
            }
        }
        years(target, target.targets);
        for (const auto& [code, targets] : target.areas) {
            if (!code.starts_with(stem(m_plan.area)) || code == m_plan.area) {
                add(target, "area '" + code + "' does not lie below that of the plan",
                    "check the code");
            }
            years(target, targets);
        }
        if (target.baseline_year && *target.baseline_year > m_plan.to_year) {
            add(target,
                "baseline of " + std::to_string(*target.baseline_year) + " lies after the period",
                "check the year");
        }
    }

 private:
    void years(const PlanTarget& target, const std::vector<Target>& targets) {
        for (const auto& one : targets) {
            if (one.year < m_plan.from_year || one.year > m_plan.to_year) {
                add(target, "target of " + std::to_string(one.year) + " lies outside the period",
                    "check the year");
            }
        }
    }
    void add(const PlanTarget& target, const std::string& text, std::string suggestion) {
        m_mistakes.push_back(
            {target.place, "plan '" + m_plan.id + "': " + text, std::move(suggestion)}
        );
    }

    const Plan& m_plan;
    Mistakes& m_mistakes;
};

}  // namespace

bool area_code(std::string_view code) {
    return code.size() == 12 && code.find_first_not_of("0123456789") == std::string_view::npos;
}

Plan read_plan(const Catalogue& so_far, const PackFile& file, Mistakes& mistakes) {
    Plan plan;
    Reader reader(file.root, file.path, "plan", mistakes);
    plan.place = {file.path, file.root.line};
    plan.id = reader.text("plan", true);
    plan.title = reader.title("title", plan.id);
    plan.source = reader.text("source");
    plan.area = reader.text("area", true);
    if (!plan.area.empty() && !area_code(plan.area)) {
        reader.mistake(
            reader.what() + ": '" + plan.area + "' is no area code", "12 digits in quotes"
        );
    }
    read_period(reader, plan);
    reader.take("manual");  // read with the indicators
    const Yaml* indicators = reader.demand("indicators");
    if (indicators && indicators->shape != Yaml::Shape::list) {
        reader.mistake(*indicators, reader.what() + ": 'indicators' must be a list");
    } else if (indicators) {
        for (const auto& item : indicators->items) {
            plan.indicators.push_back(read_plan_target(so_far, item, file.path, mistakes));
        }
    }
    reader.finish();
    return plan;
}

void check_plans(const Catalogue& catalogue, Mistakes& mistakes) {
    std::vector<std::string> known;
    for (const auto& indicator : catalogue.indicators()) {
        known.push_back(indicator.id);
    }
    for (const auto& plan : catalogue.plans()) {
        for (const auto& other : catalogue.plans()) {
            if (&other < &plan && other.id == plan.id) {
                mistakes.push_back(
                    {plan.place, "plan '" + plan.id + "': declared also in " + other.place.file,
                     "rename one"}
                );
            }
        }
        PlanCheck check(plan, mistakes);
        for (const auto& target : plan.indicators) {
            if (plan.from_year != 0) {
                check.target(target, known);
            }
        }
    }
}

}  // namespace linli::catalogue
