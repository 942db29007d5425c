// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a caller gets of records: masked, without what is hidden, with titles for what they refer
/// to.
#include <map>
#include <memory>
#include <unordered_map>

#include "record/engine.hpp"

namespace linli::record {

/// Titles of referred records, areas, units and accounts, fetched together for all rows of a page.
class Titles {
 public:
    explicit Titles(const Context& context) : m_context(context) {}
    struct Title {
        bool shown = false;  ///< the caller may know that record
        std::string text;    ///< as he may see it
        std::string masked;  ///< as it is shown where the reference itself is masked
    };
    void want(const FieldSpec&, const Value& stored);
    void fetch();
    const Title& find(const std::string& to, std::int64_t id) const;

 private:
    void fetch_kind(const std::string& kind, const std::vector<std::int64_t>& ids);
    Title kernel_title(const std::string& to, std::int64_t id) const;
    const Context& m_context;
    std::map<std::string, std::map<std::int64_t, Title>> m_titles;
    std::set<std::pair<std::string, std::int64_t>> m_wanted;
};

/// A row of a list, with what is joined to it.
struct ListRow {
    Record record;
    std::optional<Instant> due_at;
    std::string unit_name;
    std::int64_t key = 0;  ///< that the list is sorted by
};

/// Whether others see it masked, so that whole reads of it are on record (C55).
bool guarded(const FieldSpec&);

/// Writes records of one kind for one caller. Use: add() every record, fetch() once, then write.
class Presenter {
 public:
    Presenter(const Context&, const KindTable&);

    void add(const Record&);
    /// Remembers that a masked kind of field is shown in full to somebody whose record it is not.
    void note_read(const Record&, const FieldSpec&) const;
    void want(const FieldSpec& field, const Value& stored) { m_titles.want(field, stored); }
    void fetch() { m_titles.fetch(); }
    /// Rights of the caller on fields of a record of a list; decided once per set of grants that
    /// reach it.
    const identity::FieldRights& rights(const Record&);

    /// The members of a list's record (contract R), without the braces.
    void write_row(JsonWriter&, const ListRow&, const identity::FieldRights&);
    /// Of a list (not `all`) the rights must live as long as this does, as those of rights().
    void write_fields(JsonWriter&, const Record&, const identity::FieldRights&, bool all);
    void write_value(JsonWriter&, const FieldSpec&, const Value& stored) const;
    void write_masked(JsonWriter&, const FieldSpec&, const Value& stored) const;
    /// The same as text for a sheet; "" for what is hidden.
    std::string cell(const Record&, std::size_t field, const identity::FieldRights&);
    std::string title(const Record&, const identity::FieldRights&, bool english = false) const;
    std::string place(const Record&) const;  ///< "桃花园社区 · 第二网格"
    const std::string& city(const Record&) const;

 private:
    /// A field that is written, in order.
    struct Shown {
        std::size_t field;
        bool masked, guarded;
    };
    std::vector<Shown> shown(const identity::FieldRights&, bool all) const;
    const catalogue::ChoiceList* choices(const FieldSpec&, const std::string& city) const;
    void write_place(JsonWriter&, const Record&);
    std::string choice_title(
        const FieldSpec&, const std::string& key, const std::string& city, bool english = false
    ) const;
    const Context& m_context;
    const KindTable& m_table;
    Titles m_titles;
    std::map<const identity::FieldRights*, std::vector<Shown>> m_shown;  ///< in lists
    mutable std::vector<std::pair<const std::string*, const catalogue::ChoiceList*>>
        m_choices;  ///< by field: the city of the last row, and the list there
    std::optional<identity::ListRights> m_list_rights;
    std::vector<UnitId> m_units;  ///< whose records the caller reads as assigned
    std::map<std::string, identity::FieldRights> m_rights;
    mutable std::unordered_map<std::int64_t, std::string>
        m_cities;                     ///< by county number, above it by area
    AreaId m_place_of, m_place_grid;  ///< of the last row: neighbours often share their place
    std::string m_place;
};

/// Text of a stored value under its mask.
std::string masked_text(const FieldSpec&, const Value& stored);
void write_area(JsonWriter&, const area::Tree&, AreaId);  ///< {"id", "name"}

/// Who filed a record is kept as well as the fields that tell it (C26).
enum class Author { shown, masked, hidden };
Author author_of(
    const Context&, const KindTable&, const Record&, const identity::FieldRights&, bool own
);

/// The full record (contract of GET /api/records/{kind}/{id}).
/// `fresh_clocks` of a record just made spare the questions after its clocks and files.
View full_view(
    const Context&, const KindTable&, const Record&, const identity::Facts&,
    const std::optional<std::vector<flow::Clock>>& fresh_clocks = {}
);

}  // namespace linli::record
