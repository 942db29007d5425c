// SPDX-License-Identifier: Apache-2.0
#include "record/history.hpp"

#include <algorithm>
#include <tuple>

namespace linli::record {

namespace {

struct Entry {
    std::int64_t id = 0, version = 0;
    Instant at;
    AccountId account;
    std::string as, action, state_before, state_after;
    std::optional<UnitId> unit;
    std::string reason, result, evidence, changes;
    static constexpr auto fields = std::tuple{
        field("id", &Entry::id),
        field("version", &Entry::version),
        field("at", &Entry::at),
        field("account", &Entry::account),
        field("as_role", &Entry::as),
        field("action", &Entry::action),
        field("state_before", &Entry::state_before),
        field("state_after", &Entry::state_after),
        field("unit", &Entry::unit),
        field("reason", &Entry::reason),
        field("result", &Entry::result),
        field("evidence", &Entry::evidence),
        field("changes", &Entry::changes)};
};

std::vector<Entry> find_entries(store::Tx& tx, RecordId record) {
    constexpr store::Sql sql{"record.find_history", R"(
        SELECT id, version, at, account, as_role, action, state_before, state_after, unit, reason, result, evidence,
               changes FROM record_history WHERE county = $1 AND record = $2 ORDER BY id LIMIT 1000)"};
    return tx.all<Entry>(sql, home(record), record);
}

/// What happened by itself: a line of the log "accept 200% raise area.parent" becomes an entry of
/// action "raise".
std::vector<Entry> find_escalations(store::Tx& tx, const std::string& kind, RecordId record) {
    std::vector<Entry> entries;
    for (const auto& change : store::changes_of(tx, home(record), {kind, record}, 1000)) {
        const auto words = split(change.detail, ' ');
        if (change.action == "escalate" && words.size() >= 3) {
            Entry entry;
            entry.id = change.id;
            entry.at = change.at;
            entry.as = std::string(words[0]);
            entry.action = std::string(words[2]);
            entry.state_before = change.state_before;
            entry.state_after = change.state_after;
            entry.result = std::string(words[1]);
            entries.push_back(std::move(entry));
        }
    }
    return entries;
}

class History {
 public:
    History(
        const Context& context, const KindTable& table, const Record& record,
        const identity::Facts& facts
    )
        : m_context(context), m_table(table), m_record(record), m_presenter(context, table) {
        if (context.caller) {
            m_rights = identity::field_rights(*context.caller, *table.kind, facts, *context.tree);
        }
        m_author = author_of(context, table, record, m_rights, facts.own);
    }

