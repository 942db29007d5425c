// SPDX-License-Identifier: Apache-2.0
// Decisions as rows, and what applying and undoing them does to the tree.
#include <algorithm>
#include <set>

#include "area/decision.hpp"
#include "area/store.hpp"
#include "store/change.hpp"

namespace linli::area {

namespace {

constexpr const char* columns_of_decision =
    "id, state, proposal, proposed_by, proposed_at, approved_by, approved_at, applied_by, "
    "applied_at, undone_by, undone_at, failure, failures, next_try";

Decision read_decision(const store::Row& row) {
    Decision one;
    one.id = row.integer(0);
    one.state = parse_name<DecisionState>(row.text(1)).value();
    one.proposal = read<Proposal>(parse_json(row.text(2)));
    int column = 3;
    for (auto [who, when] :
         {std::pair(&one.proposed_by, &one.proposed_at),
          std::pair(&one.approved_by, &one.approved_at),
          std::pair(&one.applied_by, &one.applied_at), std::pair(&one.undone_by, &one.undone_at)}) {
        who->value = row.integer(column++);
        when->ms = row.integer(column++);
    }
    one.failure = row.text(column++);
    one.failures = static_cast<int>(row.integer(column++));
    one.next_try.ms = row.integer(column);
    return one;
}

template <class... A>
std::vector<Decision> read_decisions(
    store::Tx& tx, const char* name, const std::string& where, const A&... a
) {
    const auto text = std::string("SELECT ") + columns_of_decision + " FROM area_decision " + where;
    std::vector<Decision> found;
    tx.each(
        store::Sql{name, text},
        [&](const store::Row& row) {
            found.push_back(read_decision(row));
            return true;
        },
        a...
    );
    return found;
}

/// Moves a decision on if it still stands where the caller saw it.
void step(
    store::Tx& tx, const Decision& decision, DecisionState to, const char* what, AccountId by,
    Instant now
) {
    const auto text = std::string("UPDATE area_decision SET state = $3, ") + what + "_by = $4, " +
                      what + "_at = $5 WHERE id = $1 AND state = $2";
    if (tx.run(
            store::Sql{"area.decision_step", text}, decision.id, name_of(decision.state),
            name_of(to), by, now
        ) != 1) {
        throw conflict("decision_changed", "the decision has moved on meanwhile");
    }
}

void log(
    store::Tx& tx, const Decision& decision, const std::string& action, AccountId by, Instant now
) {
    store::Change change;
    change.at = now;
    change.actor = by;
    change.kind = "area_decision";
    change.record = {decision.id};
    change.action = action;
    change.area_before = decision.proposal.areas.front().area;
    change.detail = name_of(decision.proposal.kind);
    store::append_change(tx, 0, std::move(change));
}

void keep_version(store::Tx& tx, std::int64_t decision, const char* change, const Version& v) {
    constexpr store::Sql sql{"area.keep_version", R"(
        INSERT INTO area_decision_version (decision, change, area, valid_from, valid_to, code, name, level, kind, parent,
                                           urban_rural, counted)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))"};
    tx.post(
        sql, decision, change, v.area, v.from, v.to, v.code, v.name, v.level, v.kind, v.parent,
        v.urban_rural, v.counted
    );
}

std::vector<Version> kept_versions(store::Tx& tx, std::int64_t decision, const char* change) {
    constexpr store::Sql sql{"area.kept_versions", R"(
        SELECT area, valid_from, valid_to, code, name, level, kind, parent, urban_rural, counted
          FROM area_decision_version WHERE decision = $1 AND change = $2 ORDER BY area)"};
    return tx.all<Version>(sql, decision, change);
}

void add_link(store::Tx& tx, const Decision& decision, const Plan::Link& link, const char* how) {
    constexpr store::Sql sql{"area.add_link", R"(
        INSERT INTO area_lineage (decision, before, after, valid_from, how, weight, undone, share, heir, level, county)
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10))"};
    tx.post(
        sql, decision.id, link.before, link.after, decision.proposal.effective, how, link.weight,
        link.share, link.heir, link.level, link.county
    );
}

