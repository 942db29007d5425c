// SPDX-License-Identifier: Apache-2.0
// linli measure show | explain | verify | rebuild
#include <chrono>
#include <cstdio>

#include "app/command_line.hpp"
#include "app/verify.hpp"
#include "measure/proof.hpp"
#include "measure/store.hpp"

namespace linli::app {

namespace {

struct MeasureOrder {
    std::string id, area, period;
    bool json = false;
};

/// An application that does not serve, its cells read.
struct Opened {
    explicit Opened(const Settings& settings) : application(settings, time, random) {
        application.measure().begin();
    }
    ~Opened() { application.database().close(); }
    SystemTime time;
    SystemRandom random;
    Application application;
};

struct Wanted {
    const area::Node* area;
    measure::Period period;
};
Wanted wanted(const area::Tree& tree, const MeasureOrder& order) {
    const auto* node = tree.find_code(order.area);
    if (!node) {
        throw not_found("area");
    }
    const auto period = measure::parse_period(order.period);
    if (!period) {
        throw malformed(
            "period_malformed", "--period is 2025, 2025-Q2, 2025-06 or 2025-01..2025-06"
        );
    }
    return {node, *period};
}

/// The counters of an indicator, or the one counter of that name.
std::vector<const measure::CounterQuery*> queries(
    const measure::Measure& measure, const std::string& id
) {
    for (const auto& one : measure.catalogue().indicators()) {
        if (one.id == id) {
            return measure.counters_of(one);
        }
    }
    return {&measure.query(id)};
}

void print_value(const measure::Measure& measure, const std::string& id, const Wanted& wanted) {
    for (const auto& one : measure.catalogue().indicators()) {
        if (one.id == id) {
            if (one.manual) {
                std::printf("%s is entered by hand\n", id.c_str());
                continue;
            }
            const auto value = measure.value(one, wanted.area->id, wanted.period);
            std::printf("%s = %s\n", id.c_str(), one.formula.text().c_str());
            value ? std::printf("%.10g %s\n", *value, one.unit.en.c_str())
                  : std::printf("no value (division by zero)\n");
        }
    }
    for (const auto* query : queries(measure, id)) {
        const auto value = measure.counter(*query, wanted.area->id, wanted.period);
        std::printf("  %s %.15g\n", value.id.c_str(), value.value);
    }
}

int show(const Settings& settings, const MeasureOrder& order) {
    Opened opened(settings);
    const auto& measure = opened.application.measure();
    const auto tree = measure.tree();
    print_value(measure, order.id, wanted(*tree, order));
    return 0;
}

void print_cells(
    store::Tx& tx, const area::Tree& tree, const measure::CounterQuery& query, const Wanted& wanted
) {
    constexpr int cells_most = 100;
    int printed = 0, more = 0;
    for (const auto county : measure::counties_for(tree, wanted.area->id)) {
        for (const auto& cell : measure::cells_of(tx, county, query.counter->id, std::nullopt)) {
            const auto place = measure::place_of(tree, county, cell.area);
            const bool early = cell.month < wanted.period.from && !query.counter->stock;
            if (early || cell.month > wanted.period.to || !tree.within(place, wanted.area->id)) {
                continue;
            }
            if (++printed > cells_most) {
                ++more;
                continue;
            }
            const auto* node = tree.find(cell.area);
            std::printf(
                "    %s %s %s %lld\n", measure::to_text(cell.month).c_str(),
                node ? std::string(node->code).c_str() : std::to_string(cell.area.value).c_str(),
                cell.breakdown.c_str(), static_cast<long long>(cell.value)
            );
        }
    }
    if (more > 0) {
        std::printf("    and %d more\n", more);
    }
}

int explain(const Settings& settings, const MeasureOrder& order) {
    Opened opened(settings);
    const auto& measure = opened.application.measure();
    const auto tree = measure.tree();
    const auto where = wanted(*tree, order);
    print_value(measure, order.id, where);
    const auto now = opened.time.now();
    opened.application.database().read([&](store::Tx& tx) {
        for (const auto* query : queries(measure, order.id)) {
            const auto one = query->counting({where.area->county_number, {}, where.period}, now);
            std::printf("\n%s\n  %s\n  with", query->counter->id.c_str(), one.sql.c_str());
            for (const auto& param : one.params) {
                std::printf(" %s", to_json(param).c_str());
            }
            std::printf("\n  cells: month, area as filed, breakdown, stored value\n");
            print_cells(tx, *tree, *query, where);
            if (query->counter->stock && where.period.to < measure::month_of(now)) {
                std::printf("  a stock of the past: its records were not kept\n");
                continue;
            }
            const auto all =
                measure::recount(tx, measure, *query, {where.area->id, where.period, now});
            std::printf(
                "  %lld records, together %lld\n", static_cast<long long>(all.records),
                static_cast<long long>(all.value)
            );
        }
    });
    return 0;
}

int verify_measures(const Settings& settings, const MeasureOrder& order) {
    Opened opened(settings);
    auto& measure = opened.application.measure();
    VerifyReport report;
    // What others write meanwhile is counted and looked at again; what is wrong stays wrong.
    for (int tries = 0; tries < 3 && (tries == 0 || report.wrong() > 0); ++tries) {
        measure.catch_up(opened.application.sealer());
        report.checks.assign(1, {});
        report.checks[0].name = "measures";
        opened.application.database().read([&](store::Tx& tx) {
            measure.verify(tx, report.checks[0]);
        });
    }
    if (order.json) {
        std::printf("%s\n", to_json(report).c_str());
        return report.wrong() == 0 ? 0 : 1;
    }
    for (const auto& finding : report.checks[0].findings) {
        std::printf("%s: %s\n", finding.where.c_str(), finding.what.c_str());
    }
    std::printf(
        "%lld cells, %lld wrong\n", static_cast<long long>(report.checks[0].examined),
        static_cast<long long>(report.wrong())
    );
    return report.wrong() == 0 ? 0 : 1;
}

int rebuild(const Settings& settings) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    Opened opened(settings);
    opened.application.measure().rebuild();
    std::printf(
        "%zu cells in %.1f s\n", opened.application.measure().cells().size(),
        std::chrono::duration<double>(Clock::now() - start).count()
    );
    return 0;
}

}  // namespace

void add_measure_commands(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    static MeasureOrder order;
    auto* measure = root.add_subcommand("measure", "Figures, how they come about, and their check");
    measure->require_subcommand(1);
    const auto command = [&](const char* name, const char* about) {
        auto* one = measure->add_subcommand(name, about);
        add_data_options(*one, settings);
        add_catalogue_option(*one, settings);
        return one;
    };
    for (auto* one :
         {command("show", "The figure of an indicator or counter"),
          command("explain", "... with its statements, its cells and the number of its records")}) {
        one->add_option("id", order.id, "Indicator or counter")->required();
        one->add_option("--area", order.area, "Official code")->required();
        one->add_option("--period", order.period, "2025, 2025-Q2, 2025-06 or 2025-01..2025-06")
            ->required();
        const bool all = one->get_name() == "explain";
        one->callback([&settings, &todo, all] {
            todo = [&settings, all] {
                return all ? explain(settings, order) : show(settings, order);
            };
        });
    }
    auto* verify =
        command("verify", "Count everything again and compare: exit code 0 right, 1 wrong");
    verify->add_flag("--json", order.json, "Print the report as JSON");
    verify->callback([&settings, &todo] {
        todo = [&settings] { return verify_measures(settings, order); };
    });
    command("rebuild", "Count everything again")->callback([&settings, &todo] {
        todo = [&settings] { return rebuild(settings); };
    });
}

}  // namespace linli::app
