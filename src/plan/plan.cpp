// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace linli::plan {

using catalogue::PlanTarget;
using catalogue::Target;

namespace {

/// "about" without a word on how far: a twentieth.
constexpr double about_share = 0.05;
constexpr double near_share = 0.1;

double rounded(double value, int digits) {
    const double step = std::pow(10.0, digits);
    return std::round(value * step) / step;
}

double tolerance(const Target& target) {
    return target.within.value_or(about_share * std::abs(target.value));
}

/// By how much a value misses a target; 0 = it does not.
double missing(double value, const Target& target) {
    const auto& how = target.comparison;
    if (how == ">=" || how == ">") {
        return std::max(0.0, target.value - value);
    }
    if (how == "<=" || how == "<") {
        return std::max(0.0, value - target.value);
    }
    const double off = std::abs(value - target.value);
    return how == "about" ? std::max(0.0, off - tolerance(target)) : off;
}

/// What is asked for in a year before that of the target.
Target on_the_way(const Target& target, const PlanTarget& of, int year) {
    if (!of.baseline_year || year >= target.year || *of.baseline_year >= target.year) {
        return target;
    }
    const double done = static_cast<double>(std::max(0, year - *of.baseline_year)) /
                        static_cast<double>(target.year - *of.baseline_year);
    Target now = target;
    now.value = of.baseline + (target.value - of.baseline) * done;
    if (target.comparison == "about" || target.comparison == "=") {
        now.comparison = target.value >= of.baseline ? ">=" : "<=";
    } else if (target.comparison == ">" || target.comparison == "<") {
        now.comparison += '=';
    }
    return now;
}

}  // namespace

const Target* target_for(
    const PlanTarget& of, std::string_view area_code, bool plan_area, int year
) {
    const auto own = plan_area ? of.areas.end() : of.areas.find(std::string(area_code));
    if (own == of.areas.end() && of.total && !plan_area) {
        return nullptr;
    }
    const auto& all = own == of.areas.end() ? of.targets : own->second;
    const auto next =
        std::find_if(all.begin(), all.end(), [&](const Target& one) { return one.year >= year; });
    return next != all.end() ? &*next : all.empty() ? nullptr : &all.back();
}

bool meets(double value, const Target& target, int digits) {
    const double have = rounded(value, digits), want = rounded(target.value, digits);
    const auto& how = target.comparison;
    if (how == "about") {
        return std::abs(have - target.value) <= tolerance(target) * (1 + 1e-9);
    }
    return how == ">="   ? have >= want
           : how == ">"  ? have > want
           : how == "<=" ? have <= want
           : how == "<"  ? have < want
                         : have == want;
}

Standing judge(
    std::optional<double> value, const Target* target, const PlanTarget& of, int year, int digits
) {
    if (!value) {
        return Standing::no_value;
    }
    if (!target) {
        return Standing::no_target;
    }
    if (meets(*value, *target, digits) || meets(*value, on_the_way(*target, of, year), digits)) {
        return Standing::met;
    }
    const auto asked = on_the_way(*target, of, year);
    const bool close =
        missing(rounded(*value, digits), asked) <= near_share * std::abs(asked.value);
    return close ? Standing::near : Standing::behind;
}

measure::Period before(measure::Period period) {
    const auto length = period.to - period.from + 1;
    return {period.from - length, period.from - 1};
}

std::vector<measure::Period> last_quarters(measure::Period period, int count) {
    std::vector<measure::Period> quarters;
    const auto last = period.to - period.to % 3;
    for (int i = count - 1; i >= 0; --i) {
        quarters.push_back({last - 3 * i, last - 3 * i + 2});
    }
    return quarters;
}

const catalogue::Plan* find_plan(const catalogue::Catalogue& catalogue, std::string_view id) {
    for (const auto& plan : catalogue.plans()) {
        if (plan.id == id) {
            return &plan;
        }
    }
    return nullptr;
}

std::string to_text(const Target& target) {
    char text[80];
    std::snprintf(text, sizeof text, "%s %.15g", target.comparison.c_str(), target.value);
    if (!target.within) {
        return text;
    }
    char within[40];
    std::snprintf(within, sizeof within, " +- %.15g", *target.within);
    return std::string(text) + within;
}

Figure figure(
    const measure::Measure& measure, const catalogue::Indicator& indicator, AreaId area,
    measure::Period period, const std::vector<measure::ManualValue>& entered
) {
    if (!indicator.manual) {
        const auto value = measure.value(indicator, area, period);
        return {value, value ? Origin::counted : Origin::none, {}};
    }
    const auto* one = measure::in_force(entered, indicator.id, period);
    return one ? Figure{measure::value_of(*one), Origin::by_hand, measure::entry_of(*one)}
               : Figure{};
}

namespace {

/// Every word of a plan under a name that says where it stands.
std::map<std::string, std::string> words_of(const catalogue::Plan& plan) {
    std::map<std::string, std::string> words{
        {"area", plan.area},
        {"period", std::to_string(plan.from_year) + ".." + std::to_string(plan.to_year)},
        {"source", plan.source},
        {"title", plan.title.zh}};
    for (const auto& one : plan.indicators) {
        const auto& name = one.indicator;
        words[name] = one.nature + (one.total ? ", total" : "");
        words[name + " section"] = one.section;
        words[name + " note"] = one.note.zh;
        if (one.baseline_year) {
            words[name + " baseline " + std::to_string(*one.baseline_year)] =
                to_text(Target{0, "", one.baseline, {}}).substr(1);
        }
        for (const auto& target : one.targets) {
            words[name + " " + std::to_string(target.year)] = to_text(target);
        }
        for (const auto& [area, targets] : one.areas) {
            for (const auto& target : targets) {
                words[name + " " + area + " " + std::to_string(target.year)] = to_text(target);
            }
        }
    }
    return words;
}

}  // namespace

std::vector<std::string> difference(
    const catalogue::Catalogue& before, const catalogue::Catalogue& after
) {
    std::vector<std::string> lines;
    for (const auto& plan : before.plans()) {
        if (!find_plan(after, plan.id)) {
            lines.push_back("- plan " + plan.id);
        }
    }
    for (const auto& plan : after.plans()) {
        const auto* other = find_plan(before, plan.id);
        if (!other) {
            lines.push_back("+ plan " + plan.id);
            continue;
        }
        auto was = words_of(*other), is = words_of(plan);
        for (const auto& [name, word] : was) {
            if (!is.contains(name) && !word.empty()) {
                lines.push_back("- " + plan.id + ": " + name + ": " + word);
            }
        }
        for (const auto& [name, word] : is) {
            const auto old = was.find(name);
            if (old == was.end() && !word.empty()) {
                lines.push_back("+ " + plan.id + ": " + name + ": " + word);
            } else if (old != was.end() && old->second != word) {
                lines.push_back("~ " + plan.id + ": " + name + ": " + old->second + " -> " + word);
            }
        }
    }
    return lines;
}

}  // namespace linli::plan
