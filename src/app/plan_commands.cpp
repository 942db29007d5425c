// SPDX-License-Identifier: Apache-2.0
// linli plan list | check | doc | diff | show
#include <algorithm>
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "plan/plan.hpp"

namespace linli::app {

namespace {

struct PlanOrder {
    std::string plan, area, period, before, after;
};

/// "Plan · 41 indicators, 3 of them computed from records".
void print_brief(const catalogue::Catalogue& all, const catalogue::Plan& plan) {
    std::int64_t computed = 0, with_target = 0;
    for (const auto& of : plan.indicators) {
        with_target += of.targets.empty() && of.areas.empty() ? 0 : 1;
        computed += std::any_of(
            all.indicators().begin(), all.indicators().end(),
            [&](const catalogue::Indicator& one) { return one.id == of.indicator && !one.manual; }
        );
    }
    std::printf(
        "%s  %s  %s  %d..%d: %zu indicators, %lld with a target, %lld computed from records\n",
        plan.id.c_str(), plan.area.c_str(), plan.title.zh.c_str(), plan.from_year, plan.to_year,
        plan.indicators.size(), static_cast<long long>(with_target),
        static_cast<long long>(computed)
    );
}

int list(const Settings& settings) {
    const auto all = load_catalogue(settings.catalogue);
    for (const auto& plan : all->plans()) {
        print_brief(*all, plan);
    }
    return 0;
}

int diff(const PlanOrder& order) {
    const auto lines =
        plan::difference(*load_catalogue(order.before), *load_catalogue(order.after));
    for (const auto& line : lines) {
        std::printf("%s\n", line.c_str());
    }
    return 0;
}

void print_figure(
    const catalogue::PlanTarget& of, const catalogue::Indicator& indicator,
    const plan::Figure& figure, const catalogue::Target* target, plan::Standing standing
) {
    char value[40] = "-";
    if (figure.value) {
        std::snprintf(value, sizeof value, "%.*f", indicator.digits, *figure.value);
    }
    std::printf(
        "%-9s %12s %-10s %-16s %s (%s)\n", name_of(standing), value, name_of(figure.origin),
        target ? (plan::to_text(*target) + " in " + std::to_string(target->year)).c_str() : "",
        indicator.title.zh.c_str(), of.indicator.c_str()
    );
}

int show(const Settings& settings, const PlanOrder& order) {
    SystemTime time;
    SystemRandom random;
    Application application(settings, time, random);
    application.measure().begin();
    const auto& measure = application.measure();
    const auto tree = measure.tree();
    const auto* plan = plan::find_plan(measure.catalogue(), order.plan);
    if (!plan) {
        throw not_found("plan");
    }
    const auto* node = tree->find_code(order.area.empty() ? plan->area : order.area);
    const auto* top = tree->find_code(plan->area);
    if (!node || !top || !tree->within(node->id, top->id)) {
        throw not_found("area");
    }
    const auto period = measure::parse_period(order.period);
    if (!period) {
        throw malformed(
            "period_malformed", "--period is 2025, 2025-Q2, 2025-06 or 2025-01..2025-06"
        );
    }
    const int year = period->to / 12;
    application.database().read([&](store::Tx& tx) {
        const auto entered = measure::manual_values(tx, *node, "");
        for (const auto& of : plan->indicators) {
            const auto& indicator = measure.indicator(of.indicator);
            const auto figure = plan::figure(measure, indicator, node->id, *period, entered);
            const auto* target = plan::target_for(of, node->code, node == top, year);
            print_figure(
                of, indicator, figure, target,
                plan::judge(figure.value, target, of, year, indicator.digits)
            );
        }
    });
    application.database().close();
    return 0;
}

}  // namespace

void add_plan_commands(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    static PlanOrder order;
    auto* plan = root.add_subcommand("plan", "Plans: targets of packs and how things stand");
    plan->require_subcommand(1);
    auto* every = plan->add_subcommand("list", "The plans of the catalogue");
    add_catalogue_option(*every, settings);
    every->callback([&] { todo = [&] { return list(settings); }; });
    auto* check =
        plan->add_subcommand("check", "Print every mistake with file, line and suggestion");
    add_catalogue_option(*check, settings);
    check->callback([&] {
        todo = [&] {
            const int mistakes = catalogue_check(settings.catalogue);
            return mistakes == 0 ? list(settings) : mistakes;
        };
    });
    auto* page = plan->add_subcommand("doc", "Print where each indicator comes from, as a page");
    add_catalogue_option(*page, settings);
    page->callback([&] {
        todo = [&] {
            std::printf("%s", plan::document(*load_catalogue(settings.catalogue)).c_str());
            return 0;
        };
    });
    auto* differ = plan->add_subcommand("diff", "What is other in the plans of another catalogue");
    differ->add_option("before", order.before, "Folder of the catalogue before")->required();
    differ->add_option("after", order.after, "Folder of the catalogue after")->required();
    differ->callback([&] { todo = [] { return diff(order); }; });
    auto* figures = plan->add_subcommand("show", "A plan's figures against its targets");
    add_data_options(*figures, settings);
    add_catalogue_option(*figures, settings);
    figures->add_option("plan", order.plan, "Name of the plan")->required();
    figures->add_option("--area", order.area, "Official code; left out: the plan's own");
    figures->add_option("--period", order.period, "2025, 2025-Q2, 2025-06 or 2025-01..2025-06")
        ->required();
    figures->callback([&] { todo = [&] { return show(settings, order); }; });
}

}  // namespace linli::app