void write_plan(store::Tx& tx, const Decision& decision, const Plan& plan) {
    const auto at = decision.proposal.effective;
    for (const auto& version : plan.ended) {
        keep_version(tx, decision.id, version.from == at ? "removed" : "ended", version);
        end_version(tx, version, at);
    }
    for (const auto& version : plan.begun) {
        const bool fresh =
            std::find(plan.fresh.begin(), plan.fresh.end(), version.area) != plan.fresh.end();
        keep_version(tx, decision.id, fresh ? "made" : "begun", version);
        fresh ? void(insert_area(tx, version)) : insert_version(tx, version);
    }
    for (const auto& link : plan.links) {
        add_link(tx, decision, link, name_of(decision.proposal.kind));
    }
}

/// Whether something that came later stands on what the decision did.
bool built_upon(store::Tx& tx, const Decision& decision) {
    constexpr store::Sql versions{"area.later_versions", R"(
        SELECT k.area FROM area_decision_version k
         WHERE k.decision = $1
           AND ((k.change IN ('begun', 'made') AND NOT EXISTS (
                     SELECT 1 FROM area_version v
                      WHERE v.area = k.area AND v.valid_from = k.valid_from AND v.valid_to IS NULL))
                OR EXISTS (SELECT 1 FROM area_version v WHERE v.area = k.area AND v.valid_from > $2))
         LIMIT 1)"};
    // What it touched, an applied decision that came after it has touched again.
    constexpr store::Sql again{"area.later_decisions", R"(
        SELECT d.id FROM area_decision d
         WHERE d.state = 'applied' AND (d.applied_at > $2 OR (d.applied_at = $2 AND d.id > $1)) AND d.id <> $1
           AND (EXISTS (SELECT 1 FROM area_decision_version k, area_decision_version o
                         WHERE k.decision = $1 AND o.decision = d.id AND o.area = k.area)
                OR EXISTS (SELECT 1 FROM area_lineage m, area_lineage l
                            WHERE m.decision = $1 AND l.decision = d.id AND l.before IN (m.before, m.after)))
         LIMIT 1)"};
    constexpr store::Sql children{"area.later_children", R"(
        SELECT v.area FROM area_decision_version k
          JOIN area_version v ON v.parent = k.area AND v.valid_to IS NULL
         WHERE k.decision = $1 AND k.change = 'made'
           AND NOT EXISTS (SELECT 1 FROM area_decision_version o WHERE o.decision = $1 AND o.area = v.area)
         LIMIT 1)"};
    return tx.one<AreaId>(versions, decision.id, decision.proposal.effective) ||
           tx.one<std::int64_t>(again, decision.id, decision.applied_at) ||
           tx.one<AreaId>(children, decision.id);
}

/// Where what was filed meanwhile under areas that vanish or return to their place belongs.
Plan way_back(store::Tx& tx, const Tree& tree, const Decision& decision) {
    constexpr store::Sql origins{"area.origins", R"(
        SELECT before FROM area_lineage WHERE decision = $1 AND after = $2
         ORDER BY share DESC, before LIMIT 1)"};
    constexpr store::Sql counties{
        "area.counties_of_decision",
        "SELECT DISTINCT county FROM area_lineage WHERE decision = $1 ORDER BY county"};
    Plan back;
    back.counties = tx.all<County>(counties, decision.id);
    std::map<AreaId, Version> after;
    for (const char* change : {"ended", "removed"}) {
        for (auto& version : kept_versions(tx, decision.id, change)) {
            after[version.area] = std::move(version);
        }
    }
    std::map<AreaId, AreaId> follows;
    const auto made = kept_versions(tx, decision.id, "made");
    for (const auto& version : made) {
        const auto origin = tx.one<AreaId>(origins, decision.id, version.area);
        const auto* node = tree.find(version.area);
        if (origin && node) {
            follows[version.area] = *origin;
            back.links.push_back(
                {version.area, *origin, whole, whole, true, version.level, node->county_number}
            );
            back.endings.push_back({version.area, *origin, {*origin}});
        }
    }
    auto roots = kept_versions(tx, decision.id, "begun");
    roots.insert(roots.end(), made.begin(), made.end());
    std::set<AreaId> seen;
    for (const auto& root : roots) {
        for (const auto& node : tree.subtree(root.area)) {
            const auto to = follows.find(node.id);
            const auto before = tree.filing(node.id);
            const auto then = filing_in(tree, after, to == follows.end() ? node.id : to->second);
            if (seen.insert(node.id).second && !same_place(before, then) &&
                before.county_number == then.county_number) {
                back.refilings.push_back({node.id, node.level, before, then});
            }
        }
    }
    return back;
}

