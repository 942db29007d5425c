// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The administrative tree in time. An area's id is permanent; code, name, kind, parent are dated
/// attributes, because official codes are reused over the years (architecture §2; shared data: 78
/// of 82 codes of one district).
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/fields.hpp"
#include "store/store.hpp"

namespace linli::area {

/// Grid, compound and building stand below the community; compound and building are the second view
/// (RULE-007).
enum class Level : std::uint8_t {
    country,
    province,
    city,
    county,
    subdistrict,
    community,
    grid,
    compound,
    building
};
constexpr auto names(Level) {
    return std::array{"country",   "province", "city",     "county",  "subdistrict",
                      "community", "grid",     "compound", "building"};
}
/// From the official code ranges: of subdistrict level subdistrict, town, township, zone; of
/// community level residents_committee, villagers_committee, similar, virtual; others bear their
/// level's name.
enum class Kind : std::uint8_t {
    plain,
    subdistrict,
    town,
    township,
    zone,
    residents_committee,
    villagers_committee,
    similar,
    virtual_area
};
constexpr auto names(Kind) {
    return std::array{"plain",
                      "subdistrict",
                      "town",
                      "township",
                      "zone",
                      "residents_committee",
                      "villagers_committee",
                      "similar",
                      "virtual"};
}
enum class UrbanRural : std::uint8_t { unknown, urban, rural };
constexpr auto names(UrbanRural) {
    return std::array{"unknown", "urban", "rural"};
}

/// The dated attributes of one area; valid in [from, to).
struct Version {
    AreaId area;
    Date from;
    std::optional<Date> to;
    std::string code;  ///< 12 digits, grid 15, compound and building free
    std::string name;
    Level level = Level::community;
    Kind kind = Kind::plain;
    AreaId parent;
    UrbanRural urban_rural = UrbanRural::unknown;
    bool counted = true;  ///< false: zones and virtual areas, left out of counts of areas
    static constexpr auto fields = std::tuple{
        field("area", &Version::area),
        field("from", &Version::from),
        field("to", &Version::to),
        field("code", &Version::code),
        field("name", &Version::name),
        field("level", &Version::level),
        field("kind", &Version::kind),
        field("parent", &Version::parent),
        field("urban_rural", &Version::urban_rural),
        field("counted", &Version::counted)};
};

/// The ancestors under which a record is filed (architecture §2). `county_number` is the key of its
/// rows.
struct Filing {
    AreaId area;
    County county_number = 0;
    AreaId county, subdistrict, community,
        grid;  ///< none above the own level; no county where a city has none
};

/// `code` and `name` look into the tree's one block of text: they live as long as the tree.
struct Node {
    AreaId id;
    std::string_view code, name;
    Level level = Level::community;
    Kind kind = Kind::plain;
    UrbanRural urban_rural = UrbanRural::unknown;
    bool counted = true;
    County county_number = 0;  ///< 0 above county level
    std::int32_t parent = -1;  ///< index; -1 = root
    std::int32_t end = 0;  ///< index after the last of its subtree: nodes are in depth-first order
};

/// What a tree is made of, without a string per area: 620,573 communities take about 70 MB.
class TreeParts {
 public:
    void add(const Version&);
    void add(
        AreaId, std::string_view code, std::string_view name, Level, Kind, AreaId parent,
        UrbanRural, bool counted
    );
    /// Rows of an area name the areas above it: of a grid its community, subdistrict and county.
    using Above = std::array<AreaId, 3>;
    /// What was filed under `before`, below `above`, is seen by `after` and all above it (lineage,
    /// not undone).
    void inherit(AreaId before, AreaId after, Level, County, const Above& above = {});
    /// `later` is not there yet on the day of the tree: its rows belong to what it came from. The
    /// first that is said of an area holds.
    void come_from(AreaId later, AreaId origin, Level, County, const Above& above);

