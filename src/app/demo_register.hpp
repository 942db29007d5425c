// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the registers of the demo share: who enters, names, numbers, and records by the thousand in
/// one transaction, each by the rules of its kind.
#include <functional>
#include <map>
#include <set>

#include "app/demo.hpp"
#include "record/engine.hpp"

namespace linli::app {

/// Names that people bear, surnames as often as they are borne.
class DemoNames {
 public:
    explicit DemoNames(const std::filesystem::path& catalogue);
    const std::string& surname(Dice&) const;
    std::string given(Dice&, bool male) const;

 private:
    std::vector<std::string> m_surnames, m_male, m_female;
    std::vector<int> m_until;  ///< of each surname: how many are before it, and it
};

/// Somebody of the demo, as far as others refer to him.
struct DemoPerson {
    RecordId id;
    std::string name, phone;
    AreaId grid;
    Date born;
    bool male = false;
};

class DemoRegister {
 public:
    DemoRegister(Application&, const DemoPlace&, const DemoNames&, Dice&, Instant now, Date today);

    /// What `work` adds is one transaction. It may run twice; then the dice fall as before.
    void together(const std::function<void()>& work);
    // Inside of it:
    RecordId add(const char* kind, AreaId, const Value& fields);
    void change(const char* kind, RecordId, const Value& fields);
    void act(const char* kind, RecordId, const char* action);

    std::string phone();
    /// A resident number that nobody has: its division does not exist.
    std::string id_number(Date born, bool male);
    /// A point of the neighbourhood `around`, within so many metres.
    Value near(const Value& around, double metres);
    Value centre();  ///< of the county, roughly
    std::string name_of(AreaId) const;

    const DemoPlace& place() const { return m_place; }
    const DemoNames& names() const { return m_names; }
    Dice& dice() { return m_dice; }
    Date today() const { return m_today; }

 private:
    Application& m_app;
    const DemoPlace& m_place;
    const DemoNames& m_names;
    Dice& m_dice;
    Instant m_now;
    Date m_today;
    http::Caller m_caller;
    std::string m_division;
    std::set<std::string> m_numbers;  ///< given out
    std::shared_ptr<const record::Core> m_core;
    const record::Context* m_context = nullptr;
};

/// How a place lives, by catalogue/demo/population.csv; shares of 1.
struct DemoFigures {
    double weight = 0, household_size = 0, under_15 = 0, over_60 = 0, over_65 = 0;
};

/// What a community has after people have moved in.
struct DemoSettled {
    std::vector<DemoPerson> people;
    int households = 0, blocks = 0;
    Value centre;
};
/// Further buildings with dwellings, households and people, until so many more live in the
/// community.
DemoSettled settle_demo(
    DemoRegister&, const DemoFigures&, const DemoCommunity&, int more, DemoSettled so_far
);

/// Facilities, organisations, workers, professionals and volunteers of a place.
class DemoServices {
 public:
    explicit DemoServices(const std::filesystem::path& catalogue);
    void serve_community(DemoRegister&, const DemoCommunity&, const DemoSettled&) const;
    void serve_above(DemoRegister&) const;
    /// Of a community whose people are not entered: facilities without their size, organisations.
    void serve_elsewhere(DemoRegister&, AreaId community) const;

 private:
    std::vector<std::vector<std::string>> m_facilities, m_organisations;
    void found(
        DemoRegister&, const std::string& level, AreaId, const std::string& name,
        const Value& centre, int households
    ) const;
    void organise(
        DemoRegister&, const std::string& level, AreaId, const std::string& name,
        const Value& centre
    ) const;
};

}  // namespace linli::app
