// SPDX-License-Identifier: Apache-2.0
#include "app/application.hpp"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "app/area_decisions.hpp"
#include "app/audit.hpp"
#include "app/catalogue_routes.hpp"
#include "app/field_key.hpp"
#include "area/routes.hpp"
#include "base/log.hpp"
#include "exchange/open311.hpp"
#include "flow/republish.hpp"
#include "map/routes.hpp"
#include "plan/ledger_tasks.hpp"
#include "plan/plan.hpp"
#include "record/engine.hpp"
#include "registry/queue.hpp"
#include "registry/routes.hpp"
#include "request/duplicates.hpp"
#include "request/sampling.hpp"

namespace linli::app {

namespace {

/// By hand: more is a machine (C79).
constexpr int filings_per_hour = 30;

void append(std::vector<store::SchemaStep>& all, std::vector<store::SchemaStep> more) {
    all.insert(
        all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())
    );
}

store::Options store_options(const Settings& settings) {
    store::Options options = settings.store;
    options.url = settings.db.empty() ? (settings.data / "linli.db").string() : settings.db;
    options.require_standby = settings.require_standby;
    return options;
}

}  // namespace

std::shared_ptr<const catalogue::Catalogue> load_catalogue(const std::filesystem::path& folder) {
    auto loaded = catalogue::load(folder.string());
    if (loaded.catalogue) {
        return loaded.catalogue;
    }
    std::string text = "the catalogue in " + folder.string() + " has mistakes:";
    for (const auto& mistake : loaded.mistakes) {
        text += "\n  " + catalogue::to_text(mistake);
    }
    throw std::runtime_error(text);
}

std::vector<store::SchemaStep> all_schema_steps() {
    std::vector<store::SchemaStep> steps;
    append(steps, store::schema());
    append(steps, http::schema());
    append(steps, area::schema());
    append(steps, identity::schema());
    append(steps, flow::schema());
    append(steps, record::schema());
    append(steps, notify::schema());
    append(steps, measure::schema());
    append(steps, registry::schema());
    return steps;
}

Application::Application(Settings settings, TimeSource& time, RandomSource& random)
    : m_settings(std::move(settings)), m_time(time) {
    std::filesystem::create_directories(m_settings.data);
    m_catalogue = load_catalogue(m_settings.catalogue);
    m_database = store::Database::open(store_options(m_settings), time, random);
    m_database->migrate(all_schema_steps());
    m_database->write_now([&](store::Tx& tx) {
        for (const auto& line : record::apply(tx, *m_catalogue)) {
            log::info("catalogue_applied", obj({{"did", line}}));
        }
    });
    m_areas = std::make_unique<area::Areas>(*m_database, time);
    auto cipher = std::make_shared<const FieldCipher>(field_key(m_settings.data, *m_database));
    m_settings.identity.demo = m_settings.demo;
    m_settings.identity.secure_cookies = m_settings.http.secure_cookies;
    m_identity = std::make_unique<identity::Identity>(
        *m_database, m_catalogue, *m_areas, random, cipher, m_settings.identity
    );
    m_flow = std::make_unique<flow::Flow>(m_catalogue, *m_areas);
    m_blobs = std::make_unique<store::Blobs>(m_settings.data / "blobs");
    m_settings.http.cipher = cipher;
    m_records = std::make_unique<record::Engine>(record::Parts{
        m_catalogue, *m_areas, *m_flow, *m_blobs, cipher,
        static_cast<int>(filings_per_hour * m_settings.http.pace)});
    m_measure =
        std::make_unique<measure::Measure>(*m_database, time, m_catalogue, *m_areas, *m_flow);
    m_notify = std::make_unique<notify::Notify>(notify::Parts{
        *m_database, time, random, m_catalogue, *m_areas, *m_flow, *m_identity, std::move(cipher),
        m_settings.notify, [core = m_records->core()](store::Tx& tx, const RecordRef& record) {
            const auto found = record::find(tx, core->table(record.kind), record.id);
            return found ? found->number : std::string();
        }});
    m_area_decisions = std::make_shared<AreaDecisions>(*m_areas, *m_identity, *m_records);
    m_sealer = std::make_unique<store::Sealer>(*m_database, time);
    m_live = std::make_unique<Live>(*m_database, *m_sealer, m_catalogue, *m_areas, m_streams);
    m_measure->on_counted([this](const auto& areas) { m_live->tell_figures(areas); });
    m_scheduler = std::make_unique<flow::Scheduler>(
        *m_database, time, *m_flow,
        [this](store::Tx& tx, const RecordRef& record, const std::string& action, Instant now) {
            m_records->act_by_timer(tx, record, action, now);
        }
    );
    m_identity->on_forget([this](AccountId account) {
        m_streams.end_where([&](const http::Caller& caller) { return caller.account == account; });
    });
    wire_routes();
    m_server = std::make_unique<http::Server>(
        m_settings.http, m_router, *m_database, time, m_identity->identify(), m_streams
    );
    m_server->set_urgent([this](const http::Request& request, const http::Route& route) {
        return m_records->sounds_urgent(request, route);
    });
    m_server->set_remark(m_identity->remark());
    m_figures = std::make_unique<Figures>(*m_database, time, m_settings.data);
    m_server->set_figures([this] { return m_figures->text(); });
}

Application::~Application() {
    stop();
    m_server.reset();
    m_scheduler.reset();
    m_search.reset();
    m_notices.reset();
    m_notify.reset();
    m_measure.reset();
    m_live.reset();
    m_sealer.reset();
}

