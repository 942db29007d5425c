// SPDX-License-Identifier: Apache-2.0
#include "record/table.hpp"

#include <algorithm>
#include <charconv>

#include "base/crypto.hpp"

namespace linli::record {

namespace {

const std::vector<std::string>& kernel_columns() {
    static const std::vector<std::string> names{
        "county",     "id",         "number",     "area",       "subdistrict",
        "community",  "grid",       "state",      "version",    "flow_version",
        "created_at", "created_by", "updated_at", "updated_by", "unit"};
    return names;
}

std::string numbered(std::size_t count, std::size_t from = 1) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "$" : ", $") + std::to_string(from + i);
    }
    return text;
}

/// Columns that a field is read from, then those that only serve to find it.
void columns_of(
    const FieldSpec& field, std::vector<std::string>& read, std::vector<std::string>& found_by
) {
    switch (shape_of(field)) {
        case Shape::none:
            break;
        case Shape::point:
            read.push_back(field.name + "_lat");
            read.push_back(field.name + "_lon");
            break;
        case Shape::sealed:
            read.push_back(field.name);
            if (has_blind(field)) {
                found_by.push_back(field.name + "_blind");
            }
            if (field.type == FieldType::phone) {
                found_by.push_back(field.name + "_tail");
            }
            break;
        default:
            read.push_back(field.name);
    }
}

void bind_id(Binder& to, std::int64_t id) {
    id != 0 ? to.add(id) : to.add(nullptr);
}

void bind_bytes(Binder& to, const std::string& bytes) {
    bytes.empty() ? to.add(nullptr) : to.add(store::Bytes{bytes});
}

void bind_cell(Binder& to, const FieldSpec& field, const Cell& cell) {
    switch (shape_of(field)) {
        case Shape::none:
            break;
        case Shape::point: {
            const auto* list = cell.value.as_list();
            list ? to.add(*(*list)[0].as_int()) : to.add(nullptr);
            list ? to.add(*(*list)[1].as_int()) : to.add(nullptr);
            break;
        }
        case Shape::sealed:
            bind_bytes(to, cell.bytes);
            break;
        case Shape::list:
            cell.value.is_null() ? to.add(nullptr) : to.keep(pack(cell.value));
            break;
        case Shape::plain:
            if (const auto* n = cell.value.as_int()) {
                to.add(*n);
            } else if (const auto* text = cell.value.as_text()) {
                to.add(*text);
            } else if (!cell.value.is_null()) {
                to.keep(to_json(cell.value));
            } else {
                to.add(nullptr);
            }
    }
}

/// In the order of kernel_columns(), without county and id.
void bind_kernel(Binder& to, const Record& r) {
    r.number.empty() ? to.add(nullptr) : to.add(r.number);
    to.add(r.area);
    bind_id(to, r.subdistrict.value);
    bind_id(to, r.community.value);
    bind_id(to, r.grid.value);
    to.add(r.state);
    to.add(r.version);
    to.add(r.flow_version);
    to.add(r.created_at);
    to.add(r.created_by);
    to.add(r.updated_at);
    to.add(r.updated_by);
    bind_id(to, r.unit.value);
}

void bind_row(Binder& to, const KindTable& table, const Record& r) {
    bind_kernel(to, r);
    for (std::size_t i = 0; i < table.size(); ++i) {
        bind_cell(to, table.field(i), r.cells[i]);
    }
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (has_blind(table.field(i))) {
            bind_bytes(to, r.digests[i].whole);
            if (table.field(i).type == FieldType::phone) {
                bind_bytes(to, r.digests[i].tail);
            }
        }
    }
}

void insert_links(store::Tx& tx, const LinkTable& link, const Record& r) {
    if (const auto* list = r.cells[link.field].value.as_list()) {
        for (const auto& one : *list) {
            if (const auto* n = one.as_int()) {
                tx.post(link.insert, r.county(), r.id, *n);
            } else {
                tx.post(link.insert, r.county(), r.id, *one.as_text());
            }
        }
    }
}

