// SPDX-License-Identifier: Apache-2.0
/// Notices, consultations, good practices and watches of the demo: written, sent, published and
/// answered by the accounts that would do it, in office hours. Draws no dice, so that the requests
/// stay as they are.
#include <algorithm>
#include <stdexcept>

#include "app/demo.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace linli::app {

namespace {

using Row = std::vector<std::string>;

struct Step {
    std::int64_t after_ms;  ///< working time after the step before
    AccountId by;
    const char* action;
    Value body;
};
/// A record and the steps that it goes through, until the demo ends.
struct Story {
    const char* kind;
    Instant at;
    AccountId by;
    AreaId area;
    Value fields;
    std::vector<Step> steps;
};

class Stories {
 public:
    Stories(
        Application& application, const std::filesystem::path& folder,
        const std::vector<DemoPlace>& places, DemoClock& clock
    )
        : m_app(application), m_folder(folder / "demo"), m_places(places), m_clock(clock) {}

    void notices();
    void consultations();
    void practices();
    void shifts();

 private:
    const DemoPlace& place(const std::string& prefix) const {
        const auto found = std::find_if(m_places.begin(), m_places.end(), [&](const auto& one) {
            return one.prefix == prefix;
        });
        if (found == m_places.end()) {
            throw std::runtime_error("catalogue/demo names an unknown place: " + prefix);
        }
        return *found;
    }
    Date day(const std::string& days_ago) const {
        return official_date(m_clock.until()) + -std::stoi(days_ago);
    }
    /// In office hours of that day or the next working one, each story at a minute of its own.
    Instant morning(Date day) {
        return m_app.catalogue().calendar().after(
            start_of(day) + 9 * hour_ms, ++m_told * minute_ms
        );
    }
    void tell(Story);

