// SPDX-License-Identifier: Apache-2.0
#include "flow/verify.hpp"

#include "flow/ground.hpp"

namespace linli::flow {

using store::Check;
using store::Sql;
using store::Tx;

void check_work(Tx& tx, Check& check) {
    constexpr Sql count{"flow.count_work", "SELECT COUNT(*) FROM flow_work"};
    check.examined = tx.one<std::int64_t>(count).value_or(0);
    constexpr Sql late{"flow.wrong_deadlines", R"(
        SELECT w.id FROM flow_work w
         WHERE w.due_at <> COALESCE((SELECT MIN(c.due_at) FROM flow_clock c
                                      WHERE c.county = w.county AND c.record = w.id AND c.state = 'running'), $1)
         ORDER BY w.county, w.id)"};
    check.add_rows(
        tx, late, "record", "is not due when the earliest of its running clocks is", never
    );
    constexpr Sql lead{"flow.missing_leads", R"(
        SELECT w.id FROM flow_work w
         WHERE w.unit <> 0 AND NOT EXISTS (SELECT 1 FROM flow_party p WHERE p.county = w.county AND p.record = w.id
                                              AND p.unit = w.unit AND p.role = 'lead')
         ORDER BY w.county, w.id)"};
    check.add_rows(tx, lead, "record", "its unit in charge is not among its parties");
    constexpr Sql units{"flow.unknown_units", R"(
        SELECT p.record FROM flow_party p
         WHERE NOT EXISTS (SELECT 1 FROM identity_unit u WHERE u.id = p.unit) ORDER BY p.county, p.record)"};
    check.add_rows(tx, units, "record", "a unit among its parties does not exist");
    constexpr Sql both{"flow.open_and_done", R"(
        SELECT w.id FROM flow_work w
         WHERE EXISTS (SELECT 1 FROM flow_done d WHERE d.county = w.county AND d.id = w.id) ORDER BY w.county, w.id)"};
    check.add_rows(tx, both, "record", "is among what is open and among what is over");
    constexpr Sql clocks{"flow.clocks_of_nothing", R"(
        SELECT c.record FROM flow_clock c
         WHERE c.state <> 'stopped'
           AND NOT EXISTS (SELECT 1 FROM flow_work w WHERE w.county = c.county AND w.id = c.record)
         ORDER BY c.county, c.record)"};
    check.add_rows(tx, clocks, "record", "a clock of it goes on though it is not open");
    constexpr Sql timers{"flow.timers_of_nothing", R"(
        SELECT t.record FROM flow_timer t
         WHERE NOT EXISTS (SELECT 1 FROM flow_work w WHERE w.county = t.county AND w.id = t.record)
         ORDER BY t.county, t.record)"};
    check.add_rows(tx, timers, "record", "a timer of it waits though it is not open");
}

void check_timers(Tx& tx, const Flow& flow, Check& check) {
    constexpr Sql idle{"flow.timers_of_idle_clocks", R"(
        SELECT t.record FROM flow_timer t
         WHERE t.clock <> 0 AND NOT EXISTS (SELECT 1 FROM flow_clock c WHERE c.county = t.county
                                               AND c.record = t.record AND c.id = t.clock AND c.state = 'running')
         ORDER BY t.county, t.record)"};
    check.add_rows(tx, idle, "record", "a timer waits for a clock that does not run");
    constexpr Sql running{"flow.running_clocks", R"(
        SELECT c.record, c.name, c.fired, w.kind, w.flow_version, COALESCE(t.step, 0)
          FROM flow_clock c
          JOIN flow_work w ON w.county = c.county AND w.id = c.record
          LEFT JOIN flow_timer t ON t.county = c.county AND t.record = c.record AND t.clock = c.id
         WHERE c.state = 'running')"};
    const auto& catalogue = flow.ground().catalogue;
    tx.each(running, [&](const store::Row& row) {
        ++check.examined;
        const auto where = "record " + std::to_string(row.integer(0));
        const std::string name(row.text(1));
        const auto* kind = catalogue.kind(row.text(3));
        if (!kind || !kind->flow) {
            check.add(where, "is of a kind without a flow: " + std::string(row.text(3)));
            return true;
        }
        const auto& spec = flow.spec(*kind, static_cast<int>(row.integer(4)));
        const auto next = next_step(steps_of(spec, name), static_cast<int>(row.integer(2)));
        if (next.value_or(0) != row.integer(5)) {
            check.add(
                where, "clock " + name + " waits for " + std::to_string(row.integer(5)) +
                           " % where " + std::to_string(next.value_or(0)) +
                           " % is next (0 = nothing)"
            );
        }
        return true;
    });
}

}  // namespace linli::flow
