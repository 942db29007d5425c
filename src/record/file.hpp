// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Files of records: bytes in the blob store, a row each, under the same rule as their record (C22,
/// C39).
#include "record/engine.hpp"

namespace linli::record {

/// What an action's evidence is filed under.
inline constexpr const char* evidence_field = "evidence";

struct FileRow {
    std::int64_t id = 0;
    std::string field, name, type;
    std::int64_t size = 0;
    std::string blob;
    Instant at;
    AccountId account;
    static constexpr auto fields = std::tuple{
        linli::field("id", &FileRow::id),     linli::field("field", &FileRow::field),
        linli::field("name", &FileRow::name), linli::field("type", &FileRow::type),
        linli::field("size", &FileRow::size), linli::field("blob", &FileRow::blob),
        linli::field("at", &FileRow::at),     linli::field("account", &FileRow::account)};
};
/// Of a record, in the order in which they came.
std::vector<FileRow> find_files(store::Tx&, RecordId);
/// Whether a caller may see files of a field.
bool file_shown(const FileRow&, const identity::FieldRights&);
void write_file(JsonWriter&, const FileRow&);

/// A file on its way to a record that is made in the same step: its bytes are kept, it has no id
/// yet. Throws invalid for what the field does not take.
FileRow take_file(
    const Core&, const KindTable&, const std::string& field, std::string_view name,
    std::string_view bytes, Instant now, AccountId by
);
/// Adds it; throws like an upload by the caller.
void add_file(const Context&, const KindTable&, RecordId, FileRow);

/// The media type by content, or "" if it is none that is taken (SVG, HTML, programs).
std::string type_of(std::string_view bytes, std::string_view name);

}  // namespace linli::record