void read_cell(const store::Row& row, int& column, const FieldSpec& field, Cell& cell) {
    const auto shape = shape_of(field);
    switch (shape) {
        case Shape::none:
            return;
        case Shape::point:
            if (!row.null(column)) {
                cell.value = Value::List{row.integer(column), row.integer(column + 1)};
            }
            column += 2;
            return;
        case Shape::sealed:
            cell.bytes = row.bytes(column++);
            return;
        default:
            break;
    }
    const int at = column++;
    if (!row.null(at)) {
        const bool text =
            std::string_view(rules_of(field.type).sql) == "TEXT" || shape == Shape::list;
        cell.value = text ? unpack(row.text(at), field) : Value(row.integer(at));
    }
}

/// Whether some choice of the field's list, anywhere, makes a record urgent.
bool may_be_urgent(const catalogue::Catalogue& catalogue, const FieldSpec& field) {
    const auto marked = [&](const std::string& city) {
        const auto* list = catalogue.list(field.list, city);
        return list && std::any_of(list->choices.begin(), list->choices.end(), [](const auto& one) {
                   return one.attributes.find("urgent") != nullptr;
               });
    };
    return field.type == FieldType::choice &&
           (marked("") || std::any_of(
                              catalogue.cities().begin(), catalogue.cities().end(),
                              [&](const auto& city) { return marked(city.name); }
                          ));
}

Selection selection_of(const catalogue::Kind& kind, std::vector<std::size_t> fields) {
    auto names = kernel_columns();
    std::vector<std::string> found_by;
    for (const auto i : fields) {
        columns_of(kind.fields[i], names, found_by);
    }
    Selection result{"", static_cast<int>(names.size()), std::move(fields)};
    for (const auto& name : names) {
        result.columns += (result.columns.empty() ? "r." : ", r.") + sql_name(name);
    }
    return result;
}

