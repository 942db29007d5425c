// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A kind's table: its columns, indexes and the statements on it, made once from the catalogue. No
/// request data ever reaches an SQL text (C31): names come from the checked catalogue, values are
/// parameters.
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "area/area.hpp"
#include "record/column.hpp"
#include "store/store.hpp"

namespace linli::record {

/// A field's value in memory. Of a sealed field, `bytes` is what the column holds; it is opened
/// only when needed.
struct Cell {
    Value value;
    std::string bytes;  ///< encrypted
    bool empty() const { return value.is_null() && bytes.empty(); }
};

/// By which an encrypted value is found: whole, and by the last digits of a phone.
struct Digests {
    std::string whole, tail;
};

/// One row of a kind. `cells` are in the order of the kind's fields.
struct Record {
    RecordId id;
    std::string number;
    AreaId area, subdistrict, community, grid;
    std::string state;
    std::int64_t version = 1;
    int flow_version = 0;
    Instant created_at;
    AccountId created_by;
    Instant updated_at;
    AccountId updated_by;
    UnitId unit;
    std::vector<Cell> cells;
    std::vector<Digests> digests;  ///< like cells; only of a record that was sealed to be written
    County county() const { return home(id); }
};

/// What people see as number: literal texts, {county:6}, {date}, {year}, {seq:6}.
class NumberPattern {
 public:
    explicit NumberPattern(std::string_view pattern);
    bool empty() const { return m_parts.empty(); }
    /// `code` is the official code of the county, or of the area where it is filed above one.
    std::string next(
        store::Tx&, County, const std::string& kind, std::string_view code, Instant now
    ) const;

 private:
    struct Part {
        std::string word;  ///< "" = literal
        std::string text;
        std::size_t width = 0;
    };
    std::vector<Part> m_parts;
};

/// An SQL text with its name for logs, kept together.
struct Statement {
    std::string name, text;
    operator store::Sql() const { return {name, text}; }
};

struct LinkTable {
    std::size_t field = 0;
    std::string name;
    Statement insert, clear;
};

/// Which fields of a record are read.
struct Selection {
    std::string columns;  ///< "r.county, r.id, ..." as read() takes them
    int count = 0;        ///< of columns
    std::vector<std::size_t> fields;
};

/// Immutable.
class KindTable {
 public:
    KindTable(const catalogue::Catalogue&, const catalogue::Kind&);

    const catalogue::Kind* kind;
    std::string table;  ///< quoted
    Selection whole;
    Selection listed;  ///< what a list shows, and what decides about urgency and whose it is
    std::vector<LinkTable> links;
    Statement insert, update, move, select;
    NumberPattern number;
    int about = -1;  ///< the first field that refers to a person; -1 = none
    int urgent_field = -1, anonymous_field = -1;  ///< bool fields of these names
    std::vector<std::size_t> urgent_choices;      ///< choice fields that may make a record urgent
    std::vector<bool> in_list;                    ///< by field: a list shows it
    std::vector<std::size_t> title_fields;
    std::vector<std::string>
        identifying;                  ///< fields that tell who filed it: he is kept as they are
    std::vector<bool> set_by_action;  ///< by field: some action needs it or may take it
    bool unique = false;              ///< some field is
    bool searched = false;            ///< has a full-text index
    /// Filters of the kind's views, with columns of alias r.
    std::vector<std::optional<catalogue::Expression>> view_filters;

    const FieldSpec& field(std::size_t i) const { return kind->fields[i]; }
    std::size_t size() const { return kind->fields.size(); }
    int find(std::string_view field) const;  ///< -1 if unknown
    /// Cells of fields that were not selected stay empty.
    Record read(const store::Row&, const Selection&) const;
    Record read(const store::Row& row) const { return read(row, whole); }
    /// Index of a column that `columns` selects, by name, for what is joined beside it.
    const std::vector<std::string>& names() const { return m_names; }

 private:
    std::vector<std::string> m_names;
};

std::string sql_name(std::string_view name);

/// Parameters of a statement whose number is known at run time only; keeps texts that were made for
/// it.
class Binder {
 public:
    void add(store::Param param) { m_params.push_back(param); }
    void keep(std::string text) { m_params.emplace_back(m_texts.emplace_back(std::move(text))); }
    /// The next parameter's number, for "$n".
    std::string place() const { return "$" + std::to_string(m_params.size() + 1); }
    std::span<const store::Param> params() const { return m_params; }
    int next() const { return static_cast<int>(m_params.size()) + 1; }

 private:
    std::deque<std::string> m_texts;
    std::vector<store::Param> m_params;
};

/// Writes a row and its link rows. Sealed cells must have been sealed.
void insert(store::Tx&, const KindTable&, const Record&);
/// Replaces all columns where the version still is `version`; false if it is not. `before` tells
/// which links changed.
bool update(store::Tx&, const KindTable&, const Record& before, const Record& after);
/// The same if no field and no area has changed: state, unit, version alone.
bool move(store::Tx&, const KindTable&, const Record& before, const Record& after);
std::optional<Record> find(store::Tx&, const KindTable&, RecordId);
/// SHA-256 (hex) over the row as stored: sealed fields by their sealed bytes.
std::string digest(const KindTable&, const Record&);

}  // namespace linli::record
