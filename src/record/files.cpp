// SPDX-License-Identifier: Apache-2.0
#include "record/file.hpp"

namespace linli::record {

std::vector<FileRow> find_files(store::Tx& tx, RecordId record) {
    constexpr store::Sql sql{"record.find_files", R"(
        SELECT id, field, name, type, size, blob, at, account FROM record_file
         WHERE county = $1 AND record = $2 ORDER BY id)"};
    return tx.all<FileRow>(sql, home(record), record);
}

bool file_shown(const FileRow& file, const identity::FieldRights& rights) {
    return rights.hidden.count(file.field) == 0 && rights.masked.count(file.field) == 0;
}

void write_file(JsonWriter& out, const FileRow& file) {
    out.begin_object();
    out.key("id");
    out.id(file.id);
    out.key("field");
    out.text(file.field);
    out.key("name");
    out.text(file.name);
    out.key("type");
    out.text(file.type);
    out.key("size");
    out.integer(file.size);
    out.key("at");
    out.text(to_text(file.at));
    out.end_object();
}

}  // namespace linli::record
