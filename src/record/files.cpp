// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "http/idempotency.hpp"
#include "record/engine_impl.hpp"
#include "record/file.hpp"
#include "record/routes.hpp"
#include "record/view.hpp"
#include "record/write.hpp"

namespace linli::record {

namespace {

using http::Scope;

constexpr std::size_t file_bytes_most = 10 << 20, name_most = 120;
constexpr std::size_t evidence_most = 12;

/// A kind of file that is taken: what its bytes begin with, and the names that go with it.
struct Format {
    const char* type;
    const char* family;  ///< image, document, audio
    std::vector<std::string_view> endings;
};

const std::vector<Format>& formats() {
    static const std::vector<Format> all{
        {"image/png", "image", {".png"}},
        {"image/jpeg", "image", {".jpg", ".jpeg"}},
        {"image/webp", "image", {".webp"}},
        {"image/gif", "image", {".gif"}},
        {"image/heic", "image", {".heic", ".heif"}},
        {"application/pdf", "document", {".pdf"}},
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "document",
         {".docx"}},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "document",
         {".xlsx"}},
        {"text/plain", "document", {".txt"}},
        {"text/csv", "document", {".csv"}},
        {"audio/mpeg", "audio", {".mp3"}},
        {"audio/mp4", "audio", {".m4a"}},
        {"video/mp4", "video", {".mp4", ".m4v"}},
        {"video/quicktime", "video", {".mov"}}};
    return all;
}

