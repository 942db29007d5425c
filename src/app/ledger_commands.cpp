// SPDX-License-Identifier: Apache-2.0
// linli ledger preview | import
#include <cstdio>
#include <fstream>
#include <sstream>

#include "app/command_line.hpp"
#include "base/text.hpp"
#include "identity/store.hpp"
#include "plan/ledger_tasks.hpp"
#include "store/store.hpp"

namespace linli::app {

namespace {

struct LedgerOrder {
    std::filesystem::path file;
    std::string plan, area, by;
};

plan::Ledger ledger_in(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    return plan::read_ledger(office::read_document(bytes.str()));
}

void print(const plan::LedgerPreview& seen) {
    for (const auto& column : seen.columns) {
        std::printf("column  %-10s %s\n", name_of(column.meaning), column.title.c_str());
    }
    for (const auto& draft : seen.tasks) {
        const auto& task = draft.task;
        const auto due = task.due ? to_text(*task.due) : name_of(task.deadline);
        std::printf(
            "task    %-4s %-10s %s -> %s%s%s\n", task.number.c_str(), due.c_str(),
            draft.heading.c_str(), draft.lead ? draft.lead->name.c_str() : "?",
            draft.indicators.empty() ? "" : "  measured by ", join(draft.indicators, ", ").c_str()
        );
        for (const auto& name : draft.unknown) {
            std::printf("        %-4s no unit is called %s\n", task.number.c_str(), name.c_str());
        }
    }
    for (const auto& one : seen.remarks) {
        std::fprintf(
            stderr, "row %lld %s: %s: %s\n", static_cast<long long>(one.row), one.column.c_str(),
            one.code.c_str(), one.words.c_str()
        );
    }
    for (const auto& one : seen.problems) {
        std::fprintf(
            stderr, "row %lld %s: %s: %s (stands in the way)\n", static_cast<long long>(one.row),
            one.column.c_str(), one.code.c_str(), one.words.c_str()
        );
    }
}

/// Runs `work` as the account of the order, in the place that it names.
template <class F>
void as_ordered(Application& app, store::Tx& tx, const LedgerOrder& order, F&& work) {
    const auto found = identity::find_secret(tx, identity::plain_login(order.by));
    if (!found) {
        throw invalid("--as", "unknown_account", "there is no account " + order.by);
    }
    const auto caller = app.identity().caller_of(tx, found->account);
    const auto core = app.records().core();
    SystemTime time;
    const record::Context c(*core, tx, &caller, time.now());
    const auto* node = order.area.empty() ? nullptr : c.tree->find_code(order.area);
    if (!order.area.empty() && !node) {
        throw invalid("--area", "unknown_area", "no area of today has the code " + order.area);
    }
    work(c, plan::ledger_place(app.measure(), *c.tree, order.plan, node));
}

int preview(const Settings& settings, const LedgerOrder& order) {
    const auto ledger = ledger_in(order.file);
    SystemTime time;
    SystemRandom random;
    Application app(settings, time, random);
    plan::LedgerPreview seen;
    app.database().read_now([&](store::Tx& tx) {
        as_ordered(app, tx, order, [&](const record::Context& c, const plan::LedgerPlace& place) {
            seen = plan::preview_ledger(c, place, ledger);
        });
        return 0;
    });
    app.database().close();
    print(seen);
    return seen.problems.empty() ? 0 : 1;
}

int import(const Settings& settings, const LedgerOrder& order) {
    const auto ledger = ledger_in(order.file);
    SystemTime time;
    SystemRandom random;
    Application app(settings, time, random);
    std::int64_t imported = 0;
    app.database().write_now([&](store::Tx& tx) {
        as_ordered(app, tx, order, [&](const record::Context& c, const plan::LedgerPlace& place) {
            imported = plan::import_ledger(c, place, ledger).imported;
        });
    });
    app.database().close();
    std::printf("%lld tasks imported\n", static_cast<long long>(imported));
    return 0;
}

}  // namespace

void add_ledger_commands(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    static LedgerOrder order;
    auto* ledger = root.add_subcommand("ledger", "Ledgers of plans: bring in an office's table");
    ledger->require_subcommand(1);
    const auto add = [&](const char* name, const char* about,
                         int (*run)(const Settings&, const LedgerOrder&)) {
        auto* command = ledger->add_subcommand(name, about);
        add_data_options(*command, settings);
        add_catalogue_option(*command, settings);
        command->add_option("file", order.file, "DOCX, XLSX, CSV or text")
            ->required()
            ->check(CLI::ExistingFile);
        command->add_option("--plan", order.plan, "Name of the plan")->required();
        command->add_option("--area", order.area, "Official code; left out: the plan's own");
        command->add_option("--as", order.by, "Login of who does it")->required();
        command->callback([&, run] { todo = [&, run] { return run(settings, order); }; });
    };
    add("preview", "What would be understood and what not; changes nothing", preview);
    add("import", "Make the table the ledger of an area: all rows or none", import);
}

}  // namespace linli::app
