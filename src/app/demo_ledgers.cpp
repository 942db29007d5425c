// SPDX-License-Identifier: Apache-2.0
/// Two ledgers of the demo: the tables of catalogue/demo are brought in by the county, and the
/// bureau of civil affairs works on what it leads. Draws no dice.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "app/demo.hpp"
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "plan/ledger_tasks.hpp"

namespace linli::app {

namespace {

struct Source {
    const char *place, *plan, *file;
    bool all_to_one;  ///< what no unit here leads is given to the bureau
};
constexpr Source sources[] = {
    {"lj", "luojiang-72", "ledger-lj.csv", false}, {"jn", "jining-17", "ledger-jn.csv", true}};

constexpr int days_back = 96;

/// Who works on a ledger: the county's supervisor, and the bureau in charge.
struct Desk {
    AccountId county, bureau;
    UnitId unit;
};

Desk desk_of(Application& app, DemoPlace& place, Instant now) {
    const auto bureau =
        std::find_if(place.departments.begin(), place.departments.end(), [](const auto& one) {
            return one.kind == "civil_affairs";
        });
    if (bureau == place.departments.end()) {
        throw std::runtime_error("catalogue/demo/units.csv needs civil_affairs");
    }
    const auto hash = hash_password(demo_password);
    const auto tree = app.areas().today();
    app.database().write_now([&](store::Tx& tx) {
        bureau->account =
            identity::create_account(tx, place.prefix + "-minzheng", "郑明", hash, now);
        identity::mark_demo(tx, bureau->account);
        http::Grant grant;
        grant.role = "department";
        grant.area = place.county;
        grant.unit = bureau->unit;
        grant.head = true;
        identity::grant(tx, app.catalogue(), *tree, bureau->account, grant, {}, now);
    });
    return {place.county_supervisor, bureau->account, bureau->unit};
}

struct Step {
    int days;  ///< after the import
    AccountId by;
    const char* action;
    Value body;
};

Value progress(int percent, const char* words) {
    return obj({{"fields", obj({{"progress", percent}, {"progress_words", words}})}});
}

/// How the n-th task of the bureau went. Some are done, some came back, some fell silent.
std::vector<Step> steps_of(const Desk& desk, std::size_t n, bool dated) {
    const int day = static_cast<int>(n % 9);
    std::vector<Step> steps{{2 + day, desk.bureau, "start", obj({})}};
    if (n % 11 == 10) {
        return steps;
    }
    const int percent = 35 + static_cast<int>(n * 17 % 50);
    steps.push_back(
        {24 + day, desk.bureau, "report", progress(percent, "已部署到乡镇（街道），正在推进")}
    );
    if (dated ? n % 8 != 7 : n % 4 == 1) {
        const auto result =
            obj({{"result", "任务已完成，佐证材料已归档"}, {"fields", obj({{"progress", 100}})}});
        steps.push_back({45 + day, desk.bureau, "submit", result});
        if (n % 10 == 6) {
            const auto reason = obj({{"reason", "缺少佐证材料，请补充后再报"}});
            steps.push_back({50 + day, desk.county, "return", reason});
        } else if (n % 10 != 9) {
            steps.push_back({52 + day, desk.county, "sign_off", obj({})});
        }
    } else {
        steps.push_back(
            {70 + day, desk.bureau, "report",
             progress(std::min(95, percent + 20), "各社区已覆盖，正在查漏补缺")}
        );
    }
    return steps;
}

/// A step of a task, as the demo's clock runs.
void take(Application& app, DemoClock& clock, RecordId id, const Step& step) {
    app.database().write_now([&](store::Tx& tx) {
        const auto caller = app.identity().caller_of(tx, step.by);
        app.records().act(tx, caller, plan::task_kind, id, {}, step.action, step.body, clock.now());
    });
}

plan::LedgerPreview bring_in(
    Application& app, const Source& source, const plan::Ledger& ledger, AreaId area,
    const Desk& desk, Instant now
) {
    const auto core = app.records().core();
    return app.database().write_now([&](store::Tx& tx) {
        const auto caller = app.identity().caller_of(tx, desk.county);
        const record::Context c(*core, tx, &caller, now);
        return plan::import_ledger(
            c, plan::ledger_place(app.measure(), *c.tree, source.plan, c.tree->find(area)), ledger
        );
    });
}

/// In the mornings of working days, each task at a minute of its own.
Instant morning(Application& app, Date day, std::size_t n) {
    return app.catalogue().calendar().after(
        start_of(day) + 9 * hour_ms, static_cast<std::int64_t>(n + 1) * minute_ms
    );
}

void begin(
    Application& app, DemoClock& clock, const Source& source, const plan::Ledger& ledger,
    AreaId area, const Desk& desk
) {
    const auto done = bring_in(app, source, ledger, area, desk, clock.now());
    const auto day = official_date(clock.now());
    std::size_t n = 0;
    for (const auto& draft : done.tasks) {
        const bool own = draft.lead && draft.lead->id == desk.unit;
        if (!own && !source.all_to_one) {
            continue;
        }
        if (!own) {
            const auto unit = obj({{"lead_unit", std::to_string(desk.unit.value)}});
            take(app, clock, draft.record, {0, desk.county, "assign", unit});
        }
        ++n;
        for (const auto& step : steps_of(desk, n, draft.task.due.has_value())) {
            clock.at(morning(app, day + step.days, n), [&app, &clock, id = draft.record, step] {
                take(app, clock, id, step);
            });
        }
    }
}

}  // namespace

void make_demo_ledgers(
    Application& app, const std::filesystem::path& folder, std::vector<DemoPlace>& places,
    DemoClock& clock
) {
    for (const auto& source : sources) {
        const auto place = std::find_if(places.begin(), places.end(), [&](const auto& one) {
            return one.prefix == source.place;
        });
        if (place == places.end()) {
            throw std::runtime_error(std::string("the demo has no place ") + source.place);
        }
        std::ifstream file(folder / "demo" / source.file, std::ios::binary);
        std::stringstream bytes;
        bytes << file.rdbuf();
        const auto ledger = plan::read_ledger(office::read_document(bytes.str()));
        const auto desk = desk_of(app, *place, clock.now());
        clock.at(
            morning(app, official_date(clock.until()) + -days_back, 0),
            [&app, &clock, &source, ledger, area = place->county, desk] {
                begin(app, clock, source, ledger, area, desk);
            }
        );
    }
}

}  // namespace linli::app
