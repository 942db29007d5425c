// SPDX-License-Identifier: Apache-2.0
// The full record, as GET /api/records/{kind}/{id} shows it.
#include <algorithm>

#include "record/file.hpp"
#include "record/view.hpp"

namespace linli::record {

namespace {

void write_title(JsonWriter& out, const catalogue::Title& title) {
    out.key("title");
    write_json(out, title);
}

void write_words(JsonWriter& out, const char* key, const std::vector<std::string>& words) {
    out.key(key);
    write_json(out, words);
}

class FullView {
 public:
    FullView(
        const Context& context, const KindTable& table, const Record& record,
        const identity::Facts& facts, const std::optional<std::vector<flow::Clock>>& fresh_clocks
    )
        : m_context(context),
          m_table(table),
          m_record(record),
          m_facts(facts),
          m_fresh(fresh_clocks.has_value()),
          m_presenter(context, table) {
        if (context.caller) {
            m_rights = identity::field_rights(*context.caller, *table.kind, facts, *context.tree);
        }
        if (fresh_clocks) {
            m_clocks = *fresh_clocks;
        } else if (table.kind->flow) {
            m_clocks = context.core.parts.flow.clocks(context.tx, {table.kind->name, record.id});
        }
    }

    std::string write() {
        m_presenter.add(m_record);
        m_presenter.fetch();
        ListRow row{m_record, {}, ""};
        for (const auto& clock : m_clocks) {
            if (clock.due_at && clock.state == flow::ClockState::running &&
                (!row.due_at || *clock.due_at < *row.due_at)) {
                row.due_at = clock.due_at;
            }
        }
        if (const auto* unit = unit_of(m_record.unit)) {
            row.unit_name = unit->name;
        }
        std::string text;
        JsonWriter out(text);
        out.begin_object();
        m_presenter.write_row(out, row, m_rights);
        m_presenter.write_fields(out, m_record, m_rights, true);
        write_author(out);
        out.key("own");
        out.boolean(m_facts.own);
        write_path(out);
        write_clocks(out);
        write_parties(out);
        write_actions(out);
        write_can(out);
        write_files(out);
        out.end_object();
        return text;
    }

 private:
    void write_author(JsonWriter& out) const {
        const auto author = author_of(m_context, m_table, m_record, m_rights, m_facts.own);
        const auto account = author == Author::hidden ? std::nullopt : author_account();
        out.key("created_by");
        if (!account) {
            out.null();
            return;
        }
        const bool masked = author == Author::masked;
        out.begin_object();
        out.key("id");
        out.id(masked ? 0 : account->id.value);
        out.key("name");
        out.text(masked ? identity::masked(catalogue::Mask::name, account->name) : account->name);
        out.end_object();
    }

    std::optional<identity::AccountRow> author_account() const {
        if (m_context.caller && m_context.caller->account == m_record.created_by) {
            identity::AccountRow self;
            self.id = m_context.caller->account;
            self.name = m_context.caller->name;
            return self;
        }
        return identity::find_account(m_context.tx, m_record.created_by);
    }

    const identity::UnitRow* unit_of(UnitId id) {
        auto found = m_units.find(id);
        if (found == m_units.end()) {
            found = m_units.emplace(id, id ? identity::find_unit(m_context.tx, id) : std::nullopt)
                        .first;
        }
        return found->second ? &*found->second : nullptr;
    }

    void write_path(JsonWriter& out) const {
        out.key("path");
        out.begin_list();
        for (const auto* node : m_context.tree->path(m_record.area)) {
            out.begin_object();
            out.key("id");
            out.id(node->id.value);
            out.key("name");
            out.text(node->name);
            out.key("level");
            out.text(name_of(node->level));
            out.end_object();
        }
        out.end_list();
    }

    void write_clocks(JsonWriter& out) const {
        out.key("clocks");
        out.begin_list();
        for (const auto& clock : m_clocks) {
            const auto& flow = m_context.core.parts.flow.spec(*m_table.kind, m_record.flow_version);
            const auto* spec = flow.clock(clock.name);
            out.begin_object();
            out.key("name");
            out.text(clock.name);
            write_title(out, spec ? spec->title : catalogue::Title{clock.name, clock.name});
            out.key("state");
            out.text(name_of(clock.state));
            out.key("limit");
            out.text(clock.limit);
            out.key("calendar");
            out.text(clock.calendar);
            const auto instant = [&](const char* key, const std::optional<Instant>& at) {
                out.key(key);
                write_json(out, at);
            };
            instant("started_at", clock.started_at);
            instant("due_at", clock.due_at);
            instant("breached_at", clock.breached_at);
            instant("stopped_at", clock.stopped_at);
            out.key("paused_ms");
            out.integer(clock.paused_ms);
            out.end_object();
        }
        out.end_list();
    }