 private:
    friend class Tree;
    struct Bequest {
        AreaId before, after;
        Level level;
        County county;
        Above above;
        bool back = false;
    };
    struct Part {
        Node node;  ///< its texts are set when the block of text is complete
        AreaId parent;
        std::size_t text = 0;  ///< where code, then name begin
        std::uint32_t code_size = 0, name_size = 0;
    };
    std::vector<Part> m_parts;
    std::string m_text;
    std::vector<Bequest> m_bequests;
};

/// An area whose records another one sees: ended, or moved away from where they were filed.
struct Inherited {
    AreaId area;  ///< as filed
    Level level = Level::community;
    County county = 0;         ///< as filed
    std::int32_t heir = -1;    ///< index of the node that sees them
    TreeParts::Above above{};  ///< as filed
};

/// The tree on one day. Immutable; a subtree is a slice; safe from any thread.
class Tree {
 public:
    using Counties = std::unordered_map<AreaId, County>;  ///< numbers of the areas of county level
    Tree(Date at, const std::vector<Version>& versions, const Counties& counties);
    Tree(Date at, TreeParts parts, const Counties& counties);
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    Date at() const { return m_at; }
    std::span<const Node> all() const { return m_nodes; }
    const Node* find(AreaId) const;
    const Node* find_code(std::string_view code) const;
    std::span<const Node> subtree(AreaId) const;      ///< itself first; empty if unknown
    std::vector<const Node*> children(AreaId) const;  ///< in order of code; none = roots
    std::vector<const Node*> path(AreaId) const;      ///< from the root to itself
    const Node* parent(AreaId) const;
    bool within(AreaId inner, AreaId outer) const;  ///< also if equal
    const Node* ancestor(AreaId, Level) const;      ///< itself counts
    Filing filing(AreaId) const;                    ///< throws not_found("area")
    std::vector<County> counties_under(AreaId
    ) const;  ///< county numbers, ascending; 0 included for areas above county
    const Node* county(County) const;  ///< of county level; null if there is none today
    /// The areas whose records this one sees besides those filed under itself; without those whose
    /// rows name another one of these too.
    std::vector<Inherited> inherited(AreaId) const;
    std::span<const Inherited> heritage(AreaId) const;  ///< all of them
    /// Areas whose rows name this one, or one that it inherits, but which another one sees.
    std::vector<Inherited> departed(AreaId) const;
    /// How rows of an area that has ended or moved are filed; null if nothing happened to it.
    const Inherited* filed(AreaId) const;
    /// Who sees what was filed under an area that has ended or moved; none if nothing happened.
    AreaId heir(AreaId) const;
    /// Whether an area sees a record through lineage.
    bool inherits(AreaId, const Filing&) const;
    /// Areas whose name or code contains `words`, at most `limit`, within `under` (none =
    /// everywhere).
    std::vector<const Node*> search(std::string_view words, AreaId under, int limit) const;

 private:
    void build(TreeParts parts, const Counties& counties);
    void settle(const std::vector<TreeParts::Bequest>&);
    void settle_departed();
    std::int32_t index(AreaId) const;

    Date m_at;
    std::string m_text;
    std::vector<Node> m_nodes;
    std::vector<std::int32_t> m_by_id, m_by_code;            ///< indices of nodes, sorted
    std::vector<Inherited> m_by_heir, m_by_area;             ///< sorted by heir, by area
    std::vector<std::pair<AreaId, std::size_t>> m_by_above;  ///< sorted; places in m_by_area
    std::unordered_map<County, std::int32_t> m_counties;
};

/// Keeps the tree of today in memory and makes trees of other days on demand. Thread-safe.
class Areas {
 public:
    Areas(store::Database&, TimeSource&);  ///< reads the tree, so the schema must be there
    std::shared_ptr<const Tree> today() const;
    std::shared_ptr<const Tree> on(Date) const;  ///< kept in a small cache
    void reload();                               ///< after a change was committed
    void refresh(
    );  ///< reloads if the tree was changed elsewhere; cheap, to be called every second
    /// The code of the city pack that holds for an area: the longest match of `cities` codes up the
    /// path.
    std::string city_code(AreaId, const std::vector<std::string>& codes) const;

 private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

/// Level and kind of an official code: 12 digits, grid 15. Nothing if it is none.
std::optional<Level> level_of_code(std::string_view code);
Kind kind_of_code(std::string_view code, Level, std::string_view name);
/// What is left of a name when its kind changes: "X社区居委会", "X居委会" and "X村委会" are the
/// same X.
std::string_view stem(std::string_view name);
/// Zones and virtual areas are shown but left out of counts of areas.
bool counts(Kind);

/// One row of an import. Levels and kinds follow from the code if empty. An empty parent is a root.
struct ImportRow {
    std::string code, parent, level, kind, name, urban_rural;
    int line = 0;  ///< in the sheet, for messages; 0 = its place among the rows plus the heading
};
struct ImportReport {
    int added = 0, unchanged = 0, renamed = 0, moved = 0, recoded = 0, ended = 0;
    std::vector<Problem> problems;  ///< with row numbers; if any, nothing was imported
};
/// Brings the tree to what the rows say, valid from `at`; the same rows again change nothing. An
/// area is known again by code and name, or by name (also "X village" become "X community") under
/// the same parent; a code that returns under another name is another area, and the one that had it
/// has ended. With `end_missing`, an area is ended, with all below it, if the rows name its parent
/// and children of it but not itself.
ImportReport import_areas(store::Tx&, const std::vector<ImportRow>&, Date at, bool end_missing);
/// Adds one area, valid from its `from` (grids, compounds, buildings by the community; others by
/// import). Throws invalid.
AreaId add_area(store::Tx&, const Version&);
/// Says, in the transaction that changes the tree, that every process must read it anew;
/// `import_areas` and `add_area` do.
void tree_changed(store::Tx&);
/// Every version of an area, oldest first.
std::vector<Version> versions_of(store::Tx&, AreaId);
/// The days, ascending, on which decisions in force changed what belongs to an area.
std::vector<Date> changes_of(store::Tx&, const Tree&, AreaId);

std::vector<store::SchemaStep> schema();

}  // namespace linli::area
