// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

/// ">= 35", "= 100", "about 12".
std::optional<Target> read_target(Reader& reader, const Yaml::Member& member) {
    static const std::vector<std::string> comparisons{">=", "<=", "=", ">", "<", "about"};
    Target target;
    const auto year = to_integer(member.key);
    const auto word = reader.scalar(member.value, member.key);
    if (!word || !year || *year < 1990 || *year > 2100) {
        reader.mistake(
            member.value, reader.what() + ": '" + member.key + "' is no year",
            "like {2025: \">= 35\"}"
        );
        return std::nullopt;
    }
    target.year = static_cast<int>(*year);
    const auto blank = word->find(' ');
    target.comparison = word->substr(0, blank);
    const auto number = blank == std::string::npos ? std::string() : word->substr(blank + 1);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), target.value);
    if (error != std::errc() || end != number.data() + number.size() ||
        !contains(comparisons, target.comparison)) {
        reader.mistake(
            member.value, reader.what() + ": '" + *word + "' is no target",
            "write \">= 35\" or \"= 100\""
        );
        return std::nullopt;
    }
    return target;
}

PlanTarget read_plan_target(const Yaml& node, const std::string& file, Mistakes& mistakes) {
    PlanTarget target;
    Reader reader(node, file, "plan target", mistakes);
    target.indicator = reader.text("of", true);
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
    reader.each("target", true, [&](const Yaml::Member& member) {
        if (const auto one = read_target(reader, member)) {
            target.targets.push_back(*one);
        }
    });
    reader.finish();
    return target;
}

void read_period(Reader& reader, Plan& plan) {
    const auto period = reader.text("period", true);
    const auto dots = period.find("..");
    const auto from = to_integer(period.substr(0, dots));
    const auto to = dots == std::string::npos ? from : to_integer(period.substr(dots + 2));
    if (period.empty()) {
        return;
    }
    if (!from || !to || *from < 1990 || *to > 2100 || *from > *to) {
        reader.mistake(reader.what() + ": '" + period + "' is no period", "write 2021..2025");
        return;
    }
    plan.from_year = static_cast<int>(*from);
    plan.to_year = static_cast<int>(*to);
}

}  // namespace

bool area_code(std::string_view code) {
    return code.size() == 12 && code.find_first_not_of("0123456789") == std::string_view::npos;
}

Plan read_plan(const PackFile& file, Mistakes& mistakes) {
    Plan plan;
    Reader reader(file.root, file.path, "plan", mistakes);
    plan.place = {file.path, file.root.line};
    plan.id = reader.text("plan", true);
    plan.title = reader.title("title", plan.id);
    plan.area = reader.text("area", true);
    if (!plan.area.empty() && !area_code(plan.area)) {
        reader.mistake(
            reader.what() + ": '" + plan.area + "' is no area code", "12 digits in quotes"
        );
    }
    read_period(reader, plan);
    const Yaml* indicators = reader.demand("indicators");
    if (indicators && indicators->shape != Yaml::Shape::list) {
        reader.mistake(*indicators, reader.what() + ": 'indicators' must be a list");
    } else if (indicators) {
        for (const auto& item : indicators->items) {
            plan.indicators.push_back(read_plan_target(item, file.path, mistakes));
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
        const auto what = "plan '" + plan.id + "': ";
        for (const auto& other : catalogue.plans()) {
            if (&other < &plan && other.id == plan.id) {
                mistakes.push_back(
                    {plan.place, what + "declared also in " + other.place.file, "rename one"}
                );
            }
        }
        for (const auto& target : plan.indicators) {
            if (!target.indicator.empty() && !contains(known, target.indicator)) {
                mistakes.push_back(
                    {plan.place, what + "unknown indicator '" + target.indicator + "'",
                     suggest(target.indicator, known)}
                );
            }
            for (const auto& one : target.targets) {
                if (plan.from_year != 0 && (one.year < plan.from_year || one.year > plan.to_year)) {
                    mistakes.push_back(
                        {plan.place,
                         what + "target of " + std::to_string(one.year) +
                             " lies outside the period",
                         "check the year"}
                    );
                }
            }
        }
    }
}

}  // namespace linli::catalogue
