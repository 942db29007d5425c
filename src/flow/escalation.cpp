// SPDX-License-Identifier: Apache-2.0
// What happens when a clock reaches a step: reminders, urging, raising to the level above.
#include "flow/ground.hpp"
#include "store/change.hpp"

namespace linli::flow {
namespace {

/// The first area above whose office can answer: grids, compounds and buildings have none, their
/// community has.
const area::Node* answering_area(const area::Tree& tree, AreaId area) {
    const auto* community = tree.ancestor(area, area::Level::community);
    return community ? community : tree.find(area);
}

/// One level up from where the record has been raised to so far; no higher than the city.
AreaId level_above(const area::Tree& tree, const Work& work) {
    const auto* now = work.raised_to ? tree.find(work.raised_to) : answering_area(tree, work.area);
    if (!now) {
        return {};
    }
    const auto* above = tree.parent(now->id);
    return above && above->level >= area::Level::city ? above->id : now->id;
}

/// The ancestors of the record's area over which a role is granted: whose holders are told.
std::vector<AreaId> areas_of_role(const Ground& ground, const Work& work, const std::string& role) {
    std::vector<AreaId> found;
    const auto* spec = ground.catalogue.role(role);
    for (const auto* node : ground.tree->path(work.area)) {
        const std::string level = name_of(node->level);
        for (const auto& granted : spec ? spec->levels : std::vector<std::string>{}) {
            if (granted == level) {
                found.push_back(node->id);
            }
        }
    }
    return found;
}

/// Where raising leads: to the area over which a role is granted, else one level up; never down
/// again.
AreaId raised_to(const Ground& ground, const Work& work, const std::string& to) {
    if (!ground.catalogue.role(to)) {
        return level_above(*ground.tree, work);
    }
    const auto areas = areas_of_role(ground, work, to);
    if (areas.empty() || (work.raised_to && ground.tree->within(areas.back(), work.raised_to))) {
        return work.raised_to ? work.raised_to : level_above(*ground.tree, work);
    }
    return areas.back();
}

/// One escalation of one record.
class Escalation {
 public:
    Escalation(store::Tx& tx, const Ground& ground, Work& work, const Clock& clock, Instant now)
        : m_tx(tx), m_ground(ground), m_work(work), m_clock(clock), m_now(now) {}

    void run(const catalogue::EscalationSpec& spec) {
        if (spec.act == "raise") {
            raise(spec);
        } else {
            tell(spec);
        }
        write_change(spec);
    }

 private:
    void raise(const catalogue::EscalationSpec& spec) {
        m_work.raised_to = raised_to(m_ground, m_work, spec.to);
        raise_work(m_tx, m_work.id, m_work.raised_to);
        auto notice = blank("raise");
        notice.area = m_work.raised_to;
        notice.unit =
            identity::office_of(m_tx, *m_ground.tree, m_work.raised_to).value_or(UnitId{});
        insert_notice(m_tx, notice);
    }
    void tell(const catalogue::EscalationSpec& spec) {
        auto notice = blank(spec.act);
        const bool to_unit = spec.to == "lead_unit" || spec.to == "lead_unit.head";
        if (to_unit && m_work.unit) {
            notice.unit = m_work.unit;
            notice.head = spec.to == "lead_unit.head";
        } else if (to_unit || spec.to == "area" || spec.to == "area.parent") {
            // Without a unit in charge it is the area's business.
            const auto* node = answering_area(*m_ground.tree, m_work.area);
            node = node && spec.to == "area.parent" ? m_ground.tree->parent(node->id) : node;
            notice.area = node ? node->id : m_work.area;
            notice.unit = identity::office_of(m_tx, *m_ground.tree, notice.area).value_or(UnitId{});
        } else {
            notice.role = spec.to;
            for (const auto area : areas_of_role(m_ground, m_work, spec.to)) {
                notice.area = area;
                insert_notice(m_tx, notice);
            }
            return;
        }
        insert_notice(m_tx, notice);
    }
    Notice blank(const std::string& what) const {
        Notice notice;
        notice.what = what;
        notice.kind = m_work.kind;
        notice.record = m_work.id;
        notice.number = m_work.number;
        notice.title = m_work.title;
        notice.clock = m_clock.name;
        notice.at = m_now;
        return notice;
    }
    void write_change(const catalogue::EscalationSpec& spec) {
        store::Change change;
        change.at = m_now;
        change.role = "timer";
        change.kind = m_work.kind;
        change.record = m_work.id;
        change.action = "escalate";
        change.area_before = change.area_after = m_work.area;
        change.state_before = change.state_after = m_work.state;
        change.detail =
            m_clock.name + " " + std::to_string(spec.at_percent) + "% " + spec.act + " " + spec.to;
        store::append_change(m_tx, home(m_work.id), change);
    }

    store::Tx& m_tx;
    const Ground& m_ground;
    Work& m_work;
    const Clock& m_clock;
    Instant m_now;
};

}  // namespace

bool fire_step(
    store::Tx& tx, const Ground& ground, const Flow& flow, const Timer& timer, Instant now
) {
    auto work = find_work(tx, timer.record);
    auto clock = work ? find_clock(tx, timer.record, timer.clock) : std::nullopt;
    const auto* kind = work ? ground.catalogue.kind(work->kind) : nullptr;
    if (!clock || !kind || clock->state != ClockState::running || clock->fired >= timer.step) {
        return false;
    }
    const auto rate = rate_of(*clock, ground.catalogue);
    const auto at = timer.step == 100 ? *clock->due_at : step_at(*clock, rate, timer.step);
    if (at > now) {  // its deadline has moved on, and left the timer where it was
        insert_timer(
            tx, {timer.record, timer.clock, "", timer.kind, timer.step, timer.rank, at, 0}
        );
        return false;
    }
    const auto& spec = flow.spec(*kind, work->flow_version);
    clock->fired = timer.step;
    if (timer.step == 100) {
        clock->breached_at = clock->due_at;
    }
    set_fired(tx, timer.record, *clock);
    Escalation escalation(tx, ground, *work, *clock, now);
    for (const auto& one : escalations_at(spec, clock->name, timer.step)) {
        escalation.run(one);
    }
    insert_next_step(tx, spec, *work, *clock, rate);
    return true;
}

}  // namespace linli::flow
