// SPDX-License-Identifier: Apache-2.0
// What a decision means for versions, lineage and filings.
#include <algorithm>
#include <numeric>
#include <set>

#include "area/decision.hpp"
#include "area/lineage.hpp"
#include "area/store.hpp"
#include "base/text.hpp"

namespace linli::area {

namespace {

constexpr std::size_t areas_most = 2000;  ///< that one decision touches

class Planner {
 public:
    Planner(store::Tx& tx, const Tree& tree, const Proposal& proposal, bool make_ids)
        : m_tx(tx), m_tree(tree), m_proposal(proposal), m_make_ids(make_ids) {}

    Plan run() {
        check_words();
        read_affected();
        check_shape();
        if (m_plan.problems.empty()) {
            place_successors();
        }
        if (m_plan.problems.empty()) {
            place_children();
            link();
            refile();
        }
        if (m_plan.ended.size() + m_plan.begun.size() > areas_most) {
            problem("/areas", "too_many_areas", "a decision touches at most 2000 areas");
        }
        return std::move(m_plan);
    }

 private:
    void problem(std::string pointer, const char* code, std::string detail) {
        m_plan.problems.push_back({std::move(pointer), code, std::move(detail)});
    }
    static std::string at(const char* list, std::size_t i, const char* field = "") {
        return std::string("/") + list + "/" + std::to_string(i) + field;
    }

    void check_words() {
        if (tidy(m_proposal.document).empty()) {
            problem("/document", "required", "give the number of the document that decides it");
        }
    }

    void read_affected() {
        std::set<AreaId> seen;
        for (std::size_t i = 0; i < m_proposal.areas.size(); ++i) {
            const auto id = m_proposal.areas[i].area;
            const auto version = version_on(m_tx, id, m_proposal.effective);
            if (!seen.insert(id).second) {
                problem(at("areas", i, "/area"), "area_doubled", "the area is named twice");
            } else if (!version || !m_tree.find(id)) {
                problem(at("areas", i, "/area"), "unknown_area", "the area does not exist then");
            } else if (version->to) {
                problem(
                    at("areas", i, "/area"), "later_changes",
                    "the area changes again on " + to_text(*version->to)
                );
            } else {
                m_affected.push_back(*version);
            }
        }
    }

    void check_shape() {
        const auto areas = m_proposal.areas.size(), successors = m_proposal.successors.size();
        const bool split = m_proposal.kind == DecisionKind::split;
        const bool merge = m_proposal.kind == DecisionKind::merge;
        if (merge ? areas < 2 : areas != 1) {
            problem("/areas", "wrong_number", merge ? "name at least two areas" : "name one area");
        }
        if (split ? successors < 2 : successors != 1) {
            problem(
                "/successors", "wrong_number",
                split ? "name at least two successors" : "name one successor"
            );
        }
        if (!m_plan.problems.empty()) {
            return;
        }
        check_levels();
        check_weights();
    }

    void check_levels() {
        const auto level = m_affected.front().level;
        for (std::size_t i = 0; i < m_affected.size(); ++i) {
            if (m_affected[i].level != level) {
                problem(at("areas", i, "/area"), "wrong_level", "the areas are of one level");
            }
        }
        for (std::size_t i = 1; i < m_affected.size(); ++i) {
            if (level > Level::county &&
                county_of(m_affected[i].area) != county_of(m_affected[0].area)) {
                problem(
                    at("areas", i, "/area"), "other_county",
                    "the areas lie in two counties: move one to the other first"
                );
            }
        }
        const bool joined =
            m_proposal.kind == DecisionKind::split || m_proposal.kind == DecisionKind::merge;
        if (level < Level::subdistrict && joined) {
            problem(
                "/areas/0/area", "county_by_import",
                "records bear the number of their county: counties and what is above them are "
                "renamed and moved here, split and merged by an import"
            );
        }
    }

