// SPDX-License-Identifier: Apache-2.0
// linli area split | merge | rename | move | decisions | approve | apply | undo
#include <algorithm>
#include <cstdio>
#include <fstream>

#include "app/area_decisions.hpp"
#include "app/command_line.hpp"
#include "area/replay.hpp"
#include "base/text.hpp"
#include "identity/store.hpp"

namespace linli::app {

namespace {

/// What the command line says of a decision, still in codes.
struct Order {
    std::vector<std::string> areas;     ///< codes, of a merge with =HOUSEHOLDS
    std::vector<std::string> into;      ///< CODE=NAME[:HOUSEHOLDS], the first is the heir
    std::vector<std::string> children;  ///< CODE=SUCCESSOR, both codes
    std::string heir;                   ///< code of a successor
    std::string name, code, under, effective, document, reason, by;
    bool propose = false;
    std::int64_t decision = 0;
};

AreaId area_of(const area::Tree& tree, const std::string& code) {
    const auto* node = tree.find_code(code);
    if (!node) {
        throw invalid("/areas", "unknown_area", "no area of today has the code " + code);
    }
    return node->id;
}

AccountId account_of(store::Tx& tx, const std::string& login) {
    const auto found = identity::find_secret(tx, identity::plain_login(login));
    if (!found) {
        throw invalid("--as", "unknown_account", "there is no account " + login);
    }
    return found->account;
}

std::int64_t count_in(const std::string& text) {
    std::int64_t number = 0;
    if (!parse_id(text, number)) {
        throw invalid("--into", "number_malformed", text + " is no number of households");
    }
    return number;
}

std::pair<std::string, std::string> cut(const std::string& text, char at) {
    const auto place = text.find(at);
    return place == std::string::npos ? std::pair(text, std::string())
                                      : std::pair(text.substr(0, place), text.substr(place + 1));
}

/// Successors as given; households become weights. A code that an affected area bears names it.
void read_successors(const area::Tree& tree, const Order& order, area::Proposal& proposal) {
    std::vector<std::int64_t> households;
    for (const auto& text : order.into) {
        const auto [code, rest] = cut(text, '=');
        const auto [name, count] = cut(rest, ':');
        auto& one = proposal.successors.emplace_back();
        const auto* node = tree.find_code(code);
        const bool goes_on =
            node &&
            std::any_of(proposal.areas.begin(), proposal.areas.end(), [&](const auto& area) {
                return area.area == node->id;
            });
        goes_on ? void(one.area = node->id) : void(one.code = code);
        one.name = name;
        one.heir = order.heir.empty() ? proposal.successors.size() == 1 : order.heir == code;
        households.push_back(count.empty() ? 1 : count_in(count));
    }
    const auto weights = area::apportion(area::whole, households);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        proposal.successors[i].weight = weights[i];
    }
    for (const auto& text : order.children) {
        const auto [child, to] = cut(text, '=');
        const auto at = std::find_if(order.into.begin(), order.into.end(), [&](const auto& one) {
            return cut(one, '=').first == to;
        });
        if (at == order.into.end()) {
            throw invalid("--child", "unknown_area", to + " is none of the successors");
        }
        proposal.successors[static_cast<std::size_t>(at - order.into.begin())].children.push_back(
            area_of(tree, child)
        );
    }
}

area::Proposal proposal_of(const area::Tree& tree, area::DecisionKind kind, const Order& order) {
    area::Proposal proposal;
    proposal.kind = kind;
    const auto date = parse_date(order.effective);
    if (!date) {
        throw malformed("date_malformed", "--effective is a date such as 2025-05-08");
    }
    proposal.effective = *date;
    proposal.document = tidy(order.document);
    proposal.reason = tidy(order.reason);
    for (const auto& text : order.areas) {
        const auto [code, count] = cut(text, '=');
        proposal.areas.push_back({area_of(tree, code), count.empty() ? 0 : count_in(count)});
    }
    if (!order.into.empty()) {
        read_successors(tree, order, proposal);
        return proposal;
    }
    auto& one = proposal.successors.emplace_back();
    one.area = proposal.areas.front().area;
    one.name = order.name;
    one.code = order.code;
    one.heir = true;
    if (!order.under.empty()) {
        one.parent = area_of(tree, order.under);
    }
    return proposal;
}

int preview(Application& app, const area::Proposal& proposal) {
    const auto seen = app.database().read_now([&](store::Tx& tx) {
        return app.area_decisions().preview(tx, proposal);
    });
    for (const auto& one : seen.problems) {
        std::fprintf(
            stderr, "%s: %s %s\n", one.pointer.c_str(), one.code.c_str(), one.detail.c_str()
        );
    }
    for (const auto& one : seen.ends) {
        std::printf("ends    %s %s\n", one.code.c_str(), one.name.c_str());
    }
    for (const auto& one : seen.begins) {
        std::printf("begins  %s %s\n", one.code.c_str(), one.name.c_str());
    }
    for (const auto& one : seen.refiled) {
        std::printf(
            "refiles %lld %s: %s -> %s\n", static_cast<long long>(one.records), one.kind.c_str(),
            one.from.c_str(), one.to.c_str()
        );
    }
    for (const auto& one : seen.staying) {
        std::printf(
            "stay    %lld %s: %s\n", static_cast<long long>(one.records), one.kind.c_str(),
            one.from.c_str()
        );
    }
    for (const auto& one : seen.units) {
        std::printf("unit    %s: %s -> %s\n", one.name.c_str(), one.from.c_str(), one.to.c_str());
    }
    for (const auto& one : seen.grants) {
        std::printf(
            "grants  %lld %s: %s -> %s\n", static_cast<long long>(one.grants), one.role.c_str(),
            one.from.c_str(), join(one.to, ", ").c_str()
        );
    }
    return seen.problems.empty() ? 0 : 1;
}

int decide(Settings settings, area::DecisionKind kind, const Order& order) {
    SystemTime time;
    SystemRandom random;
    Application app(settings, time, random);
    const auto proposal = proposal_of(*app.areas().today(), kind, order);
    const int code = preview(app, proposal);
    if (code != 0 || !order.propose) {
        return code;
    }
    const auto id = app.database().write_now([&](store::Tx& tx) {
        return area::propose(
            tx, *app.areas().today(), proposal, account_of(tx, order.by), time.now()
        );
    });
    std::printf("proposed %lld; another account approves it\n", static_cast<long long>(id));
    return 0;
}

int list(Settings settings) {
    SystemTime time;
    SystemRandom random;
    Application app(settings, time, random);
    app.database().read_now([&](store::Tx& tx) {
        for (const auto& one : area::decisions(tx, std::nullopt, 500)) {
            std::printf(
                "%lld %-6s %-9s %s %s\n", static_cast<long long>(one.id),
                name_of(one.proposal.kind), name_of(one.state),
                to_text(one.proposal.effective).c_str(), one.proposal.document.c_str()
            );
            if (one.state == area::DecisionState::approved && !one.failure.empty()) {
                std::printf(
                    "    could not be applied: %s; tried %d times, again at %s\n",
                    one.failure.c_str(), one.failures, to_text(one.next_try).c_str()
                );
            }
        }
        return 0;
    });
    return 0;
}

int step(Settings settings, const std::string& what, const Order& order) {
    SystemTime time;
    SystemRandom random;
    Application app(settings, time, random);
    app.database().write_now([&](store::Tx& tx) {
        const auto decision = area::find_decision(tx, order.decision);
        if (!decision) {
            throw not_found("decision");
        }
        const auto by = account_of(tx, order.by);
        what == "approve" ? area::approve(tx, *decision, by, time.now())
        : what == "apply" ? app.area_decisions().apply(tx, *decision, by, time.now())
                          : app.area_decisions().undo(tx, *decision, by, time.now());
    });
    std::printf("done\n");
    return 0;
}

/// The two lists of a replay, and their days.
struct ReplayOrder {
    std::filesystem::path from, to;
    std::string from_day, to_day;
    bool write = false, all = false;
};

std::vector<area::ImportRow> list_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return area::read_list(in);
}

