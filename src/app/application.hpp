// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Everything wired together: one Application is one running server, with or without a socket.
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/figures.hpp"
#include "app/live.hpp"
#include "area/area.hpp"
#include "catalogue/catalogue.hpp"
#include "flow/flow.hpp"
#include "http/server.hpp"
#include "identity/identity.hpp"
#include "measure/measure.hpp"
#include "notify/notify.hpp"
#include "record/record.hpp"
#include "store/blob.hpp"
#include "store/change.hpp"
#include "store/store.hpp"

namespace linli::app {

class AreaDecisions;

struct Settings {
    std::string db;  ///< "" = <data>/linli.db
    std::filesystem::path data = "data";
    std::filesystem::path catalogue = "catalogue";
    bool demo = false;
    std::int64_t ahead_ms =
        0;  ///< serve as if it were that much later: rehearses deadlines with the demo alone
    bool require_standby = false;
    bool snapshot = true;               ///< before an upgrade
    std::filesystem::path checkpoints;  ///< file of signed checkpoints; "" = below data
    http::Settings http;
    notify::Settings notify;
    identity::Settings identity;  ///< demo and secure_cookies are filled in from the others
    store::Options store;         ///< url and require_standby are filled in from above
};

/// Reads the catalogue; throws std::runtime_error listing every mistake.
std::shared_ptr<const catalogue::Catalogue> load_catalogue(const std::filesystem::path& folder);
/// All rooms' schema steps, in the order of src/layers.txt.
std::vector<store::SchemaStep> all_schema_steps();

class Application {
 public:
    /// Opens the database, brings schema and kinds up to date, wires the rooms. Nothing runs by
    /// itself yet.
    Application(Settings, TimeSource&, RandomSource&);
    ~Application();

    /// Starts sealer, followers, timers and the server; returns when it listens.
    void start();
    /// Stops in the opposite order; what was acknowledged is on disk.
    void stop();

    store::Database& database() { return *m_database; }
    area::Areas& areas() { return *m_areas; }
    identity::Identity& identity() { return *m_identity; }
    const record::Engine& records() const { return *m_records; }
    const catalogue::Catalogue& catalogue() const { return *m_catalogue; }
    const flow::Flow& flow() const { return *m_flow; }
    AreaDecisions& area_decisions() { return *m_area_decisions; }
    flow::Scheduler& scheduler() { return *m_scheduler; }
    store::Sealer& sealer() { return *m_sealer; }
    Live& live() { return *m_live; }
    store::Blobs& blobs() { return *m_blobs; }
    store::Follower& search_follower() { return *m_search; }
    measure::Measure& measure() { return *m_measure; }
    notify::Notify& notify() { return *m_notify; }
    http::Server& server() { return *m_server; }
    http::Router& router() { return m_router; }

    /// Removes files that no record names and that were stored more than a day ago.
    store::Blobs::Swept sweep_files(const std::function<bool()>& stopped);

    /// OpenAPI text: kernel routes alone (committed as docs/openapi.json), or with the kinds.
    std::string openapi(bool with_kinds) const;

 private:
    void wire_routes();
    void keep_house(std::stop_token);
    void take_checkpoint();
    void follow_calendars(std::stop_token);
    void sweep_daily(std::stop_token);

    Settings m_settings;
    TimeSource& m_time;
    std::shared_ptr<const catalogue::Catalogue> m_catalogue;
    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<area::Areas> m_areas;
    std::unique_ptr<identity::Identity> m_identity;
    std::unique_ptr<flow::Flow> m_flow;
    std::unique_ptr<store::Blobs> m_blobs;
    std::unique_ptr<record::Engine> m_records;
    std::unique_ptr<measure::Measure> m_measure;
    std::shared_ptr<AreaDecisions> m_area_decisions;
    std::unique_ptr<store::Sealer> m_sealer;
    std::unique_ptr<notify::Notify> m_notify;
    std::unique_ptr<store::Follower> m_search, m_notices;
    std::unique_ptr<flow::Scheduler> m_scheduler;
    http::Router m_router;
    http::Streams m_streams;
    std::unique_ptr<Live> m_live;
    std::unique_ptr<Figures> m_figures;
    std::unique_ptr<http::Server> m_server;
    std::jthread m_housekeeper, m_calendars, m_sweeper;
    bool m_started = false;
};

}  // namespace linli::app