void restore_versions(store::Tx& tx, const Decision& decision) {
    constexpr store::Sql remove{
        "area.remove_version", "DELETE FROM area_version WHERE area = $1 AND valid_from = $2"};
    constexpr store::Sql reopen{
        "area.reopen_version",
        "UPDATE area_version SET valid_to = NULL WHERE area = $1 AND valid_from = $2"};
    for (const char* change : {"begun", "made"}) {
        for (const auto& version : kept_versions(tx, decision.id, change)) {
            tx.run(remove, version.area, version.from);
        }
    }
    for (const auto& version : kept_versions(tx, decision.id, "ended")) {
        tx.run(reopen, version.area, version.from);
    }
    for (const auto& version : kept_versions(tx, decision.id, "removed")) {
        insert_version(tx, version);
    }
}

}  // namespace

std::optional<Decision> find_decision(store::Tx& tx, std::int64_t id) {
    auto found = read_decisions(tx, "area.find_decision", "WHERE id = $1", id);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<Decision> decisions(store::Tx& tx, std::optional<DecisionState> state, int limit) {
    return state ? read_decisions(
                       tx, "area.decisions_of", "WHERE state = $1 ORDER BY id DESC LIMIT $2",
                       name_of(*state), limit
                   )
                 : read_decisions(tx, "area.decisions", "ORDER BY id DESC LIMIT $1", limit);
}

std::vector<Decision> decisions_within(
    store::Tx& tx, const std::vector<AreaId>& scope, Date day, std::optional<DecisionState> state,
    int limit
) {
    std::vector<store::Param> params{store::Param(day.days), store::Param(limit)};
    std::string in;
    for (const auto area : scope) {
        params.emplace_back(area.value);
        in += (in.empty() ? "$" : ", $") + std::to_string(params.size());
    }
    std::string of_state;
    if (state) {
        params.emplace_back(std::string_view(name_of(*state)));
        of_state = "d.state = $" + std::to_string(params.size()) + " AND ";
    }
    // From each area up, by what is valid on the day; from one that has ended, on to its heir.
    const auto text = std::string("SELECT ") + columns_of_decision + R"( FROM area_decision d
         WHERE )" + of_state +
                      R"( EXISTS (SELECT 1 FROM area_decision_area x WHERE x.decision = d.id)
           AND NOT EXISTS (
               SELECT 1 FROM area_decision_area n
                WHERE n.decision = d.id AND NOT EXISTS (
                      WITH RECURSIVE up(area) AS (
                          SELECT n.area
                          UNION
                          SELECT COALESCE(
                              (SELECT v.parent FROM area_version v
                                WHERE v.area = up.area AND v.valid_from <= $1
                                  AND (v.valid_to IS NULL OR v.valid_to > $1)),
                              (SELECT l.after FROM area_lineage l
                                WHERE l.before = up.area AND l.heir = 1 AND l.undone = 0
                                  AND l.before <> l.after
                                ORDER BY l.valid_from DESC, l.decision DESC LIMIT 1),
                              0)
                            FROM up WHERE up.area <> 0)
                      SELECT 1 FROM up WHERE up.area IN ()" +
                      (in.empty() ? "0" : in) + R"()))
         ORDER BY d.id DESC LIMIT $2)";
    std::vector<Decision> found;
    tx.query(store::Sql{"area.decisions_within", text}, params, [&](const store::Row& row) {
        found.push_back(read_decision(row));
        return true;
    });
    return found;
}

std::vector<AreaId> areas_named(const Proposal& proposal) {
    std::set<AreaId> named;
    for (const auto& one : proposal.areas) {
        named.insert(one.area);
    }
    for (const auto& one : proposal.successors) {
        named.insert({one.area, one.parent});
        named.insert(one.children.begin(), one.children.end());
    }
    named.erase(AreaId{});
    return {named.begin(), named.end()};
}

std::vector<Decision> due_decisions(store::Tx& tx, Instant now) {
    return read_decisions(
        tx, "area.due_decisions",
        "WHERE state = 'approved' AND effective <= $1 AND next_try <= $2 ORDER BY effective, id",
        official_date(now), now
    );
}

void put_off(store::Tx& tx, const Decision& decision, const std::string& code, Instant now) {
    constexpr std::int64_t longest_ms = 6 * hour_ms;
    constexpr int doublings_most = 12;
    const auto wait =
        std::min(minute_ms << std::min(decision.failures, doublings_most), longest_ms);
    constexpr store::Sql sql{"area.put_off", R"(
        UPDATE area_decision SET failure = $3, failures = $4, next_try = $5 WHERE id = $1 AND failures = $2)"};
    tx.run(sql, decision.id, decision.failures, code, decision.failures + 1, now + wait);
}

std::int64_t propose(
    store::Tx& tx, const Tree& tree, const Proposal& proposal, AccountId by, Instant now
) {
    constexpr store::Sql sql{"area.propose", R"(
        INSERT INTO area_decision (id, kind, state, effective, proposal, proposed_by, proposed_at, approved_by,
                                   approved_at, applied_by, applied_at, undone_by, undone_at)
        VALUES ($1, $2, 'proposed', $3, $4, $5, $6, 0, 0, 0, 0, 0, 0))"};
    auto problems = plan(tx, tree, proposal).problems;
    if (!problems.empty()) {
        throw invalid(std::move(problems));
    }
    Decision decision;
    decision.id = tx.new_id(0);
    decision.proposal = proposal;
    const auto text = to_json_text(proposal);
    tx.run(sql, decision.id, name_of(proposal.kind), proposal.effective, text, by, now);
    constexpr store::Sql about{
        "area.decision_about", "INSERT INTO area_decision_area (decision, area) VALUES ($1, $2)"};
    for (const auto area : areas_named(proposal)) {
        tx.post(about, decision.id, area);
    }
    log(tx, decision, "propose", by, now);
    return decision.id;
}

void approve(store::Tx& tx, const Decision& decision, AccountId by, Instant now) {
    if (decision.state != DecisionState::proposed) {
        throw conflict("decision_changed", "the decision is not waiting for approval");
    }
    if (by == decision.proposed_by) {
        throw forbidden("own_proposal", "another account approves it");
    }
    step(tx, decision, DecisionState::approved, "approved", by, now);
    log(tx, decision, "approve", by, now);
}

void withdraw(store::Tx& tx, const Decision& decision, AccountId by, Instant now) {
    if (decision.state > DecisionState::approved) {
        throw conflict("decision_changed", "what has been applied is undone, not withdrawn");
    }
    step(tx, decision, DecisionState::withdrawn, "undone", by, now);
    log(tx, decision, "withdraw", by, now);
}

void apply(
    store::Tx& tx, const Tree& tree, const Decision& decision, const Hooks& hooks, AccountId by,
    Instant now
) {
    if (decision.state != DecisionState::approved) {
        throw conflict("not_approved", "another account approves it first");
    }
    if (official_date(now) < decision.proposal.effective) {
        throw conflict("not_yet", "it takes effect on " + to_text(decision.proposal.effective));
    }
    auto planned = plan(tx, tree, decision.proposal, true);
    if (!planned.problems.empty()) {
        throw invalid(std::move(planned.problems));
    }
    step(tx, decision, DecisionState::applied, "applied", by, now);
    write_plan(tx, decision, planned);
    tree_changed(tx);
    if (hooks.apply) {
        hooks.apply(tx, planned, {decision.id, by, now});
    }
    log(tx, decision, "apply", by, now);
}

void undo(
    store::Tx& tx, const Tree& tree, const Decision& decision, const Hooks& hooks, AccountId by,
    Instant now
) {
    constexpr store::Sql unlink{
        "area.unlink", "UPDATE area_lineage SET undone = 1 WHERE decision = $1"};
    if (decision.state != DecisionState::applied) {
        throw conflict("not_applied", "only what has been applied is undone");
    }
    if (built_upon(tx, decision)) {
        throw conflict("later_changes", "the areas have changed again since; undo that first");
    }
    const auto back = way_back(tx, tree, decision);
    step(tx, decision, DecisionState::undone, "undone", by, now);
    restore_versions(tx, decision);
    tree_changed(tx);
    tx.run(unlink, decision.id);
    for (const auto& link : back.links) {
        add_link(tx, decision, link, "undo");
    }
    if (hooks.undo) {
        hooks.undo(tx, back, {decision.id, by, now});
    }
    log(tx, decision, "undo", by, now);
}

}  // namespace linli::area
