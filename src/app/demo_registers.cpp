// SPDX-License-Identifier: Apache-2.0
/// What the registers of the demo hold, so that plans have figures to show: facilities, workers and
/// organisations of every community in the five places, households and volunteers of some. A
/// sample: few households, and floor areas scaled to them.
#include "app/demo.hpp"

namespace linli::app {

namespace {

constexpr int households_each = 24, volunteers_each = 9, workers_each = 4, organisations_each = 5;

class Registers {
 public:
    Registers(Application& application, const std::filesystem::path& catalogue, Instant now)
        : m_app(application),
          m_facilities(demo_rows(catalogue / "demo" / "facilities.csv")),
          m_dice(seed),
          m_now(now) {
        for (const auto& row : demo_rows(catalogue / "demo" / "names.csv")) {
            if (row.at(0) != "compound") {
                (row.at(0) == "surname" ? m_surnames : m_given).push_back(row.at(1));
            }
        }
    }

    void fill(const DemoPlace& place) {
        m_app.database().write_now([&](store::Tx& tx) {
            m_tx = &tx;
            m_caller = m_app.identity().caller_of(tx, place.subdistrict_desk);
            create(
                "facility", place.subdistrict,
                obj(
                    {{"name", "社会工作站"},
                     {"facility_kind", "social_work_station"},
                     {"status", "open"}}
                )
            );
            for (const auto& community : place.communities) {
                add_facilities(community);
                add_staff(community.area);
                add_organisations(community.area);
            }
            for (const auto& community : place.communities) {
                if (community.desk) {
                    m_caller = m_app.identity().caller_of(tx, community.desk);
                    add_people(community);
                }
            }
        });
    }

 private:
    static constexpr std::uint64_t seed = 11;

    void create(const char* kind, AreaId area, Value fields) {
        const auto body =
            obj({{"area", std::to_string(area.value)}, {"fields", std::move(fields)}});
        m_app.records().create(*m_tx, m_caller, kind, body, m_now);
    }
    std::string person() { return m_dice.pick(m_surnames) + m_dice.pick(m_given); }

    void add_facilities(const DemoCommunity& community) {
        for (const auto& row : m_facilities) {
            if (!m_dice.chance(std::stoi(row.at(2)) / 100.0)) {
                continue;
            }
            auto fields =
                obj({{"name", row.at(1)}, {"facility_kind", row.at(0)}, {"status", "open"}});
            if (community.desk && !row.at(3).empty()) {  // where households are registered
                const double floor_area = std::stod(row.at(3));
                fields.set("floor_area", floor_area);
                fields.set("activity_area", floor_area * 0.625);
            }
            create("facility", community.area, std::move(fields));
        }
    }

    void add_staff(AreaId area) {
        static const char* const duties[] = {
            "agent", "disaster_information", "sport_instructor", "law_savvy"};
        for (int i = 0; i < workers_each; ++i) {
            Value::List own;
            own.emplace_back(duties[i]);
            auto fields = obj(
                {{"name", person()},
                 {"post", i == 0 ? "head" : "staff"},
                 {"employment", "full_time"},
                 {"duties", std::move(own)},
                 {"trained_days", 1 + m_dice.below(5)}}
            );
            if (m_dice.chance(0.45)) {
                fields.set("certificate", "assistant");
            }
            if (m_dice.chance(0.8)) {
                fields.set("pay_grade", 1 + m_dice.below(18));
            }
            create("community_worker", area, std::move(fields));
        }
        if (m_dice.chance(0.7)) {
            create(
                "professional", area, obj({{"name", person()}, {"profession", "legal_adviser"}})
            );
        }
    }

    void add_organisations(AreaId area) {
        static const char* const names[] = {
            "邻里互助会", "文体队", "平安巡防队", "志愿服务队", "议事会"};
        const int count = 2 + m_dice.below(organisations_each - 1);
        for (int i = 0; i < count; ++i) {
            create(
                "organisation", area,
                obj(
                    {{"name", names[i]},
                     {"organisation_kind", "community_organisation"},
                     {"status", "active"}}
                )
            );
        }
        if (m_dice.chance(0.8)) {
            create(
                "organisation", area,
                obj(
                    {{"name", "残疾人协会"},
                     {"organisation_kind", "disabled_association"},
                     {"status", "active"}}
                )
            );
        }
    }

    void add_people(const DemoCommunity& community) {
        for (int i = 0; i < households_each; ++i) {
            create(
                "household", m_dice.pick(community.grids),
                obj(
                    {{"name", person()},
                     {"household_type", "family"},
                     {"members", 1 + m_dice.below(5)},
                     {"in_group", m_dice.chance(0.85)}}
                )
            );
        }
        for (int i = 0; i < volunteers_each; ++i) {
            create(
                "volunteer", community.area,
                obj(
                    {{"name", person()},
                     {"registered_on", to_text(official_date(m_now))},
                     {"emergency_volunteer", m_dice.chance(0.3)},
                     {"hours", static_cast<double>(m_dice.below(60))}}
                )
            );
        }
    }

    Application& m_app;
    std::vector<std::vector<std::string>> m_facilities;
    std::vector<std::string> m_surnames, m_given;
    Dice m_dice;  ///< of its own: the requests fall as they fell without registers
    Instant m_now;
    store::Tx* m_tx = nullptr;
    http::Caller m_caller;
};

}  // namespace

void make_demo_registers(
    Application& application, const std::filesystem::path& catalogue,
    const std::vector<DemoPlace>& places, Instant now
) {
    Registers registers(application, catalogue, now);
    for (const auto& place : places) {
        registers.fill(place);
    }
}

}  // namespace linli::app