void report(
    const area::Explanation& e, const std::vector<area::ImportRow>& before,
    const std::vector<area::ImportRow>& after, bool all
) {
    std::map<std::string, std::array<std::size_t, 3>> counts;
    for (const auto& one : e.found) {
        const auto level =
            area::level_of_code(before[static_cast<std::size_t>(one.before[0])].code);
        auto& count = counts[std::string(name_of(*level)) + " " + name_of(one.rule)];
        ++count[0];
        count[1] += one.before.size();
        count[2] += one.after.size();
    }
    for (const auto& [what, count] : counts) {
        std::printf("%-24s %6zu cases: %6zu -> %6zu\n", what.c_str(), count[0], count[1], count[2]);
    }
    std::printf(
        "not explained: %zu that are gone, %zu that are new; %lld codes stand for another name\n",
        e.gone.size(), e.fresh.size(), static_cast<long long>(e.codes_reused)
    );
    for (const auto& [word, list, rows] :
         {std::tuple("gone", &e.gone, &before), std::tuple("new", &e.fresh, &after)}) {
        for (std::size_t i = 0; all && i < list->size(); ++i) {
            const auto& row = (*rows)[static_cast<std::size_t>((*list)[i])];
            std::printf("%-4s %s %s\n", word, row.code.c_str(), row.name.c_str());
        }
    }
}

