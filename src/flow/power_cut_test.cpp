// SPDX-License-Identifier: Apache-2.0
/// Power cuts at any moment (C67, C73, C76), and the proof that the experiment would notice a loss.
#include <doctest/doctest.h>

#include <cstdlib>

#include "flow/power_cuts.hpp"
#include "flow/testing.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

/// SQLite alone: a power cut of PostgreSQL is PostgreSQL's business.
bool on_sqlite() {
    return store::testing::engines().front() == store::Engine::sqlite;
}

}  // namespace

TEST_CASE("a power cut loses no acknowledged write and no timer, and leaves nothing half done") {
    if (!on_sqlite()) {
        return;
    }
    const char* asked = std::getenv("LINLI_POWER_CUTS");
    PowerCutSettings settings;
    settings.cuts = asked ? std::atoi(asked) : 60;
    const auto report = cut_power(shipped(), settings);
    for (const auto& fault : report.faults) {
        MESSAGE(fault);
    }
    MESSAGE(
        report.cuts << " cuts, " << report.acknowledged << " acknowledged, " << report.lost
                    << " lost, " << report.broken << " broken, " << report.timers_lost
                    << " timers lost, " << report.timers_doubled << " doubled"
    );
    CHECK(report.clean());
    CHECK(report.acknowledged > settings.cuts);
    CHECK(report.timers > settings.cuts);
}

TEST_CASE("without fsync, or on a disk that only says it synced, the same cuts lose writes") {
    if (!on_sqlite()) {
        return;
    }
    PowerCutSettings settings;
    settings.cuts = 20;
    settings.unsafe = true;
    CHECK(cut_power(shipped(), settings).lost > 0);
    settings.unsafe = false;
    settings.disk_lies = true;
    const auto report = cut_power(shipped(), settings);
    CHECK(report.lost + report.broken > 0);
}
