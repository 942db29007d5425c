// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests: a small city with offices, departments and people, and records that move through a
/// flow as the record engine would move them.
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "flow/flow.hpp"
#include "flow/store.hpp"
#include "store/testing.hpp"

namespace linli::flow {

/// "2025-09-26 16:00" on the wall in China.
Instant wall(const std::string& text);

class World {
 public:
    /// Areas: city · county (street (community (grid, grid2), community2), street2 (community4)) ·
    /// county2 (street3 (community3)). Offices: office, office2, office4 (communities),
    /// street_office, county_office; departments of the county: lamps, roads, closed (disabled), of
    /// county2: far, of the city: water. People: resident, neighbour, desk, desk2, street_desk,
    /// grid_worker, clerk and head (lamps), assistant (roads), far_clerk, water_clerk, supervisor
    /// (county), supervisor2 (county2), city_supervisor.
    World(
        store::testing::TestDatabase& database,
        std::shared_ptr<const catalogue::Catalogue> catalogue
    );

    AreaId area(const std::string& key) const { return m_area.at(key); }
    UnitId unit(const std::string& key) const { return m_unit.at(key); }
    const http::Caller& as(const std::string& who) const { return m_people.at(who); }
    const catalogue::Kind& kind() const { return *m_catalogue->kind("request"); }
    const Flow& flow() const { return *m_flow; }
    area::Areas& areas() { return *m_areas; }
    std::shared_ptr<const catalogue::Catalogue> catalogue() const { return m_catalogue; }
    store::Database& db() { return *m_database; }
    ManualTime& time() { return m_database.time(); }
    void at(const std::string& text) { time().set(wall(text)); }
    Instant now() { return time().now(); }

    /// Version 0 = the newest.
    RecordId file(
        const std::string& area = "community", const Value& fields = {},
        const std::string& who = "resident", int flow_version = 0
    );
    /// `who` "" = the timer. Fields are set as the record engine sets them, before the flow
    /// decides.
    Outcome act(
        RecordId, const std::string& action, const std::string& who, const Inputs& = {},
        const Value& fields = {}
    );
    /// The code of the refusal; "" if the action was taken.
    std::string refusal(
        RecordId, const std::string& action, const std::string& who, const Inputs& = {},
        const Value& fields = {}
    );
    void change(RecordId, const Value& fields, const std::string& area = {});
    void withdraw(RecordId);
    Subject subject(RecordId) const;
    std::string state(RecordId id) const { return m_records.at(id).subject.state; }
    std::vector<std::string> allowed(RecordId, const std::string& who);
    std::optional<Work> work(RecordId);
    Clock clock(RecordId, const std::string& name);

    std::unique_ptr<Scheduler> scheduler();
    /// Runs what is due now with a scheduler of its own.
    int run();

    /// An accepted request of a class, and one that the clerk's department works on.
    RecordId accepted(const std::string& handling);
    RecordId assigned(const std::string& handling);

    /// Fails an action by the timer of this record with a plain error, until taken out again.
    std::map<RecordId, int> failing;

 private:
    struct Record {
        Subject subject;
        Value fields;
    };
    void make_areas(store::Tx&);
    void make_units(store::Tx&);
    void make_people();
    Outcome act_in(
        store::Tx&, RecordId, const std::string& action, const http::Caller*, const Inputs&,
        const Value& fields, Instant now
    );

    store::testing::TestDatabase& m_database;
    std::shared_ptr<const catalogue::Catalogue> m_catalogue;
    std::unique_ptr<area::Areas> m_areas;
    std::unique_ptr<Flow> m_flow;
    std::map<std::string, AreaId> m_area;
    std::map<std::string, UnitId> m_unit;
    std::map<std::string, http::Caller> m_people;
    std::map<RecordId, Record> m_records;
    int m_number = 0;
};

std::vector<store::SchemaStep> world_schema();

#ifdef LINLI_SOURCE_DIR
/// The catalogue as shipped; read once.
inline std::shared_ptr<const catalogue::Catalogue> shipped() {
    static const auto loaded = catalogue::load(LINLI_SOURCE_DIR "/catalogue");
    if (!loaded.mistakes.empty()) {
        throw std::runtime_error(to_text(loaded.mistakes.front()));
    }
    return loaded.catalogue;
}
template <class F>
void in_world(F&& body) {
    store::testing::on_each_engine(world_schema(), [&](store::testing::TestDatabase& database) {
        World world(database, shipped());
        body(world);
    });
}
#endif

}  // namespace linli::flow
