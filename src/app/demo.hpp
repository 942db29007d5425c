// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The demo city: five real places, offices and accounts, and requests of the last months made
/// through the real flow under a simulated clock. The same seed and end make the same
/// demo.
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "app/application.hpp"
#include "spatial/city.hpp"

namespace linli::app {

constexpr const char* demo_password = "linli-demo";

struct DemoSize {
    int requests = 500, persons = 60'000;
};
/// Fills a database without accounts with what happened up to `until`; returns false if there are
/// some. Interrupted, it begins anew at the next call (SQLite) or says what to do (PostgreSQL).
bool fill_demo_if_empty(const Settings&, std::uint64_t seed, DemoSize, Instant until);

/// Small repeatable dice; not for secrets.
class Dice {
 public:
    explicit Dice(std::uint64_t seed) : m_state(seed * 0x9E3779B97F4A7C15ull + 1) {}
    std::uint64_t next();
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    bool chance(double p) { return unit() < p; }
    /// Exponential with the given mean.
    double waiting(double mean);
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
    }

 private:
    std::uint64_t m_state;
};

/// The simulated clock and what is to happen when. It only goes forward, hour by hour, and with it
/// what happens by itself (timers, escalation).
class DemoClock {
 public:
    DemoClock(Application&, ManualTime&, Instant until);
    Instant now() const { return m_time.now(); }
    Instant until() const { return m_until; }
    /// Left out if it would be at the end or after it.
    void at(Instant when, std::function<void()> step);
    /// All steps, in order, also those which steps add; then on to the end.
    void run();

 private:
    struct Event {
        Instant at;
        std::uint64_t order;
        std::function<void()> step;
        bool operator<(const Event& other) const {
            return std::tie(at, order) > std::tie(other.at, other.order);
        }
    };
    void advance(Instant to);

    Application& m_app;
    ManualTime& m_time;
    Instant m_until;
    std::priority_queue<Event> m_queue;
    std::uint64_t m_order = 0;
};

struct DemoCommunity {
    AreaId area;
    std::vector<AreaId> grids, compounds;
    AccountId desk, grid_worker;  ///< none if no account was made for it
};

/// One of the five places, as far as the demo works in it: one subdistrict of one county.
struct DemoPlace {
    std::string prefix;  ///< of logins: "mas"
    AreaId county, subdistrict;
    std::vector<DemoCommunity> communities;
    std::vector<AccountId> residents;
    AccountId subdistrict_desk, county_supervisor, grid_centre, duty_officer;
    AccountId city_supervisor;  ///< of some cities alone
    struct Department {
        UnitId unit;
        std::string kind;
        AccountId account;
    };
    std::vector<Department> departments;
};

/// Areas, units, grids, compounds and accounts.
std::vector<DemoPlace> make_demo_places(
    Application&, const std::filesystem::path& catalogue, Dice&, Instant now
);
/// Streets, dwellings and facilities of one county, made up, as files for the map.
void make_demo_town(
    const area::Tree&, AreaId county, const std::filesystem::path& catalogue,
    const std::filesystem::path& towns, const spatial::CityOrder& = {18'000, 7}
);
/// Requests through the flow: puts their beginnings on the clock and lives until it has run.
class DemoRequests {
 public:
    DemoRequests(
        Application&, const std::filesystem::path& catalogue, const std::vector<DemoPlace>&, Dice&,
        DemoClock&, int requests
    );
    ~DemoRequests();

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};
/// Notices, questions with answers, and good practices of catalogue/demo, without dice.
void make_demo_notices(Application&, const std::filesystem::path& catalogue, const std::vector<DemoPlace>&, DemoClock&);

/// People of the five places in the proportions of the census, with households, homes, facilities,
/// organisations and who works there. Dice of their own.
void make_demo_registers(
    Application&, const std::filesystem::path& catalogue, const std::vector<DemoPlace>&,
    std::uint64_t seed, int persons, Instant now, Instant until
);

/// The queue of persons who may be one, as `linli duplicates` fills it.
void find_demo_duplicates(
    Application&, const std::filesystem::path& catalogue, const std::vector<DemoPlace>&, Instant now
);
/// Ledgers of plans brought in from catalogue/demo, and how they went, without dice.
void make_demo_ledgers(Application&, const std::filesystem::path& catalogue, std::vector<DemoPlace>&, DemoClock&);

/// Rows of a small CSV of the catalogue's demo folder, without its header.
std::vector<std::vector<std::string>> demo_rows(const std::filesystem::path& file);

}  // namespace linli::app