    std::string write() {
        auto entries = find_entries(m_context.tx, m_record.id);
        for (auto& entry : find_escalations(m_context.tx, m_table.kind->name, m_record.id)) {
            describe(entry);
            entries.push_back(std::move(entry));
        }
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
            return std::tie(a.at, a.id) < std::tie(b.at, b.id);
        });
        std::vector<Value> changes;
        for (const auto& entry : entries) {
            changes.push_back(entry.changes.empty() ? Value() : parse_json(entry.changes));
            want_titles(changes.back());
        }
        m_presenter.fetch();
        std::string text;
        JsonWriter out(text);
        out.begin_object();
        out.key("entries");
        out.begin_list();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            write_entry(out, entries[i], changes[i]);
        }
        out.end_list();
        out.end_object();
        return text;
    }

 private:
    /// A stored value of the history: sealed ones are opened.
    Value stored(std::size_t field, const Value& kept) const {
        const auto* sealed = kept.find("sealed");
        if (shape_of(m_table.field(field)) != Shape::sealed || !sealed || !sealed->as_text()) {
            return kept;
        }
        Record r;
        r.id = m_record.id;
        r.cells.resize(m_table.size());
        from_base64url(*sealed->as_text(), r.cells[field].bytes);
        return open(m_context.core, m_table, r, field);
    }

    void want_titles(const Value& changes) {
        for (const auto& [name, pair] :
             changes.as_object() ? *changes.as_object() : Value::Object{}) {
            const int at = m_table.find(name);
            for (const auto& side : at >= 0 && pair.as_list() ? *pair.as_list() : Value::List{}) {
                m_presenter.want(m_table.field(static_cast<std::size_t>(at)), side);
            }
        }
    }

    void write_actor(JsonWriter& out, const Entry& entry) {
        out.key("actor");
        const bool author = entry.account == m_record.created_by;
        const auto account = !entry.account || (author && m_author == Author::hidden)
                                 ? std::nullopt
                                 : identity::find_account(m_context.tx, entry.account);
        if (!account) {
            out.null();
            return;
        }
        const auto* role = m_context.catalogue().role(entry.as);
        out.begin_object();
        out.key("name");
        out.text(
            author && m_author == Author::masked
                ? identity::masked(catalogue::Mask::name, account->name)
                : account->name
        );
        out.key("role_title");
        write_json(out, role ? role->title : catalogue::Title{});
        out.end_object();
    }

    /// An escalation is told with its clock: "受理时限 200%".
    void describe(Entry& entry) const {
        const auto& spec = m_context.core.parts.flow.spec(*m_table.kind, m_record.flow_version);
        const auto* clock = spec.clock(entry.as);
        entry.result = (clock ? clock->title.zh : entry.as) + " " + entry.result;
        entry.as = "timer";
    }

    catalogue::Title title_of(const Entry& entry) const {
        static const std::map<std::string, catalogue::Title> own{
            {"create", {"提交", "Filed"}},
            {"change", {"修改", "Changed"}},
            {"withdraw", {"撤回", "Withdrawn"}},
            {"unmask", {"查看完整信息", "Unmasked"}},
            {"attach", {"上传附件", "File added"}},
            {"note", {"补充说明", "Note"}},
            {"merge", {"合并重复档案", "Merged with a duplicate"}},
            {"unmerge", {"撤销合并", "Taken apart again"}},
            {"remind", {"自动提醒", "Reminder"}},
            {"urge", {"自动催办", "Urged"}},
            {"raise", {"自动上报", "Raised to the level above"}}};
        const auto found = own.find(entry.action);
        if (!m_table.kind->flow || found != own.end()) {
            return found == own.end() ? catalogue::Title{entry.action, entry.action}
                                      : found->second;
        }
        const auto* spec = m_context.core.parts.flow.spec(*m_table.kind, m_record.flow_version)
                               .action(entry.action);
        return spec ? spec->title : catalogue::Title{entry.action, entry.action};
    }

    void write_side(JsonWriter& out, std::size_t field, const Value& kept, bool masked) const {
        const auto value = stored(field, kept);
        if (value.is_null()) {
            out.null();
        } else if (masked) {
            m_presenter.write_masked(out, m_table.field(field), value);
        } else {
            m_presenter.note_read(m_record, m_table.field(field));
            m_presenter.write_value(out, m_table.field(field), value);
        }
    }

    void write_changes(JsonWriter& out, const Value& changes) {
        out.key("changes");
        out.begin_list();
        for (const auto& [name, pair] :
             changes.as_object() ? *changes.as_object() : Value::Object{}) {
            const int at = m_table.find(name);
            const auto* sides = pair.as_list();
            if (!sides || sides->size() != 2 || (at < 0 && name != "area") ||
                m_rights.hidden.count(name) > 0) {
                continue;
            }
            out.begin_object();
            out.key("field");
            out.text(name);
            for (const std::size_t side : {0U, 1U}) {
                out.key(side == 0 ? "before" : "after");
                if (at < 0) {
                    write_area(out, *m_context.tree, {*(*sides)[side].as_int()});
                } else {
                    write_side(
                        out, static_cast<std::size_t>(at), (*sides)[side],
                        m_rights.masked.count(name) > 0
                    );
                }
            }
            out.end_object();
        }
        out.end_list();
    }

    void write_entry(JsonWriter& out, const Entry& entry, const Value& changes) {
        const auto text = [&](const char* key, const std::string& value) {
            out.key(key);
            value.empty() ? out.null() : out.text(value);
        };
        out.begin_object();
        out.key("at");
        out.text(to_text(entry.at));
        write_actor(out, entry);
        text("as", entry.as);
        text("action", entry.action);
        out.key("title");
        write_json(out, title_of(entry));
        out.key("version");
        out.integer(entry.version);
        text("state_before", entry.state_before);
        text("state_after", entry.state_after);
        text("reason", entry.reason);
        text("result", entry.result);
        out.key("evidence");
        entry.evidence.empty() ? out.null() : out.raw(entry.evidence);
        out.key("unit");
        const auto unit = entry.unit && *entry.unit ? identity::find_unit(m_context.tx, *entry.unit)
                                                    : std::nullopt;
        if (unit) {
            out.begin_object();
            out.key("id");
            out.id(unit->id.value);
            out.key("name");
            out.text(unit->name);
            out.end_object();
        } else {
            out.null();
        }
        write_changes(out, changes);
        out.key("system");
        out.boolean(!entry.account);
        out.end_object();
    }

    const Context& m_context;
    const KindTable& m_table;
    const Record& m_record;
    Presenter m_presenter;
    identity::FieldRights m_rights;
    Author m_author = Author::shown;
};

}  // namespace

std::string history_json(
    const Context& c, const KindTable& table, const Record& record, const identity::Facts& facts
) {
    return History(c, table, record, facts).write();
}

}  // namespace linli::record
