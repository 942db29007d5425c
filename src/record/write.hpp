// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Changes to records: each writes the row, one line of its history and one change line in the
/// caller's transaction.
#include "record/engine.hpp"

namespace linli::record {

struct Event {
    std::string action, as;
    std::string reason, result;
    Value evidence;      ///< {"note", "word", "place", "files"}
    std::string fields;  ///< of the change line, where no field was changed: those read
    std::string detail;  ///< of the change line: never a personal value
};

/// Adds history and change line for a step from `before` (null = created) to `after`; returns the
/// change id. Announces it after the commit.
std::int64_t
log_change(const Context&, const KindTable&, const Record* before, const Record& after, const Event&);

/// One change line per kind and county with the ids and fields that were shown in full.
void log_reads(const Context&, const ReadLog&);

/// Writes `after` as the next version of `before`, without its line; `values`: whether more than
/// state and unit differ. Throws stale.
void replace(const Context&, const KindTable&, const Record& before, Record& after, bool values);

/// A record as its caller reads it back.
struct Written {
    Record record;
    identity::Facts facts;
    std::int64_t change = 0;
    std::optional<std::vector<flow::Clock>> fresh_clocks =
        std::nullopt;  ///< of a record just made: it has these and no file
};
/// A new record, checked but not written; it has no id yet. Writes nothing, so that a dry run may
/// use it.
struct Draft {
    Record record;
    identity::Facts facts;
};
Draft draft(
    const Context&, const KindTable&, const Value& body,
    identity::Operation operation = identity::Operation::create
);
Written create(const Context&, const KindTable&, Draft draft);
Written create(const Context&, const KindTable&, const Value& body);
/// Writes a draft that the flow itself made: no right is asked; `lead` is in charge, else the
/// office.
Written add(const Context&, const KindTable&, Draft, const std::string& as, UnitId lead = {});
/// A change of a record, checked but not written.
struct Revision {
    Record before, after;
    identity::Facts facts;
};
Revision revise(
    const Context&, const KindTable&, RecordId, std::optional<std::int64_t> version,
    const Value& body
);
Written change(const Context&, const KindTable&, Revision revision);
Written withdraw(
    const Context&, const KindTable&, RecordId, std::int64_t version, const std::string& reason
);
Written act(
    const Context&, const KindTable&, RecordId, std::optional<std::int64_t> version,
    const std::string& action, const Value& body
);

/// What somebody who may read a record has to add: a line of its history, nothing else. Returns the
/// change id. Throws not_found, invalid (at /description).
std::int64_t add_note(
    const Context&, const KindTable&, RecordId, const std::string& text, const std::string& from
);

/// {field: [before, after]} in JSON form, sealed fields by their sealed bytes; names get the fields
/// that differ.
std::string changes_of(
    const KindTable&, const Record& before, const Record& after, std::vector<std::string>& names
);

}  // namespace linli::record