const Format& format_of(std::string_view type) {
    return *std::find_if(formats().begin(), formats().end(), [&](const Format& f) {
        return f.type == type;
    });
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

bool ends(const std::string& name, const Format& format) {
    return std::any_of(format.endings.begin(), format.endings.end(), [&](auto ending) {
        return name.ends_with(ending);
    });
}

/// Types that the first bytes allow; the name picks one of them.
std::vector<std::string_view> types_by_content(std::string_view bytes) {
    using namespace std::string_view_literals;
    const auto at = [&](std::size_t from, std::string_view what) {
        return bytes.substr(std::min(from, bytes.size())).starts_with(what);
    };
    if (at(0, "\x89PNG\r\n\x1a\n"sv)) {
        return {"image/png"};
    }
    if (at(0, "\xff\xd8\xff"sv)) {
        return {"image/jpeg"};
    }
    if (at(0, "RIFF"sv) && at(8, "WEBP"sv)) {
        return {"image/webp"};
    }
    if (at(0, "GIF87a"sv) || at(0, "GIF89a"sv)) {
        return {"image/gif"};
    }
    if (at(4, "ftyp"sv)) {
        if (at(8, "hei"sv) || at(8, "hev"sv) || at(8, "mif1"sv)) {
            return {"image/heic"};
        }
        return at(8, "M4A"sv)  ? std::vector<std::string_view>{"audio/mp4"}
               : at(8, "qt"sv) ? std::vector<std::string_view>{"video/quicktime"}
                               : std::vector<std::string_view>{"video/mp4", "audio/mp4"};
    }
    if (at(0, "%PDF-"sv)) {
        return {"application/pdf"};
    }
    if (at(0, "PK\x03\x04"sv)) {
        return {formats()[6].type, formats()[7].type};
    }
    if (at(0, "ID3"sv) || at(0, "\xff\xfb"sv) || at(0, "\xff\xf3"sv)) {
        return {"audio/mpeg"};
    }
    if (bytes.find('\0') == std::string_view::npos && (valid_utf8(bytes) || from_gb18030(bytes))) {
        return {"text/plain", "text/csv"};
    }
    return {};
}

/// The last part of a path, without characters that mislead.
std::string plain_name(std::string_view name) {
    auto tidied = tidy(name.substr(name.find_last_of("/\\") + 1));
    std::erase_if(tidied, [](char c) {
        return c == '"' || c == '<' || c == '>' || c == '|' || c == ':' || c == '*' || c == '?';
    });
    return tidied;
}

bool takes_evidence(const catalogue::ActionSpec& spec) {
    return std::count(spec.needs.begin(), spec.needs.end(), evidence_field) > 0 ||
           std::count(spec.may.begin(), spec.may.end(), evidence_field) > 0;
}

/// Whether the caller may add files of a field now: he may change the field, it is his own open
/// record, or he may act on it.
void check_upload(
    const Context& c, const KindTable& table, const Found& found, const std::string& name
) {
    const int at = table.find(name);
    const bool field = at >= 0 && table.field(static_cast<std::size_t>(at)).type == FieldType::file;
    if (!field && name != evidence_field) {
        throw invalid("field", "unknown_field", "there is no such field for files");
    }
    const auto rights = identity::field_rights(*c.caller, *table.kind, found.facts, *c.tree);
    const bool gone = found.record.state == "withdrawn";
    const bool mine =
        field && found.facts.own && !over(table, found.record) && rights.hidden.count(name) == 0;
    if (!gone && (mine || rights.changeable.count(name) > 0)) {
        return;
    }
    if (!gone && table.kind->flow && rights.hidden.count(name) == 0) {
        for (const auto& action : c.core.parts.flow.allowed(
                 c.tx, *table.kind, subject_of(c, table, found.record), {c.caller, c.now}
             )) {
            if (field || takes_evidence(*action.spec)) {
                return;
            }
        }
    }
    throw forbidden("files_not_allowed", "you may not add files to this record now");
}

void check_type(const KindTable& table, const std::string& field, const std::string& type) {
    const int at = table.find(field);
    const auto accept =
        at < 0 ? std::string("any") : table.field(static_cast<std::size_t>(at)).accept;
    const std::string_view family = type.empty() ? "" : format_of(type).family;
    if (type.empty() || (accept != "any" && !accept.empty() && accept != family)) {
        throw invalid(
            "name", "file_type_refused",
            accept == "image" ? "expected a picture (png, jpg, webp, gif, heic)"
                              : "expected a picture, pdf, docx, xlsx, txt, csv, a recording or a "
                                "film, named as what it is and fitting "
                                "the field"
        );
    }
}

void insert_file(
    const Context& c, const KindTable& table, const Record& record, const FileRow& file
) {
    constexpr store::Sql sql{"record.insert_file", R"(
        INSERT INTO record_file (county, record, id, kind, field, name, type, size, blob, at, account)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
    c.tx.run(
        sql, record.county(), record.id, file.id, table.kind->name, file.field, file.name,
        file.type, file.size, file.blob, file.at, file.account
    );
    Event event;
    event.action = "attach";
    const auto facts = facts_of(c, table, record);
    const auto grants =
        identity::grants_for(*c.caller, *table.kind, identity::Operation::read, facts, *c.tree);
    event.as = grants.empty() ? "" : grants.front()->role;
    event.evidence = obj({{"files", Value::List{std::to_string(file.id)}}});
    event.fields = file.field;
    log_change(c, table, &record, record, event);
}

void check_room(
    const KindTable& table, const std::string& field, const std::vector<FileRow>& files
) {
    const int at = table.find(field);
    const auto most = at < 0 ? evidence_most : most_of(table.field(static_cast<std::size_t>(at)));
    const auto there = std::count_if(files.begin(), files.end(), [&](const FileRow& f) {
        return f.field == field;
    });
    if (static_cast<std::size_t>(there) >= most) {
        throw conflict("too_many_files", "at most " + std::to_string(most) + " files here");
    }
}

void add_file_to(const Context& c, const KindTable& table, RecordId id, FileRow& file) {
    const auto found = load(c, table, id);
    check_upload(c, table, found, file.field);
    check_room(table, file.field, find_files(c.tx, id));
    file.id = c.tx.new_id(found.record.county());
    insert_file(c, table, found.record, file);
}

http::Answer upload(const Core& core, http::Call& call) {
    if (!call.caller.signed_in()) {
        throw unauthenticated("not_signed_in");
    }
    const auto& table = core.table(call.param("kind"));
    const auto id = call.id<linli::Record>();
    const auto field = call.query("field").value_or("");
    const auto name = call.query("name").value_or("");
    std::optional<http::Answer> before;
    call.db.read([&](store::Tx& tx) {
        before = http::answered_before(tx, call);
        if (!before) {
            const Context c(core, tx, &call.caller, call.now, call.request.id);
            check_upload(c, table, load(c, table, id), field);
            check_room(table, field, find_files(tx, id));
        }
    });
    if (before) {
        return *before;
    }
    auto file =
        take_file(core, table, field, name, call.request.body, call.now, call.caller.account);
    const auto add = [&](store::Tx& tx) {
        add_file_to({core, tx, &call.caller, call.now, call.request.id}, table, id, file);
        http::Answer answer;
        answer.status = 201;
        JsonWriter out(answer.body);
        write_file(out, file);
        return answer;
    };
    return call.db.write_now([&](store::Tx& tx) {
        return http::once(tx, call, [&] { return add(tx); });
    });
}

/// RFC 5987: every byte of the name that is no letter, digit or "-._" is written as %XX.
std::string encoded(std::string_view name) {
    std::string text;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        text += plain ? std::string(1, c) : "%" + to_hex(std::string_view(&c, 1));
    }
    return text;
}

/// Pictures that browsers draw are shown in place, everything else is saved (C39).
bool shown_in_place(std::string_view type) {
    return type == "image/png" || type == "image/jpeg" || type == "image/webp" ||
           type == "image/gif";
}

http::Answer file_answer(const Context& c, http::Call& call) {
    const auto& table = c.core.table(call.param("kind"));
    const auto found = load(c, table, call.id<linli::Record>());
    const auto wanted = call.id<FileRow>("file");
    const auto rights = identity::field_rights(call.caller, *table.kind, found.facts, *c.tree);
    for (const auto& file : find_files(c.tx, found.record.id)) {
        if (file.id == wanted.value && file_shown(file, rights)) {
            const int field = table.find(file.field);
            if (field >= 0 && !found.facts.own &&
                guarded(table.field(static_cast<std::size_t>(field)))) {
                c.reads.add(table.kind->name, found.record.id, file.field);
            }
            http::Answer answer;
            answer.type = file.type;
            answer.body = c.core.parts.blobs.get(file.blob);
            answer.headers.emplace_back(
                "Content-Disposition",
                std::string(shown_in_place(file.type) ? "inline" : "attachment") +
                    "; filename*=UTF-8''" + encoded(file.name)
            );
            return answer;
        }
    }
    throw not_found("file");
}

http::Answer download(const Core& core, http::Call& call) {
    http::Answer answer;
    read_in(core, call, [&](const Context& c) { answer = file_answer(c, call); });
    return answer;
}

}  // namespace

