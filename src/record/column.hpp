// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Everything that a field type means, in one table: its column, its JSON, its cell in a sheet.
///
/// Three forms of a value:
///   stored  what the column holds: text, phone, id_number, choice = text; int, ref = integer;
///   decimal, money =
///           integer scaled by 10^scale; bool = 0/1; date = days; instant = ms; duration = minutes;
///           point = [latitude, longitude] in 1e-7 degrees; choices = list of texts; refs = list of
///           integers; extra = object of answers in JSON form
///   JSON    what is sent: decimal and money as numbers (texts are read too), date "2025-05-08",
///   instant RFC 3339,
///           duration in minutes, point {"lat", "lon"}, ref an id text
///   cell    what a sheet shows: the JSON form as text; point "31.6712345 118.5012345", lists
///   joined by ";"
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/fields.hpp"
#include "catalogue/catalogue.hpp"

namespace linli::record {

using catalogue::FieldSpec;
using catalogue::FieldType;

/// How a field lies in the table of its kind.
enum class Shape {
    none,    ///< file: rows of record_file
    plain,   ///< one column
    sealed,  ///< encrypted bytes, and `<field>_blind` for equality; a phone also `<field>_tail`,
             ///< its last four
    point,   ///< `<field>_lat`, `<field>_lon`
    list  ///< joined text for reading, and the link table `<kind>_<field>` for filters and counts
};
Shape shape_of(const FieldSpec&);
/// Whether there is a column `<field>_blind`: answers are sealed, but never looked for.
bool has_blind(const FieldSpec&);

/// Where problems of one value go.
struct Complaint {
    Problems& problems;
    std::string pointer;
    void add(std::string code, std::string detail) const;
};

struct FieldRules {
    const char* sql;     ///< type of the plain column
    const char* schema;  ///< JSON Schema
    bool filter;         ///< `f.<field>=` is possible
    /// Stored form of a JSON value that is not null; null after a complaint.
    Value (*from_json)(const Value&, const FieldSpec&, const Complaint&);
    void (*to_json)(JsonWriter&, const Value& stored, const FieldSpec&);
    std::string (*to_cell)(const Value& stored, const FieldSpec&);
    /// JSON form of a cell that is not empty; what does not fit is left as text for from_json to
    /// refuse.
    Value (*from_cell)(std::string_view, const FieldSpec&);
};
const FieldRules& rules_of(FieldType);

/// Characters, elements or files at most.
std::size_t most_of(const FieldSpec&);
/// One text of a stored value for sealing, lists and digests, and back.
std::string pack(const Value& stored);
Value unpack(std::string_view text, const FieldSpec&);

}  // namespace linli::record
