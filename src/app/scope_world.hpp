// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For the scope tests: two cities full of records, people of every role in both, and an own
/// opinion, read off the catalogue, of who may see what. What must not be seen bears a mark that
/// stands nowhere else, so that a leak is found by searching the answers for it.
#include <array>
#include <set>

#include "app/testing.hpp"

namespace linli::app::testing {

/// Where something lies, seen from where a person works.
enum class Relation {
    sibling,      ///< another community of the subdistrict, or another grid
    subdistrict,  ///< another subdistrict of the county
    county,       ///< another county of the city
    city,         ///< another city
    above,        ///< an area that the person's lies in
    own,          ///< in the person's area, yet not his
};
constexpr auto names(Relation) {
    return std::array{"sibling", "subdistrict", "county", "city", "above", "own"};
}
constexpr std::size_t relations = 6;
Relation relation(const area::Tree&, AreaId home, AreaId other);

struct Foreign {
    std::string id;
    Relation relation = Relation::own;
};
/// One of each relation after the other, as long as there are some: the first few are of all kinds.
std::vector<Foreign> spread(const std::vector<Foreign>&);

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
    /// `opinion` is the catalogue by which may_read judges; null = the server's own.
    World(
        store::Engine engine, const ExtraKind& extra, int subdistricts = 1,
        std::shared_ptr<const catalogue::Catalogue> opinion = nullptr
    );

    TestApp app;
    std::vector<Person> people;  ///< every role in both cities, and nobody
    std::vector<Thing> things;
    std::vector<std::pair<AreaId, std::string>> decisions;  ///< an area, and one about it

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

    /// Accounts, sessions, tokens, notices, grants, areas and units that are not the person's.
    std::vector<Foreign> foreign_ids(const Person&, const std::string& type);
    /// The same of records, by the opinion of who may read them.
    std::vector<Foreign> foreign_records(const Person&, const std::string& kind) const;
    /// What a person can ask without naming an object.
    std::vector<std::string> questions(const Person&) const;
    /// One more record of the kind in a community, filed by somebody there. Not remembered.
    Reply file(const std::string& kind, const Community&, const std::string& mark, int nth);
    /// Something happens to a request: accepted, assigned, resolved.
    void move_along(Thing&, const County&, int steps);
    void publish(Thing&, const Client& by, const Client& publisher);

 private:
    void make_people();
    void make_tokens();
    void make_things();
    /// A notice of an office above communities, and whether it has been published.
    void add_notice(const Client& by, const Client& publisher, AreaId, int nth, bool published);
    void make_decisions();
    void add_thing(const catalogue::Kind&, const County&, const Community&, int nth, int steps);
    void add_file(Thing&, const catalogue::Kind&);
    /// Ids and areas as the statement gives them, seen from the person's area.
    std::vector<Foreign> ids(const Person&, const std::string& sql);
    std::shared_ptr<const catalogue::Catalogue> m_opinion;
};

/// A body with every required field of a kind; texts hold the mark.
Value sample_fields(const Application&, const catalogue::Kind&, const std::string& mark, int nth);

}  // namespace linli::app::testing
