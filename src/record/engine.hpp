// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the files of this room share: the kinds' tables, and one call on its way through them.
#include <map>
#include <set>

#include "record/record.hpp"
#include "record/table.hpp"

namespace linli::record {

/// Immutable after construction.
struct Core {
    explicit Core(Parts of);
    const KindTable& table(std::string_view kind) const;  ///< throws not_found("kind")
    /// Name of the city pack that holds for an area; "" if none.
    std::string city_of(AreaId) const;

    Parts parts;
    std::vector<std::unique_ptr<KindTable>> tables;  ///< in the order of the catalogue
    std::map<std::string, const KindTable*, std::less<>> by_name;

 private:
    std::vector<std::string> m_city_codes;
};

/// What was shown in full though others see it masked: on record before the answer leaves (C55).
struct ReadLog {
    struct Reads {
        std::set<std::int64_t> ids;
        std::set<std::string> fields;
    };
    std::map<std::pair<std::string, County>, Reads> by_kind;
    void add(const std::string& kind, RecordId id, const std::string& field) {
        auto& reads = by_kind[{kind, home(id)}];
        reads.ids.insert(id.value);
        reads.fields.insert(field);
    }
};

/// One request, or one timer's action. Lives on the stack.
struct Context {
    Context(
        const Core& in, store::Tx& on, const http::Caller* by, Instant at, std::string request = {}
    );
    const Core& core;
    store::Tx& tx;
    const http::Caller* caller;  ///< null: a timer
    Instant now;
    std::string request_id;
    std::shared_ptr<const area::Tree> tree;
    mutable ReadLog reads;
    const catalogue::Catalogue& catalogue() const { return *core.parts.catalogue; }
    AccountId account() const { return caller ? caller->account : AccountId{}; }
};

/// Where a record is filed, as its columns say.
area::Filing filing_of(const Context&, const Record&);
bool own(const Context&, const KindTable&, const Record&);
/// Lead and assisting units, the unit in charge among them.
std::vector<UnitId> parties_of(const Context&, const KindTable&, const Record&);
identity::Facts facts_of(const Context&, const KindTable&, const Record&);
/// Whether the caller's access of an operation reaches the record.
bool reaches(const Context&, const KindTable&, identity::Operation, const Record&, const identity::Facts&);
bool reaches(const Context&, const identity::Access&, const KindTable&, const Record&, const identity::Facts&);

/// A record that the caller may read, with what is known of him towards it; otherwise the same 404
/// as for a missing one (C16).
struct Found {
    Record record;
    identity::Facts facts;
};
Found load(const Context&, const KindTable&, RecordId);

// Sealed fields: encrypted with the context "<kind>/<field>/<id>", found by blind digests (C51).
void seal(const Core&, const KindTable&, Record&);
/// The stored value of a cell, opened if it is sealed.
Value open(const Core&, const KindTable&, const Record&, std::size_t field);
std::string blind(const Core&, const KindTable&, std::size_t field, const std::string& packed);
std::string blind_tail(const Core&, const KindTable&, std::size_t field, std::string_view number);

/// For expressions: a field's stored value, or the record's own state, number, times, areas, unit.
Value value_of(const Context&, const KindTable&, const Record&, const std::string& name);
/// The record as its flow sees it. It looks into the record, which must live as long.
flow::Subject subject_of(const Context&, const KindTable&, const Record&);
/// Whether a choice of the record bears `urgent: true`, or its field `urgent` says so.
bool urgent_choice(
    const catalogue::Catalogue&, const FieldSpec&, const std::string& key, const std::string& city
);
bool urgent(const Context&, const KindTable&, const Record&, const std::string& city);
bool over(const KindTable&, const Record&);  ///< withdrawn, or in a final state

}  // namespace linli::record
