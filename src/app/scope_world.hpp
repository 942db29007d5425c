// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For the scope tests: two cities full of records, people of every role in both, and an own
/// opinion, read off the catalogue, of who may see what. What must not be seen bears a mark that
/// stands nowhere else, so that a leak is found by searching the answers for it.
#include <set>

#include "app/testing.hpp"

namespace linli::app::testing {

struct Person {
    Client client;
    std::string role;  ///< "" = nobody signed in
    http::Grant grant;
    bool may(const Application&, const std::string& right) const;
};

struct Thing {
    std::string kind, id, number, mark, state;
    area::Filing filing;
    AccountId by;
    std::vector<UnitId> parties;
    std::vector<std::string> files;
};

class World {
 public:
    World(store::Engine engine, const ExtraKind& extra);

    TestApp app;
    std::vector<Person> people;  ///< every role in both cities, and nobody
    std::vector<Thing> things;
    std::vector<std::pair<AreaId, std::string>> decisions;  ///< city, and one about an area of it

    bool may_read(const Person&, const Thing&) const;
    std::vector<const Thing*> readable(const Person&, const std::string& kind) const;
    std::vector<const Thing*> foreign(const Person&, const std::string& kind) const;
    /// Marks, ids and numbers of what the person must not see that stand in the text; "" = none.
    /// `told` is what the person sent himself; `by_area` allows what lies in his area instead of
    /// what he may read.
    std::string leak(
        const Person&, const std::string& text, const std::string& told = {}, bool by_area = false
    ) const;
    const Person& person(const std::string& role, std::size_t city) const;

    /// Accounts, sessions, notices and grants of which the person must not know.
    std::vector<std::string> foreign_ids(const Person&, const std::string& type);
    /// One more record of the kind in a community, filed by somebody there. Not remembered.
    Reply file(const std::string& kind, const Community&, const std::string& mark, int nth);
    /// Something happens to a request: accepted, assigned, resolved.
    void move_along(Thing&, const County&, int steps);
    void publish(Thing&, const Client& by, const Client& publisher);

 private:
    void make_people();
    void make_things();
    /// A notice of an office above communities, and whether it has been published.
    void add_notice(const Client& by, const Client& publisher, AreaId, int nth, bool published);
    void make_decisions();
    void add_thing(const catalogue::Kind&, const County&, const Community&, int nth, int steps);
    void add_file(Thing&, const catalogue::Kind&);
    std::vector<std::string> ids(const std::string& sql);
};

/// A body with every required field of a kind; texts hold the mark.
Value sample_fields(const Application&, const catalogue::Kind&, const std::string& mark, int nth);

}  // namespace linli::app::testing