void Application::wire_routes() {
    area::routes(m_router, *m_areas);
    m_identity->routes(m_router);
    area_decision_routes(m_router, m_area_decisions, *m_areas, *m_identity);
    flow::routes(m_router, m_catalogue, *m_areas, *m_flow);
    m_records->routes(m_router);
    m_notify->routes(m_router);
    m_measure->routes(m_router);
    plan::plan_routes(m_router, *m_measure);
    plan::ledger_routes(m_router, *m_measure, m_records->core());
    catalogue_routes(m_router, m_catalogue, *m_areas);
    request::routes(m_router, m_catalogue, *m_records);
    request::routes(m_router, m_catalogue, *m_areas, *m_records);
    registry::routes(m_router, *m_records);
    exchange::open311_routes(
        m_router, m_catalogue, *m_records, m_identity->identify(), m_time.now()
    );
    map::routes(
        m_router, m_settings.data / "spatial", m_settings.catalogue / "walking", *m_areas,
        *m_identity
    );
    m_router.get(
        "/api/openapi.json", [this](http::Call&) { return http::Json{openapi(true)}; }, "",
        http::Scope::open, "This interface as OpenAPI 3.1, kinds included"
    );
    m_router.check(m_catalogue->known_rights());
}

std::string Application::openapi(bool with_kinds) const {
    return with_kinds ? http::openapi(
                            m_router, "linli", "1", m_records->openapi_paths(),
                            m_records->openapi_schemas()
                        )
                      : http::openapi(m_router, "linli", "1");
}

/// Signs where the log stands. A place that cannot be written is caught up with later: the
/// checkpoints are kept in the database too.
void Application::take_checkpoint() {
    try {
        SystemRandom random;
        app::take_checkpoint(
            *m_database, audit_key(m_settings.data, random), m_time.now(),
            checkpoint_file(m_settings)
        );
    } catch (const std::exception& error) {
        log::error("checkpoint_failed", obj({{"error", error.what()}}));
    }
}

/// Deadlines that were counted by calendars which have changed since; tried until it is done.
void Application::follow_calendars(std::stop_token stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
        try {
            const auto done = flow::follow_calendars(*m_database, *m_flow, m_time.now(), [&] {
                return stop.stop_requested();
            });
            if (done.changed > 0) {
                log::info("deadlines_counted_again", obj({{"clocks", done.changed}}));
            }
            return;
        } catch (const std::exception& error) {
            log::warning("calendars_not_followed", obj({{"error", error.what()}}));
        }
        wake.wait_for(lock, stop, std::chrono::seconds(10), [] { return false; });
    }
}

/// Every second, whether another process has changed the tree; every minute, decisions about areas
/// whose day has come; once an hour, answers kept for replays go after their time, and the log is
/// signed.
void Application::keep_house(std::stop_token stop) {
    constexpr int minute = 60, hour = 3600;
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    bool failed = false;
    for (int second = 0; !stop.stop_requested(); second = (second + 1) % hour) {
        try {
            m_areas->refresh();
            if (second % minute == 0) {
                m_area_decisions->apply_due(*m_database, m_time.now());
            }
            if (second == 0) {
                const auto forget = [&](store::Tx& tx) {
                    return http::forget_old_keys(tx, m_time.now());
                };
                while (!stop.stop_requested() && m_database->write_now(forget) > 0) {
                }
            }
            failed = false;
        } catch (const std::exception& error) {
            if (!failed) {
                log::warning("housekeeping_failed", obj({{"error", error.what()}}));
            }
            failed = true;
        }
        if (second == 0) {
            take_checkpoint();
        }
        wake.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    }
}

store::Blobs::Swept Application::sweep_files(const std::function<bool()>& stopped) {
    return m_blobs->sweep(record::named_blobs(*m_database), std::chrono::hours(24), stopped);
}

/// An hour after the start, then once a day.
void Application::sweep_daily(std::stop_token stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    std::chrono::hours wait(1);
    while (!wake.wait_for(lock, stop, wait, [&] { return stop.stop_requested(); }) &&
           !stop.stop_requested()) {
        wait = std::chrono::hours(24);
        try {
            const auto swept = sweep_files([&] { return stop.stop_requested(); });
            if (swept.files > 0) {
                log::info("files_swept", obj({{"files", swept.files}, {"bytes", swept.bytes}}));
            }
        } catch (const std::exception& error) {
            log::warning("files_not_swept", obj({{"error", error.what()}}));
        }
    }
}

void Application::start() {
    m_search =
        std::make_unique<store::Follower>(*m_database, *m_sealer, "search", m_records->indexer());
    m_notices =
        std::make_unique<store::Follower>(*m_database, *m_sealer, "notify", m_notify->filler());
    m_notify->start();
    m_measure->begin();
    m_measure->start(*m_sealer);
    m_scheduler->start();
    m_live->start();
    m_server->start();
    m_housekeeper = std::jthread([this](std::stop_token stop) { keep_house(stop); });
    m_calendars = std::jthread([this](std::stop_token stop) { follow_calendars(stop); });
    m_sweeper = std::jthread([this](std::stop_token stop) { sweep_daily(stop); });
    m_started = true;
}

void Application::stop() {
    if (!m_started) {
        return;
    }
    m_started = false;
    m_server->stop();
    m_housekeeper = {};
    m_calendars = {};
    m_sweeper = {};
    m_scheduler->stop();
    m_search->stop();
    m_notices->stop();
    m_notify->stop();
    m_measure->stop();
    m_live->stop();
    m_sealer->stop();
    m_database->close();
}

}  // namespace linli::app