    void check_weights() {
        std::int64_t sum = 0;
        int heirs = 0;
        for (const auto& one : m_proposal.successors) {
            sum += one.weight;
            heirs += one.heir;
        }
        if (sum != whole) {
            problem("/successors", "weights_wrong", "the weights together are 1000000");
        }
        if (m_proposal.kind == DecisionKind::split && heirs != 1) {
            problem("/successors", "heir_missing", "one successor is the heir");
        }
        for (std::size_t i = 0; i < m_proposal.successors.size(); ++i) {
            const auto& one = m_proposal.successors[i];
            if (m_proposal.kind == DecisionKind::split && one.area && !one.heir) {
                problem(
                    at("successors", i, "/heir"), "heir_wrong",
                    "the area that goes on is the heir of what cannot be divided"
                );
            }
        }
    }

    /// The version that an area has in the end: as planned, else as it is.
    Version now(AreaId id) {
        const auto found = m_after.find(id);
        return found != m_after.end() ? found->second
                                      : version_on(m_tx, id, m_proposal.effective).value();
    }
    County county_of(AreaId id) const {
        const auto* node = m_tree.find(id);
        return node ? node->county_number : 0;
    }

    void place_successors() {
        for (std::size_t i = 0; i < m_proposal.successors.size(); ++i) {
            place(i, m_proposal.successors[i]);
        }
        for (const auto& one : m_affected) {
            if (std::find(m_ids.begin(), m_ids.end(), one.area) == m_ids.end()) {
                m_gone.insert(one.area);
                m_plan.ended.push_back(one);
            }
        }
    }

    void place(std::size_t i, const Successor& successor) {
        const bool must_go_on =
            m_proposal.kind == DecisionKind::rename || m_proposal.kind == DecisionKind::move;
        auto area = successor.area;
        if (must_go_on && !area) {
            area = m_affected.front().area;
        }
        const auto known = std::find_if(m_affected.begin(), m_affected.end(), [&](const auto& one) {
            return one.area == area;
        });
        if (area && known == m_affected.end()) {
            return problem(
                at("successors", i, "/area"), "successor_elsewhere",
                "a successor is new or one of the areas"
            );
        }
        const auto& model = area ? *known : m_affected.front();
        auto wanted = model;
        wanted.from = m_proposal.effective;
        wanted.code = successor.code.empty() && area ? model.code : tidy(successor.code);
        wanted.name = successor.name.empty() && area ? model.name : tidy(successor.name);
        wanted.parent = successor.parent ? successor.parent : model.parent;
        if (wanted.code != model.code && wanted.level <= Level::grid) {
            wanted.kind = kind_of_code(wanted.code, wanted.level, wanted.name);
            wanted.counted = counts(wanted.kind);
        }
        check_place(i, wanted, area);
        const bool elsewhere = area && wanted.parent != model.parent &&
                               wanted.level > Level::county &&
                               county_of(wanted.parent) != county_of(model.parent);
        wanted.area = area && !elsewhere ? area : fresh_id();
        m_ids.push_back(wanted.area);
        if (elsewhere) {
            m_abroad = true;
        }
        if (!area || elsewhere ||
            !(wanted.code == model.code && wanted.name == model.name &&
              wanted.parent == model.parent)) {
            begin(wanted, area && !elsewhere ? &model : nullptr);
        } else if (must_go_on) {
            problem(at("successors", i), "nothing_changes", "say what is to change");
        }
    }