    void write_parties(JsonWriter& out) {
        out.key("parties");
        out.begin_list();
        for (const auto id : m_facts.parties) {
            const auto* unit = unit_of(id);
            out.begin_object();
            out.key("unit");
            out.begin_object();
            out.key("id");
            out.id(id.value);
            out.key("name");
            out.text(unit ? unit->name : "");
            out.key("phone");
            out.text(unit ? unit->phone : "");
            out.end_object();
            out.key("role");
            out.text(id == m_record.unit ? "lead" : "assist");
            out.end_object();
        }
        out.end_list();
    }

    void write_actions(JsonWriter& out) {
        out.key("actions");
        out.begin_list();
        if (m_table.kind->flow && m_context.caller && m_record.state != "withdrawn") {
            const auto allowed = m_context.core.parts.flow.allowed(
                m_context.tx, *m_table.kind, subject_of(m_context, m_table, m_record),
                {m_context.caller, m_context.now}
            );
            m_acts = !allowed.empty();
            for (const auto& action : allowed) {
                out.begin_object();
                out.key("name");
                out.text(action.spec->name);
                write_title(out, action.spec->title);
                out.key("as");
                out.text(action.as);
                write_words(out, "needs", action.spec->needs);
                write_words(out, "may", action.spec->may);
                out.key("danger");
                out.boolean(action.spec->danger);
                out.key("proof");
                out.boolean(action.spec->proof);
                out.end_object();
            }
        }
        out.end_list();
    }

    void write_can(JsonWriter& out) const {
        const bool gone = m_record.state == "withdrawn";
        const auto list = [&](const char* key, const std::set<std::string>& names) {
            out.key(key);
            out.begin_list();
            for (const auto& name : gone ? std::set<std::string>{} : names) {
                out.text(name);
            }
            out.end_list();
        };
        out.key("can");
        out.begin_object();
        list("change", m_rights.changeable);
        out.key("withdraw");
        out.boolean(
            !over(m_table, m_record) &&
            reaches(m_context, m_table, identity::Operation::withdraw, m_record, m_facts)
        );
        std::set<std::string> open_now;
        for (const auto& name : m_rights.unmaskable) {
            if (m_rights.masked.count(name) > 0) {
                open_now.insert(name);
            }
        }
        list("unmask", open_now);
        out.key("files");
        out.boolean(
            !gone && (m_acts || (m_facts.own && !over(m_table, m_record)) || changes_a_file())
        );
        out.end_object();
    }

    bool changes_a_file() const {
        return std::any_of(
            m_table.kind->fields.begin(), m_table.kind->fields.end(),
            [&](const FieldSpec& field) {
                return field.type == FieldType::file && m_rights.changeable.count(field.name) > 0;
            }
        );
    }

    void write_files(JsonWriter& out) const {
        out.key("files");
        out.begin_list();
        for (const auto& file :
             m_fresh ? std::vector<FileRow>{} : find_files(m_context.tx, m_record.id)) {
            if (file_shown(file, m_rights)) {
                write_file(out, file);
            }
        }
        out.end_list();
    }

    const Context& m_context;
    const KindTable& m_table;
    const Record& m_record;
    const identity::Facts& m_facts;
    bool m_fresh;
    Presenter m_presenter;
    identity::FieldRights m_rights;
    std::vector<flow::Clock> m_clocks;
    std::map<UnitId, std::optional<identity::UnitRow>> m_units;
    bool m_acts = false;
};

}  // namespace

Author author_of(
    const Context& c, const KindTable& table, const Record& r, const identity::FieldRights& rights,
    bool own
) {
    const bool anonymous =
        table.anonymous_field >= 0 &&
        r.cells[static_cast<std::size_t>(table.anonymous_field)].value == Value(1);
    if (own || !c.caller) {
        return Author::shown;
    }
    auto author = anonymous ? Author::hidden : Author::shown;
    for (const auto& name : table.identifying) {
        if (rights.hidden.count(name) > 0) {
            return Author::hidden;
        }
        if (rights.masked.count(name) > 0 && author == Author::shown) {
            author = Author::masked;
        }
    }
    return author;
}

View full_view(
    const Context& c, const KindTable& table, const Record& record, const identity::Facts& facts,
    const std::optional<std::vector<flow::Clock>>& fresh_clocks
) {
    View view;
    view.id = record.id;
    view.version = record.version;
    view.json = FullView(c, table, record, facts, fresh_clocks).write();
    return view;
}

}  // namespace linli::record
