// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The demo city: five real places, offices and accounts, and requests of the last months made
/// through the real flow under a simulated clock. The same seed and end make the same
/// demo.
#include <cstdint>
#include <string>
#include <vector>

#include "app/application.hpp"

namespace linli::app {

constexpr const char* demo_password = "linli-demo";

/// Fills a database without accounts with what happened up to `until`; returns false if there are
/// some. Interrupted, it begins anew at the next call (SQLite) or says what to do (PostgreSQL).
bool fill_demo_if_empty(const Settings&, std::uint64_t seed, int requests, Instant until);

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
    AccountId subdistrict_desk;
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
/// Requests through the flow; leaves `time` at `until`.
void make_demo_requests(
    Application&, const std::filesystem::path& catalogue, const std::vector<DemoPlace>&, Dice&,
    ManualTime& time, Instant until, int requests
);

/// Rows of a small CSV of the catalogue's demo folder, without its header.
std::vector<std::vector<std::string>> demo_rows(const std::filesystem::path& file);

}  // namespace linli::app
