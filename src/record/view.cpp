// SPDX-License-Identifier: Apache-2.0
#include "record/view.hpp"

#include <algorithm>

namespace linli::record {

namespace {

bool has(const std::set<std::string>& names, const std::string& name) {
    return names.count(name) > 0;
}

std::string raw_text(const FieldSpec& field, const Value& stored) {
    return stored.as_text() ? *stored.as_text() : rules_of(field.type).to_cell(stored, field);
}

}  // namespace

std::string masked_text(const FieldSpec& field, const Value& stored) {
    const bool words = field.type == FieldType::text || field.type == FieldType::phone ||
                       field.type == FieldType::id_number;
    if (stored.is_null() || !words) {
        return stored.is_null() ? "" : "***";
    }
    return field.mask == catalogue::Mask::none ? "***"
                                               : identity::masked(field.mask, *stored.as_text());
}

void write_area(JsonWriter& out, const area::Tree& tree, AreaId area) {
    const auto* node = tree.find(area);
    out.begin_object();
    out.key("id");
    out.id(area.value);
    out.key("name");
    out.text(node ? node->name : std::string_view());
    out.end_object();
}

Presenter::Presenter(const Context& context, const KindTable& table)
    : m_context(context), m_table(table), m_titles(context), m_choices(table.size()) {}

void Presenter::add(const Record& r) {
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const auto type = m_table.field(i).type;
        if (type == FieldType::ref || type == FieldType::refs) {
            m_titles.want(m_table.field(i), r.cells[i].value);
        }
    }
}

const std::string& Presenter::city(const Record& r) const {
    const auto key = r.county() != 0 ? r.county() : r.area.value;
    auto found = m_cities.find(key);
    if (found == m_cities.end()) {
        found = m_cities.emplace(key, m_context.core.city_of(r.area)).first;
    }
    return found->second;
}

const identity::FieldRights& Presenter::rights(const Record& r) {
    static const identity::FieldRights all;
    const auto* caller = m_context.caller;
    if (!caller) {
        return all;
    }
    if (!m_list_rights) {
        m_list_rights = identity::list_rights(*caller, *m_table.kind, *m_context.tree);
        m_units =
            identity::access(*caller, *m_table.kind, identity::Operation::read, *m_context.tree)
                .units;
    }
    if (!m_list_rights->varies) {
        return m_list_rights->rights;
    }
    identity::Facts facts{filing_of(m_context, r), own(m_context, m_table, r), {}, r.state};
    const bool leads = std::find(m_units.begin(), m_units.end(), r.unit) != m_units.end();
    facts.parties =
        m_units.empty() || leads ? std::vector{r.unit} : parties_of(m_context, m_table, r);
    std::string key(1, facts.own ? 'o' : '-');
    for (const auto* grant : identity::grants_for(
             *caller, *m_table.kind, identity::Operation::read, facts, *m_context.tree
         )) {
        key += std::to_string(grant->id) + ".";
    }
    auto found = m_rights.find(key);
    if (found == m_rights.end()) {
        found = m_rights
                    .emplace(
                        key, identity::field_rights(*caller, *m_table.kind, facts, *m_context.tree)
                    )
                    .first;
    }
    return found->second;
}

const catalogue::ChoiceList* Presenter::choices(const FieldSpec& field, const std::string& city)
    const {
    auto& [of, list] = m_choices[static_cast<std::size_t>(&field - m_table.kind->fields.data())];
    if (of != &city) {
        of = &city;
        list = m_context.catalogue().list(field.list, city);
    }
    return list;
}

std::string Presenter::choice_title(
    const FieldSpec& field, const std::string& key, const std::string& city, bool english
) const {
    const auto* list = choices(field, city);
    const auto* choice = list ? list->find(key) : nullptr;
    return !choice ? key : english ? choice->title.en : choice->title.zh;
}

std::string Presenter::title(const Record& r, const identity::FieldRights& rights, bool english)
    const {
    for (const auto i : m_table.title_fields) {
        const auto& field = m_table.field(i);
        const auto& name = field.name;
        if (has(rights.hidden, name) || r.cells[i].empty()) {
            continue;
        }
        const auto value = open(m_context.core, m_table, r, i);
        if (field.type == FieldType::ref) {
            const auto& one = m_titles.find(field.to, *value.as_int());
            const auto& text = has(rights.masked, name) ? one.masked : one.text;
            if (!text.empty()) {
                return text;
            }
            continue;
        }
        if (has(rights.masked, name)) {
            return masked_text(field, value);
        }
        if (field.type == FieldType::choice) {
            return choice_title(field, *value.as_text(), city(r), english);
        }
        return raw_text(field, value);
    }
    const auto& title = m_table.kind->title;
    return !r.number.empty() ? r.number : english ? title.en : title.zh;
}

std::string Presenter::place(const Record& r) const {
    std::string text;
    for (const auto id :
         {r.community     ? r.community
          : r.subdistrict ? r.subdistrict
                          : r.area,
          r.grid}) {
        const auto* node = id ? m_context.tree->find(id) : nullptr;
        if (node) {
            text += (text.empty() ? "" : " · ") + std::string(node->name);
        }
    }
    return text;
}

void Presenter::write_value(JsonWriter& out, const FieldSpec& field, const Value& stored) const {
    const auto one = [&](std::int64_t id) {
        const auto& title = m_titles.find(field.to, id);
        out.begin_object();
        out.key("id");
        out.id(title.shown ? id : 0);
        out.key("title");
        title.shown ? out.text(title.text) : out.null();
        out.end_object();
    };
    if (stored.is_null()) {
        out.null();
    } else if (field.type == FieldType::ref) {
        one(*stored.as_int());
    } else if (field.type == FieldType::refs) {
        out.begin_list();
        for (const auto& id : *stored.as_list()) {
            one(*id.as_int());
        }
        out.end_list();
    } else {
        rules_of(field.type).to_json(out, stored, field);
    }
}