/// Inputs of an action are set by acting, not by filing.
bool named_by_action(const catalogue::Kind& kind, const std::string& field) {
    for (const auto& action :
         kind.flow ? kind.flow->actions : std::vector<catalogue::ActionSpec>{}) {
        if (std::count(action.needs.begin(), action.needs.end(), field) > 0 ||
            std::count(action.may.begin(), action.may.end(), field) > 0) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::string sql_name(std::string_view name) {
    return '"' + std::string(name) + '"';
}

KindTable::KindTable(const catalogue::Catalogue& catalogue, const catalogue::Kind& of)
    : kind(&of), table(sql_name(of.name)), number(of.number) {
    m_names = kernel_columns();
    std::vector<std::string> found_by;
    for (std::size_t i = 0; i < of.fields.size(); ++i) {
        const auto& one = of.fields[i];
        set_by_action.push_back(!one.required && named_by_action(of, one.name));
        columns_of(one, m_names, found_by);
        unique = unique || one.unique;
        searched = searched || one.search;
        if (one.type == FieldType::ref && one.to == "person" && about < 0) {
            about = static_cast<int>(i);
        }
        const bool names =
            one.mask == catalogue::Mask::name || one.mask == catalogue::Mask::contact;
        if (names || (one.type == FieldType::ref && one.to == "person")) {
            identifying.push_back(one.name);
        }
        if (one.type == FieldType::boolean && one.name == "anonymous") {
            anonymous_field = static_cast<int>(i);
        }
        if (one.type == FieldType::boolean && one.name == "urgent") {
            urgent_field = static_cast<int>(i);
        }
        const auto in = [&](const std::vector<std::string>& list) {
            return std::find(list.begin(), list.end(), one.name) != list.end();
        };
        in_list.push_back(of.list_fields.empty() || in(of.list_fields) || in(of.title_fields));
        if (may_be_urgent(catalogue, one)) {
            urgent_choices.push_back(i);
        }
        if (shape_of(one) == Shape::list) {
            const auto link = sql_name(of.name + "_" + one.name);
            const auto name = "record." + of.name + "_" + one.name;
            links.push_back(
                {i,
                 link,
                 {name + ".insert",
                  "INSERT INTO " + link + " (county, record, value) VALUES ($1, $2, $3)"},
                 {name + ".clear", "DELETE FROM " + link + " WHERE county = $1 AND record = $2"}}
            );
        }
    }
    std::vector<std::size_t> every, shown;
    for (std::size_t i = 0; i < of.fields.size(); ++i) {
        every.push_back(i);
        const auto at = static_cast<int>(i);
        if (in_list[i] || at == about || at == urgent_field || at == anonymous_field ||
            std::find(urgent_choices.begin(), urgent_choices.end(), i) != urgent_choices.end()) {
            shown.push_back(i);
        }
    }
    whole = selection_of(of, std::move(every));
    listed = selection_of(of, std::move(shown));
    auto all = m_names;
    all.insert(all.end(), found_by.begin(), found_by.end());
    std::string inserted, set;
    for (std::size_t i = 0; i < all.size(); ++i) {
        inserted += (i == 0 ? "" : ", ") + sql_name(all[i]);
        if (i >= 2) {
            set += (i == 2 ? "" : ", ") + sql_name(all[i]) + " = $" + std::to_string(i + 2);
        }
    }
    const auto name = "record." + of.name;
    insert = {
        name + ".insert",
        "INSERT INTO " + table + " (" + inserted + ") VALUES (" + numbered(all.size()) + ")"};
    update = {
        name + ".update",
        "UPDATE " + table + " SET " + set + " WHERE county = $1 AND id = $2 AND version = $3"};
    move = {
        name + ".move",
        "UPDATE " + table +
            " SET state = $4, version = $5, updated_at = $6, updated_by = $7, unit = $8"
            " WHERE county = $1 AND id = $2 AND version = $3"};
    select = {
        name + ".select",
        "SELECT " + whole.columns + " FROM " + table + " r WHERE r.county = $1 AND r.id = $2"};
    for (const auto& one : of.title_fields) {
        title_fields.push_back(static_cast<std::size_t>(find(one)));
    }
    for (const auto& view : of.views) {
        std::optional<catalogue::Expression> filter;
        if (view.where) {
            catalogue::ExpressionError error;
            filter = catalogue::Expression::parse(
                view.where->text(), catalogue::symbols_of(catalogue, of, "r"), error
            );
        }
        view_filters.push_back(std::move(filter));
    }
}

int KindTable::find(std::string_view name) const {
    for (std::size_t i = 0; i < kind->fields.size(); ++i) {
        if (kind->fields[i].name == name) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

Record KindTable::read(const store::Row& row, const Selection& selection) const {
    Record r;
    int c = 1;  // the county is in the id
    r.id.value = row.integer(c++);
    r.number = row.text(c++);
    for (auto* id : {&r.area, &r.subdistrict, &r.community, &r.grid}) {
        id->value = row.integer(c++);
    }
    r.state = row.text(c++);
    r.version = row.integer(c++);
    r.flow_version = static_cast<int>(row.integer(c++));
    r.created_at.ms = row.integer(c++);
    r.created_by.value = row.integer(c++);
    r.updated_at.ms = row.integer(c++);
    r.updated_by.value = row.integer(c++);
    r.unit.value = row.integer(c++);
    r.cells.resize(size());
    for (const auto i : selection.fields) {
        read_cell(row, c, field(i), r.cells[i]);
    }
    return r;
}

void insert(store::Tx& tx, const KindTable& table, const Record& r) {
    Binder to;
    to.add(r.county());
    to.add(r.id);
    bind_row(to, table, r);
    tx.defer(table.insert, to.params());
    for (const auto& link : table.links) {
        insert_links(tx, link, r);
    }
}

bool update(store::Tx& tx, const KindTable& table, const Record& before, const Record& after) {
    Binder to;
    to.add(after.county());
    to.add(after.id);
    to.add(before.version);
    bind_row(to, table, after);
    if (tx.execute(table.update, to.params()) == 0) {
        return false;
    }
    for (const auto& link : table.links) {
        if (before.cells[link.field].value != after.cells[link.field].value) {
            tx.post(link.clear, after.county(), after.id);
            insert_links(tx, link, after);
        }
    }
    return true;
}

bool move(store::Tx& tx, const KindTable& table, const Record& before, const Record& after) {
    std::optional<std::int64_t> unit;
    if (after.unit) {
        unit = after.unit.value;
    }
    return tx.run(
               table.move, after.county(), after.id, before.version, after.state, after.version,
               after.updated_at, after.updated_by, unit
           ) > 0;
}

std::optional<Record> find(store::Tx& tx, const KindTable& table, RecordId id) {
    std::optional<Record> found;
    tx.each(
        table.select,
        [&](const store::Row& row) {
            found = table.read(row);
            return false;
        },
        home(id), id
    );
    return found;
}

std::string digest(const KindTable& table, const Record& r) {
    Binder row;
    bind_kernel(row, r);
    for (std::size_t i = 0; i < table.size(); ++i) {
        bind_cell(row, table.field(i), r.cells[i]);
    }
    std::string text;
    std::size_t name = 2;
    for (const auto& param : row.params()) {
        const auto& column = table.names()[name++];
        const auto& value = param.value();
        if (std::holds_alternative<std::monostate>(value)) {
            continue;  // so that a column that is added later changes no digest
        }
        text += column;
        if (const auto* n = std::get_if<std::int64_t>(&value)) {
            text += '=' + std::to_string(*n);
        } else if (const auto* t = std::get_if<std::string_view>(&value)) {
            text += '=' + std::to_string(t->size()) + ':';
            text += *t;
        } else if (const auto* b = std::get_if<store::Bytes>(&value)) {
            text += '=' + std::to_string(b->data.size()) + ':';
            text += b->data;
        }
        text += ',';
    }
    return to_hex(sha256(text));
}

NumberPattern::NumberPattern(std::string_view pattern) {
    while (!pattern.empty()) {
        const auto open = pattern.find('{');
        if (open != 0) {
            m_parts.push_back({"", std::string(pattern.substr(0, open)), 0});
            pattern.remove_prefix(std::min(open, pattern.size()));
            continue;
        }
        const auto close = std::min(pattern.find('}'), pattern.size() - 1);
        const auto inside = pattern.substr(1, close - 1);
        const auto colon = inside.find(':');
        Part part{std::string(inside.substr(0, colon)), "", 0};
        if (colon != std::string_view::npos) {
            std::from_chars(inside.data() + colon + 1, inside.data() + inside.size(), part.width);
        }
        m_parts.push_back(std::move(part));
        pattern.remove_prefix(close + 1);
    }
}

std::string NumberPattern::next(
    store::Tx& tx, County county, const std::string& kind, std::string_view code, Instant now
) const {
    const auto day = to_text(official_date(now));
    const auto names = [&](const char* word) {
        return std::any_of(m_parts.begin(), m_parts.end(), [&](const Part& part) {
            return part.word == word;
        });
    };
    // It begins anew as often as the rest of the number changes, else numbers would come again.
    const auto period = names("date") ? day : names("year") ? day.substr(0, 4) : "";
    std::string number;
    for (const auto& part : m_parts) {
        if (part.word.empty()) {
            number += part.text;
        } else if (part.word == "county") {
            number += code.substr(0, part.width > 0 ? part.width : code.size());
        } else if (part.word == "date") {
            number += day.substr(0, 4) + day.substr(5, 2) + day.substr(8, 2);
        } else if (part.word == "year") {
            number += day.substr(0, 4);
        } else {
            auto digits = std::to_string(tx.next_number(county, "number." + kind + "." + period));
            number.append(part.width > digits.size() ? part.width - digits.size() : 0, '0');
            number += digits;
        }
    }
    return number;
}

}  // namespace linli::record