    Application& m_app;
    std::filesystem::path m_folder;
    const std::vector<DemoPlace>& m_places;
    DemoClock& m_clock;
    std::int64_t m_told = 0;
};

/// Steps come when the clock runs: they hold on to nothing but what lives as long as it does.
void take(Application& app, DemoClock& clock, const char* kind, RecordId id, const Step& step) {
    app.database().write_now([&](store::Tx& tx) {
        const auto caller = app.identity().caller_of(tx, step.by);
        app.records().act(tx, caller, kind, id, {}, step.action, step.body, clock.now());
    });
}

void begin(Application& app, DemoClock& clock, const Story& story) {
    const auto body = obj({{"area", std::to_string(story.area.value)}, {"fields", story.fields}});
    const auto id = app.database().write_now([&](store::Tx& tx) {
        const auto caller = app.identity().caller_of(tx, story.by);
        return app.records().create(tx, caller, story.kind, body, clock.now()).id;
    });
    auto when = story.at;
    for (const auto& step : story.steps) {
        when = app.catalogue().calendar().after(when, step.after_ms);
        clock.at(when, [&app, &clock, kind = story.kind, id, step] {
            take(app, clock, kind, id, step);
        });
    }
}

void Stories::tell(Story story) {
    const auto at = story.at;
    m_clock.at(at, [&app = m_app, &clock = m_clock, one = std::move(story)] {
        begin(app, clock, one);
    });
}

/// Who writes, and who of the level above publishes.
struct Desk {
    AccountId writes, publishes;
    AreaId area;
};

Desk desk_of(const DemoPlace& place, const std::string& from) {
    if (from == "county") {
        return {place.county_supervisor, place.city_supervisor, place.county};
    }
    if (from == "subdistrict") {
        return {place.subdistrict_desk, place.county_supervisor, place.subdistrict};
    }
    const auto& community = place.communities.at(from == "community2" ? 1 : 0);
    return {community.desk, place.subdistrict_desk, community.area};
}

Value list_of(const std::string& words) {
    Value::List list;
    for (const auto word : split(words, ';')) {
        list.emplace_back(std::string(word));
    }
    return list;
}

void Stories::notices() {
    for (const auto& row : demo_rows(m_folder / "notices.csv")) {
        const auto desk = desk_of(place(row.at(0)), row.at(1));
        const auto from = day(row.at(2)) + std::stoi(row.at(7));
        auto fields = obj(
            {{"topic", row.at(3)},
             {"subject", row.at(4)},
             {"body", row.at(5)},
             {"audience", list_of(row.at(6))},
             {"valid_from", to_text(from)}}
        );
        if (!row.at(8).empty()) {
            fields.set("valid_until", to_text(from + (std::stoi(row.at(8)) - 1)));
        }
        if (!row.at(9).empty()) {
            fields.set("where_held", row.at(9));
        }
        const auto& reaches = row.at(10);
        Story story{"notice",  morning(day(row.at(2))), desk.writes,
                    desk.area, std::move(fields),       {}};
        if (reaches != "draft") {
            story.steps.push_back({20 * minute_ms, desk.writes, "send", obj({})});
        }
        if (reaches == "published" || reaches == "ended") {
            story.steps.push_back({2 * hour_ms, desk.publishes, "publish", obj({})});
        }
        if (reaches == "ended") {
            const auto over = obj({{"reason", "抢修已经完成，供水恢复"}});
            story.steps.push_back({8 * hour_ms, desk.writes, "take_down", over});
        }
        tell(std::move(story));
    }
}

void Stories::consultations() {
    for (const auto& row : demo_rows(m_folder / "consultations.csv")) {
        const auto& here = place(row.at(0));
        const auto& community = here.communities.front();
        const auto resident = here.residents.front();
        Story story{
            "consultation",
            morning(day(row.at(1))),
            resident,
            community.area,
            obj({{"topic", row.at(2)}, {"question", row.at(3)}}),
            {}};
        if (!row.at(4).empty()) {
            const auto answer = obj({{"fields", obj({{"answer", row.at(4)}})}});
            story.steps.push_back({5 * hour_ms, community.desk, "reply", answer});
        }
        if (!row.at(5).empty()) {
            const auto stars = obj({{"fields", obj({{"stars", std::stoi(row.at(5))}})}});
            story.steps.push_back({9 * hour_ms, resident, "rate", stars});
        }
        tell(std::move(story));
    }
}

void Stories::practices() {
    static const std::vector<std::string> states{"submitted", "selected", "published", "promoted"};
    for (const auto& row : demo_rows(m_folder / "practices.csv")) {
        const auto& here = place(row.at(0));
        const auto& community = here.communities.front();
        auto fields = obj(
            {{"theme", row.at(2)},
             {"headline", row.at(3)},
             {"problem", row.at(5)},
             {"steps", row.at(6)},
             {"effect", row.at(7)},
             {"people_served", std::stoi(row.at(8))},
             {"since", to_text(day(row.at(1)) + -180)}}
        );
        if (!row.at(4).empty()) {
            fields.set("method_name", row.at(4));
        }
        const auto comment = obj({{"fields", obj({{"comment", row.at(9)}})}});
        const std::vector<Step> all{
            {hour_ms, community.desk, "submit", obj({})},
            {20 * hour_ms, here.county_supervisor, "select", comment},
            {8 * hour_ms, here.county_supervisor, "publish", obj({})},
            {30 * hour_ms, here.city_supervisor, "promote", comment}};
        const auto reached = std::find(states.begin(), states.end(), row.at(10));
        tell(
            {"good_practice",
             morning(day(row.at(1))),
             community.desk,
             community.area,
             std::move(fields),
             {all.begin(), all.begin() + (reached - states.begin()) + 1}}
        );
    }
}

/// The watch of two days in every county; the last one still runs.
void Stories::shifts() {
    int phone = 0;
    for (const auto& here : m_places) {
        const auto officer = m_app.database().read_now([&](store::Tx& tx) {
            return identity::find_account(tx, here.duty_officer)->name;
        });
        for (const char* days_ago : {"2", "1"}) {
            const auto at = morning(day(days_ago));
            Story story{
                "duty_shift",
                at,
                here.duty_officer,
                here.county,
                obj(
                    {{"officer", officer},
                     {"phone", std::to_string(13800001000 + ++phone)},
                     {"begins_at", to_text(at)},
                     {"ends_at", to_text(at + 24 * hour_ms)}}
                ),
                {{minute_ms, here.duty_officer, "check_in", obj({})}}};
            if (days_ago[0] == '2') {
                const auto note = obj({{"handover", "一切正常，无遗留事项"}});
                story.steps.push_back(
                    {7 * hour_ms, here.duty_officer, "hand_over", obj({{"fields", note}})}
                );
            }
            tell(std::move(story));
        }
    }
}

}  // namespace

void make_demo_notices(
    Application& application, const std::filesystem::path& folder,
    const std::vector<DemoPlace>& places, DemoClock& clock
) {
    Stories stories(application, folder, places, clock);
    stories.notices();
    stories.consultations();
    stories.practices();
    stories.shifts();
}

}  // namespace linli::app