int replay(Settings settings, const ReplayOrder& order) {
    const auto before = list_of(order.from), after = list_of(order.to);
    const auto e = area::explain(before, after);
    report(e, before, after, order.all);
    if (!order.write) {
        return 0;
    }
    const auto from = parse_date(order.from_day), to = parse_date(order.to_day);
    if (!from || !to || *to <= *from) {
        throw malformed(
            "date_malformed", "--from-day and --to-day are dates, the first is earlier"
        );
    }
    SystemTime time;
    SystemRandom random;
    Application app(settings, time, random);
    const auto written = app.database().write_now([&](store::Tx& tx) {
        return area::write_history(tx, before, *from, after, *to, e, time.now());
    });
    std::printf("%lld decisions written\n", static_cast<long long>(written));
    return 0;
}

Order& order() {
    static Order one;
    return one;
}

CLI::App* add_decision(
    CLI::App& root, Settings& settings, std::function<int()>& todo, area::DecisionKind kind,
    const char* about
) {
    auto* command = root.add_subcommand(name_of(kind), about);
    add_data_options(*command, settings);
    add_catalogue_option(*command, settings);
    command->add_option("area", order().areas, "Code; in a merge several, each CODE[=HOUSEHOLDS]")
        ->required();
    command->add_option("--effective", order().effective, "The day it takes effect")->required();
    command->add_option("--document", order().document, "Number of the document")->required();
    command->add_option("--reason", order().reason, "Why");
    auto* by = command->add_option("--as", order().by, "Login of who proposes it");
    command->add_flag("--propose", order().propose, "Keep the proposal; without it, only look")
        ->needs(by);
    command->callback([&todo, &settings, kind] {
        todo = [&settings, kind] { return decide(settings, kind, order()); };
    });
    return command;
}

void add_steps(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    for (const char* what : {"approve", "apply", "undo"}) {
        auto* command = root.add_subcommand(what, std::string(what) + " a decision");
        add_data_options(*command, settings);
        add_catalogue_option(*command, settings);
        command->add_option("decision", order().decision, "Its number")->required();
        command->add_option("--as", order().by, "Login of who does it")->required();
        command->callback([&todo, &settings, what] {
            todo = [&settings, what] { return step(settings, what, order()); };
        });
    }
}

}  // namespace

void add_area_decisions(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    using area::DecisionKind;
    auto* split = add_decision(root, settings, todo, DecisionKind::split, "Split an area");
    auto* merge = add_decision(root, settings, todo, DecisionKind::merge, "Merge areas");
    for (auto* command : {split, merge}) {
        command
            ->add_option(
                "--into", order().into, "CODE=NAME[:HOUSEHOLDS]; the first inherits what is over"
            )
            ->required();
    }
    split->add_option("--heir", order().heir, "Code of the successor that inherits instead");
    split->add_option(
        "--child", order().children, "CODE=SUCCESSOR: an area below comes to this one"
    );
    auto* rename = add_decision(root, settings, todo, DecisionKind::rename, "Another name or code");
    auto* move = add_decision(root, settings, todo, DecisionKind::move, "Under another area");
    move->add_option("--under", order().under, "Code of the new parent")->required();
    for (auto* command : {rename, move}) {
        command->add_option("--name", order().name, "The new name");
        command->add_option("--code", order().code, "The new code");
    }
    auto* all = root.add_subcommand("decisions", "List decisions, the newest first");
    add_data_options(*all, settings);
    add_catalogue_option(*all, settings);
    all->callback([&] { todo = [&] { return list(settings); }; });
    static ReplayOrder lists;
    auto* command = root.add_subcommand(
        "replay", "Explain how one official list became another, and write it as history"
    );
    add_data_options(*command, settings);
    add_catalogue_option(*command, settings);
    command->add_option("--from", lists.from, "CSV: code, parent, name")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--to", lists.to, "CSV of later")->required()->check(CLI::ExistingFile);
    command->add_option("--from-day", lists.from_day, "The day of the first list");
    command->add_option("--to-day", lists.to_day, "The day of the second");
    command->add_flag("--list", lists.all, "Print what could not be explained");
    command->add_flag("--write", lists.write, "Write both lists and the lineage into the database");
    command->callback([&] { todo = [&] { return replay(settings, lists); }; });
    add_steps(root, settings, todo);
}

}  // namespace linli::app