    void check_place(std::size_t i, const Version& wanted, AreaId area) {
        if (wanted.name.empty()) {
            problem(at("successors", i, "/name"), "required", "a new area has a name");
        }
        if (wanted.level <= Level::grid && level_of_code(wanted.code) != wanted.level) {
            problem(
                at("successors", i, "/code"), "code_malformed",
                "a code of this level has 12 digits, of a grid 15"
            );
        }
        const auto parent = version_on(m_tx, wanted.parent, m_proposal.effective);
        if (wanted.parent && (!parent || parent->to || !m_tree.find(wanted.parent))) {
            problem(at("successors", i, "/parent"), "unknown_area", "the area does not exist then");
        } else if (parent && parent->level >= wanted.level) {
            problem(at("successors", i, "/parent"), "parent_too_low", "the parent is not above");
        } else if (!area && county_of(wanted.parent) != county_of(m_affected.front().area)) {
            problem(
                at("successors", i, "/parent"), "other_county",
                "a new area lies in the county of what it comes from: move it afterwards"
            );
        }
        const auto* holder = m_tree.find_code(wanted.code);
        const bool ours =
            holder && std::any_of(m_affected.begin(), m_affected.end(), [&](const auto& one) {
                return one.area == holder->id;
            });
        const bool twice = !m_codes.insert(wanted.code).second;
        const bool stays = holder && ours && goes_on(holder->id) && holder->id != area;
        if (twice || (holder && !ours) || stays) {
            problem(at("successors", i, "/code"), "code_in_use", "another area has this code");
        }
    }
    bool goes_on(AreaId id) const {
        return std::any_of(
            m_proposal.successors.begin(), m_proposal.successors.end(),
            [&](const auto& one) { return one.area == id && one.code.empty(); }
        );
    }

    AreaId fresh_id() {
        const AreaId id{m_make_ids ? m_tx.new_id(0) : -1 - static_cast<std::int64_t>(m_fresh++)};
        m_plan.fresh.push_back(id);
        return id;
    }
    void begin(const Version& wanted, const Version* before) {
        if (before) {
            m_plan.ended.push_back(*before);
        }
        m_plan.begun.push_back(wanted);
        m_plan.begun.back().to.reset();
        m_after[wanted.area] = m_plan.begun.back();
    }

    std::size_t heir() const {
        for (std::size_t i = 0; i < m_proposal.successors.size(); ++i) {
            if (m_proposal.successors[i].heir) {
                return i;
            }
        }
        return 0;
    }

    /// What stands below an area that ends goes to the successor that names it, else to the heir.
    void place_children() {
        std::map<AreaId, std::size_t> named;
        for (std::size_t i = 0; i < m_proposal.successors.size(); ++i) {
            for (std::size_t k = 0; k < m_proposal.successors[i].children.size(); ++k) {
                const auto child = m_proposal.successors[i].children[k];
                const auto* above = m_tree.parent(child);
                const bool ours =
                    above && std::any_of(m_affected.begin(), m_affected.end(), [&](const auto& a) {
                        return a.area == above->id;
                    });
                if (!ours || !named.emplace(child, i).second) {
                    problem(
                        at("successors", i, "/children/") + std::to_string(k), "unknown_area",
                        "this is no area right below, or it is named twice"
                    );
                }
            }
        }
        for (const auto& one : m_affected) {
            for (const auto* child : m_tree.children(one.area)) {
                const auto found = named.find(child->id);
                if (found == named.end() && !m_gone.contains(one.area)) {
                    continue;
                }
                const auto to = found == named.end() ? heir() : found->second;
                if (m_ids[to] != one.area) {
                    bring(*child, m_ids[to]);
                }
            }
        }
    }

    /// `child` with all below it comes under `parent`: in another county as new areas.
    void bring(const Node& child, AreaId parent) {
        const auto before = version_on(m_tx, child.id, m_proposal.effective);
        if (!before || before->to) {
            return problem(
                "/areas", "later_changes", std::string(child.name) + " changes again later"
            );
        }
        auto wanted = *before;
        wanted.from = m_proposal.effective;
        wanted.parent = parent;
        if (!m_abroad) {
            begin(wanted, &*before);
            if (child.level <= Level::grid) {
                add_link(child.id, child.id, whole, whole, true);
            }
            return;
        }
        wanted.area = fresh_id();
        m_gone.insert(child.id);
        m_plan.ended.push_back(*before);
        begin(wanted, nullptr);
        m_follows[child.id] = wanted.area;
        add_link(child.id, wanted.area, whole, whole, true);
        m_plan.endings.push_back({child.id, wanted.area, {wanted.area}});
        for (const auto* below : m_tree.children(child.id)) {
            bring(*below, wanted.area);
        }
    }

    void add_link(AreaId before, AreaId after, std::int64_t weight, std::int64_t share, bool heir) {
        const auto* node = m_tree.find(before);
        m_plan.links.push_back(
            {before, after, weight, share, heir, node->level, node->county_number}
        );
    }