/// Kept by their first 16 digits: a million names are 8 MB, and a name taken for another only stays
/// longer.
std::function<bool(const std::string&)> named_blobs(store::Database& database) {
    constexpr int at_once = 5000;
    constexpr std::size_t digits = 16;
    constexpr store::Sql sql{"record.named_blobs", R"(
        SELECT county, record, id, blob FROM record_file
         WHERE (county, record, id) > ($1, $2, $3) ORDER BY county, record, id LIMIT $4)"};
    const auto number = [](std::string_view name) {
        return std::stoull(std::string(name.substr(0, digits)), nullptr, digits);
    };
    std::vector<std::uint64_t> names;
    std::int64_t county = -1, record = 0, id = 0;
    for (int found = at_once; found == at_once;) {
        found = 0;
        database.read([&](store::Tx& tx) {
            tx.each(
                sql,
                [&](const store::Row& row) {
                    county = row.integer(0);
                    record = row.integer(1);
                    id = row.integer(2);
                    names.push_back(number(row.text(3)));
                    ++found;
                    return true;
                },
                county, record, id, at_once
            );
        });
    }
    std::sort(names.begin(), names.end());
    return [names = std::move(names), number](const std::string& name) {
        return std::binary_search(names.begin(), names.end(), number(name));
    };
}

FileRow take_file(
    const Core& core, const KindTable& table, const std::string& field, std::string_view name,
    std::string_view bytes, Instant now, AccountId by
) {
    FileRow file;
    file.field = field;
    file.name = plain_name(name);
    if (file.name.empty() || characters(file.name) > name_most) {
        throw invalid("name", "required", "give the file a name of at most 120 characters");
    }
    file.type = type_of(bytes, file.name);
    check_type(table, file.field, file.type);
    file.size = static_cast<std::int64_t>(bytes.size());
    file.blob = core.parts.blobs.put(bytes);
    file.at = now;
    file.account = by;
    return file;
}

void add_file(const Context& c, const KindTable& table, RecordId id, FileRow file) {
    add_file_to(c, table, id, file);
}

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

std::string type_of(std::string_view bytes, std::string_view name) {
    const auto small = lower(name);
    for (const auto type : types_by_content(bytes)) {
        if (ends(small, format_of(type))) {
            return std::string(type);
        }
    }
    return {};
}

void file_routes(http::Router& router, std::shared_ptr<const Core> core) {
    router
        .post(
            "/api/records/{kind}/{id}/files",
            [core](http::Call& call) { return upload(*core, call); }, "", Scope::record,
            "Add a file to a record"
        )
        .raw()
        .limit(file_bytes_most)
        .no_transaction()
        .once_per_key()
        .created()
        .query("field", "the field it belongs to, or evidence")
        .query("name", "its name, with the ending that fits its content")
        .id_fields({"path:id"});
    router
        .get(
            "/api/records/{kind}/{id}/files/{file}",
            [core](http::Call& call) { return download(*core, call); }, "", Scope::record,
            "The bytes of a file"
        )
        .no_transaction()
        .id_fields({"path:id", "path:file"});
}

}  // namespace linli::record