void Presenter::write_masked(JsonWriter& out, const FieldSpec& field, const Value& stored) const {
    if (field.type == FieldType::ref && stored.as_int()) {
        out.begin_object();
        out.key("id");
        out.null();
        out.key("title");
        out.text(m_titles.find(field.to, *stored.as_int()).masked);
        out.end_object();
    } else if (stored.as_text()) {
        out.text(masked_text(field, stored));
    } else {
        out.null();
    }
}

void Presenter::write_fields(
    JsonWriter& out, const Record& r, const identity::FieldRights& rights, bool all
) {
    std::vector<const std::string*> hidden_values;
    out.key("fields");
    out.begin_object();
    std::vector<Shown> every;
    if (all) {
        every = shown(rights, true);
    } else if (!m_shown.contains(&rights)) {
        m_shown.emplace(&rights, shown(rights, false));
    }
    for (const auto& one : all ? every : m_shown.at(&rights)) {
        const auto& field = m_table.field(one.field);
        const auto& cell = r.cells[one.field];
        out.key(field.name);
        if (one.masked && !cell.empty()) {
            hidden_values.push_back(&field.name);
            write_masked(out, field, open(m_context.core, m_table, r, one.field));
            continue;
        }
        if (one.guarded) {
            note_read(r, field);
        }
        cell.bytes.empty() ? write_value(out, field, cell.value)
                           : write_value(out, field, open(m_context.core, m_table, r, one.field));
    }
    out.end_object();
    out.key("masked");
    out.begin_list();
    for (const auto* name : hidden_values) {
        out.text(*name);
    }
    out.end_list();
}

std::vector<Presenter::Shown> Presenter::shown(const identity::FieldRights& rights, bool all)
    const {
    std::vector<Shown> result;
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const auto& field = m_table.field(i);
        if (field.type != FieldType::file && !has(rights.hidden, field.name) &&
            (all || m_table.in_list[i])) {
            result.push_back({i, has(rights.masked, field.name), guarded(field)});
        }
    }
    return result;
}

bool guarded(const FieldSpec& field) {
    return field.mask != catalogue::Mask::none || field.data_class == catalogue::Class::sensitive;
}

void Presenter::note_read(const Record& r, const FieldSpec& field) const {
    const auto i = static_cast<std::size_t>(m_table.find(field.name));
    if (guarded(field) && m_context.caller && !r.cells[i].empty() && !own(m_context, m_table, r)) {
        m_context.reads.add(m_table.kind->name, r.id, field.name);
    }
}

std::string Presenter::cell(const Record& r, std::size_t i, const identity::FieldRights& rights) {
    const auto& field = m_table.field(i);
    if (field.type == FieldType::file || has(rights.hidden, field.name) || r.cells[i].empty()) {
        return {};
    }
    const auto value = open(m_context.core, m_table, r, i);
    const bool mask = has(rights.masked, field.name);
    if (!mask) {
        note_read(r, field);
    }
    const auto refer = [&](std::int64_t id) {
        const auto& title = m_titles.find(field.to, id);
        return mask          ? title.masked
               : title.shown ? title.text + " #" + std::to_string(id)
                             : std::string();
    };
    const bool list = field.type == FieldType::choices || field.type == FieldType::refs;
    if (!list && field.type != FieldType::choice && field.type != FieldType::ref) {
        return mask ? masked_text(field, value) : rules_of(field.type).to_cell(value, field);
    }
    std::string text;
    for (const auto& one : list ? *value.as_list() : Value::List{value}) {
        text += text.empty() ? "" : "；";
        text += one.as_int() ? refer(*one.as_int())
                : mask       ? "***"
                             : choice_title(field, *one.as_text(), city(r));
    }
    return text;
}

void Presenter::write_place(JsonWriter& out, const Record& r) {
    const auto of = r.community ? r.community : r.subdistrict ? r.subdistrict : r.area;
    if (of != m_place_of || r.grid != m_place_grid) {
        m_place_of = of;
        m_place_grid = r.grid;
        m_place = place(r);
    }
    out.key("place");
    out.text(m_place);
}

void Presenter::write_row(
    JsonWriter& out, const ListRow& row, const identity::FieldRights& rights
) {
    const auto& r = row.record;
    const auto text = [&](const char* key, std::string_view value) {
        out.key(key);
        out.text(value);
    };
    out.key("id");
    out.id(r.id.value);
    text("kind", m_table.kind->name);
    text("number", r.number);
    text("title", title(r, rights));
    text("title_en", title(r, rights, true));
    out.key("area");
    write_area(out, *m_context.tree, r.area);
    write_place(out, r);
    text("state", r.state);
    out.key("version");
    out.integer(r.version);
    TimeText time;
    text("created_at", write(r.created_at, time));
    text("updated_at", write(r.updated_at, time));
    out.key("unit");
    if (r.unit) {
        out.begin_object();
        out.key("id");
        out.id(r.unit.value);
        text("name", row.unit_name);
        out.end_object();
    } else {
        out.null();
    }
    out.key("due_at");
    row.due_at ? out.text(write(*row.due_at, time)) : out.null();
    out.key("overdue");
    out.boolean(row.due_at && *row.due_at < m_context.now);
    out.key("urgent");
    out.boolean(urgent(m_context, m_table, r, city(r)));
}

}  // namespace linli::record