    void link() {
        if (m_proposal.kind == DecisionKind::rename) {
            return;
        }
        std::vector<std::int64_t> households;
        for (const auto& one : m_proposal.areas) {
            households.push_back(one.households);
        }
        if (std::accumulate(households.begin(), households.end(), std::int64_t{0}) == 0) {
            households.assign(households.size(), 1);
        }
        const auto shares = apportion(whole, households);
        for (std::size_t a = 0; a < m_affected.size(); ++a) {
            const auto before = m_affected[a].area;
            Ending ending{before, m_ids[heir()], {}};
            for (std::size_t s = 0; s < m_ids.size(); ++s) {
                const bool takes_all = s == heir();
                add_link(before, m_ids[s], m_proposal.successors[s].weight, shares[a], takes_all);
                if (takes_all || std::count(m_plan.fresh.begin(), m_plan.fresh.end(), m_ids[s])) {
                    ending.successors.push_back(m_ids[s]);
                }
            }
            if (m_gone.contains(before)) {
                m_follows[before] = ending.heir;
                m_plan.endings.push_back(std::move(ending));
            }
        }
    }

    static AreaId at_level(const Filing& filing, Level level) {
        return level == Level::subdistrict ? filing.subdistrict
               : level == Level::community ? filing.community
               : level == Level::grid      ? filing.grid
                                           : filing.area;
    }

    void refile() {
        for (const auto& one : m_affected) {
            for (const auto& node : m_tree.subtree(one.area)) {
                const auto follows = m_follows.find(node.id);
                const auto before = m_tree.filing(node.id);
                const auto after = filing_in(
                    m_tree, m_after, follows == m_follows.end() ? node.id : follows->second
                );
                if (after.county_number != before.county_number) {
                    continue;  // seen through lineage: the key of a row bears its county
                }
                const bool splits = node.id == one.area && m_proposal.kind == DecisionKind::split;
                if (splits || !same_place(before, after)) {
                    m_plan.refilings.push_back({node.id, node.level, before, after});
                }
                if (node.id != one.area) {
                    m_plan.homes[node.id] = filing_in(m_tree, m_after, at_level(after, one.level));
                }
            }
        }
    }

    store::Tx& m_tx;
    const Tree& m_tree;
    const Proposal& m_proposal;
    const bool m_make_ids;
    bool m_abroad = false;  ///< moved to another county: everything is a new area there
    std::size_t m_fresh = 0;
    std::vector<Version> m_affected;
    std::vector<AreaId> m_ids;  ///< of the successors
    std::set<AreaId> m_gone;
    std::set<std::string> m_codes;
    std::map<AreaId, Version> m_after;
    std::map<AreaId, AreaId> m_follows;
    Plan m_plan;
};

}  // namespace

Filing filing_in(const Tree& tree, const std::map<AreaId, Version>& after, AreaId id) {
    Filing result;
    result.area = id;
    for (auto here = id; here;) {
        const auto planned = after.find(here);
        const auto* node = tree.find(here);
        if (!node && planned == after.end()) {
            break;
        }
        const auto level = planned != after.end() ? planned->second.level : node->level;
        if (level == Level::grid) {
            result.grid = here;
        } else if (level == Level::community) {
            result.community = here;
        } else if (level == Level::subdistrict) {
            result.subdistrict = here;
        } else if (level == Level::county) {
            result.county = here;
        }
        if (node && level <= Level::county && result.county_number == 0) {
            result.county_number = node->county_number;
        }
        const auto* above = node ? tree.parent(here) : nullptr;
        here = planned != after.end() ? planned->second.parent : above ? above->id : AreaId{};
    }
    return result;
}

bool same_place(const Filing& a, const Filing& b) {
    return a.area == b.area && a.grid == b.grid && a.community == b.community &&
           a.subdistrict == b.subdistrict;
}

Plan plan(store::Tx& tx, const Tree& tree, const Proposal& proposal, bool make_ids) {
    return Planner(tx, tree, proposal, make_ids).run();
}

}  // namespace linli::area
