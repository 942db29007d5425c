// SPDX-License-Identifier: Apache-2.0
#include "app/area_decisions.hpp"

#include "base/log.hpp"

namespace linli::app {

namespace {

/// Names of areas that are, were and will be.
class Names {
 public:
    Names(store::Tx& tx, const area::Tree& tree, const area::Plan& plan) : m_tx(tx), m_tree(tree) {
        for (const auto& version : plan.begun) {
            m_new[version.area] = version.name;
        }
    }
    std::string operator()(AreaId id) const {
        if (const auto* node = m_tree.find(id)) {
            return std::string(node->name);
        }
        const auto planned = m_new.find(id);
        if (planned != m_new.end()) {
            return planned->second;
        }
        const auto versions = area::versions_of(m_tx, id);
        return versions.empty() ? std::string() : versions.back().name;
    }

 private:
    store::Tx& m_tx;
    const area::Tree& m_tree;
    std::map<AreaId, std::string> m_new;
};

/// If not even that can be written, the decision is tried again a minute later like any that is
/// due.
void put_off(
    store::Database& database, const area::Decision& decision, const std::string& code, Instant now
) {
    try {
        database.write_now([&](store::Tx& tx) { area::put_off(tx, decision, code, now); });
    } catch (const std::exception& error) {
        log::warning(
            "area_decision_not_put_off",
            obj({{"decision", std::to_string(decision.id)}, {"error", error.what()}})
        );
    }
}

AreaLine line_of(const area::Version& version) {
    const bool fresh = version.area.value < 0;
    return {
        fresh ? AreaId{} : version.area, version.code, version.name,
        version.parent.value < 0 ? AreaId{} : version.parent};
}

}  // namespace

AreaDecisions::AreaDecisions(
    area::Areas& areas, identity::Identity& identity, const record::Engine& records
)
    : m_areas(areas), m_identity(identity), m_records(records) {}

DecisionPreview AreaDecisions::preview(store::Tx& tx, const area::Proposal& proposal) const {
    const auto tree = m_areas.today();
    const auto plan = area::plan(tx, *tree, proposal);
    DecisionPreview result;
    for (const auto& one : plan.problems) {
        result.problems.push_back({one.pointer, one.code, one.detail});
    }
    if (!result.problems.empty()) {
        return result;
    }
    const Names name(tx, *tree, plan);
    for (const auto& version : plan.ended) {
        result.ends.push_back(line_of(version));
    }
    for (const auto& version : plan.begun) {
        result.begins.push_back(line_of(version));
    }
    try {
        for (const auto& one : m_records.refile(tx, plan, {}, record::Refiling::count)) {
            result.refiled.push_back({one.kind, name(one.from), name(one.to), one.records});
        }
    } catch (const Refused& refused) {
        for (const auto& one : refused.problems) {
            result.problems.push_back({one.pointer, one.code, one.detail});
        }
    }
    for (const auto& one : m_records.staying(tx, plan.endings, *tree)) {
        result.staying.push_back({one.kind, name(one.area), "", one.records});
    }
    const auto succession = identity::succeed(tx, plan.endings, {}, true);
    for (const auto& one : succession.units) {
        result.units.push_back({one.id, one.name, name(one.from), name(one.to)});
    }
    for (const auto& one : succession.grants) {
        auto& line = result.grants.emplace_back();
        line.role = one.role;
        line.from = name(one.from);
        line.grants = one.count;
        for (const auto to : one.to) {
            line.to.push_back(name(to));
        }
    }
    return result;
}

void AreaDecisions::take_effect(store::Tx& tx, std::vector<AccountId> accounts) const {
    tx.forget_remembered();
    tx.after_commit([this, accounts = std::move(accounts)] {
        m_areas.reload();
        for (const auto account : accounts) {
            m_identity.forget(account);
        }
    });
}

void AreaDecisions::apply(store::Tx& tx, const area::Decision& decision, AccountId by, Instant now)
    const {
    area::Hooks hooks;
    hooks.apply = [&](store::Tx& in, const area::Plan& plan, const area::Hooks::Deed& deed) {
        m_records.refile(in, plan, deed, record::Refiling::keep);
        take_effect(in, identity::succeed(in, plan.endings, deed, false).accounts);
    };
    area::apply(tx, *m_areas.today(), decision, hooks, by, now);
}

void AreaDecisions::undo(store::Tx& tx, const area::Decision& decision, AccountId by, Instant now)
    const {
    area::Hooks hooks;
    hooks.undo = [&](store::Tx& in, const area::Plan& back, const area::Hooks::Deed& deed) {
        m_records.file_back(in, back, deed);
        take_effect(in, identity::give_back(in, back.endings, deed).accounts);
    };
    area::undo(tx, *m_areas.today(), decision, hooks, by, now);
}

int AreaDecisions::apply_due(store::Database& database, Instant now) const {
    const auto due = database.read_now([&](store::Tx& tx) { return area::due_decisions(tx, now); });
    int applied = 0;
    for (const auto& one : due) {
        Value why;
        std::string code;
        try {
            database.write_now([&](store::Tx& tx) { apply(tx, one, one.approved_by, now); });
            ++applied;
            continue;
        } catch (const Refused& refused) {
            code = refused.problems.empty() ? refused.code : refused.problems.front().code;
        } catch (const std::exception& error) {  // ours or the machine's: the others are tried too
            code = "internal";
            why = error.what();
        }
        log::error(
            "area_decision_failed", obj(
                                        {{"decision", std::to_string(one.id)},
                                         {"code", code},
                                         {"error", why},
                                         {"tries", one.failures + 1}}
                                    )
        );
        put_off(database, one, code, now);
    }
    return applied;
}

}  // namespace linli::app
