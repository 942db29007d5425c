// SPDX-License-Identifier: Apache-2.0
// Query parameters of a list, checked.
#include <algorithm>

#include "record/list.hpp"
#include "record/personal.hpp"

namespace linli::record {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
    throw malformed("query_invalid", name + ": " + why);
}

bool yes(const std::string& name, const std::string& value) {
    if (value != "1" && value != "0" && value != "true" && value != "false") {
        refuse(name, "expected 1 or 0");
    }
    return value == "1" || value == "true";
}

Date date_in(const std::string& name, const std::string& value) {
    const auto date = parse_date(value);
    if (!date) {
        refuse(name, "expected a date such as 2025-05-08");
    }
    return *date;
}

void read_sort(ListQuery& query, const catalogue::Kind& kind, const std::string& value) {
    query.descending = value.starts_with('-');
    const auto sort = parse_name<Sort>(std::string_view(value).substr(query.descending ? 1 : 0));
    if (!sort || *sort == Sort::field || (*sort == Sort::due_at && !kind.flow)) {
        refuse(
            "sort", "expected created_at, updated_at" + std::string(kind.flow ? " or due_at" : "") +
                        ", with - for descending"
        );
    }
    query.sort = *sort;
}

void read_states(ListQuery& query, const catalogue::Kind& kind, const std::string& value) {
    const auto known = kind.states();
    if (value == "any" && std::find(known.begin(), known.end(), value) == known.end()) {
        query.states = known;
        return;
    }
    for (const auto state : split(value, ',')) {
        if (std::find(known.begin(), known.end(), state) == known.end()) {
            refuse("state", "expected some of " + join(known, ", "));
        }
        if (std::find(query.states.begin(), query.states.end(), state) == query.states.end()) {
            query.states.emplace_back(state);
        }
    }
}

/// A view may sort by a field too. What is no number in the database stays in the order of
/// creation, as numbers of records do anyway.
void read_view_sort(ListQuery& query, const catalogue::Kind& kind, const std::string& value) {
    query.descending = value.starts_with('-');
    const auto name = std::string_view(value).substr(query.descending ? 1 : 0);
    const auto sort = parse_name<Sort>(name);
    if (sort && *sort != Sort::field) {
        return read_sort(query, kind, value);
    }
    for (std::size_t i = 0; i < kind.fields.size(); ++i) {
        const auto& field = kind.fields[i];
        const bool number =
            std::string_view(rules_of(field.type).sql) != "TEXT" && field.type != FieldType::point;
        if (field.name == name && number && shape_of(field) == Shape::plain) {
            query.sort = Sort::field;
            query.sort_field = i;
        }
    }
}

/// What a view says, where the caller said nothing himself.
void apply_view(
    ListQuery& query, const catalogue::Kind& kind, const std::string& name, bool sorted
) {
    for (std::size_t i = 0; i < kind.views.size(); ++i) {
        const auto& view = kind.views[i];
        if (view.name != name) {
            continue;
        }
        query.view = static_cast<int>(i);
        query.overdue = query.overdue || view.overdue;
        if (query.states.empty()) {
            query.states = view.states;
        }
        if (!sorted && !view.sort.empty()) {
            read_view_sort(query, kind, view.sort);
        }
        return;
    }
    refuse("view", "there is no view " + name);
}

Value stored_value(const FieldSpec& field, std::string_view text) {
    Problems problems;
    auto single = field;
    single.type = field.type == FieldType::choices ? FieldType::choice
                  : field.type == FieldType::refs  ? FieldType::ref
                                                   : field.type;
    single.least = single.most = std::nullopt;
    const auto& rules = rules_of(single.type);
    const auto date = field.type == FieldType::instant ? parse_date(text) : std::nullopt;
    auto value =
        date ? Value(start_of(*date).ms)
             : rules.from_json(rules.from_cell(text, single), single, {problems, field.name});
    if (!problems.empty()) {
        refuse("f." + field.name, problems.front().detail);
    }
    return value;
}

FieldFilter read_filter(const KindTable& table, std::size_t at, const std::string& text) {
    FieldFilter filter;
    filter.field = at;
    const auto& field = table.field(at);
    const auto dots = text.find("..");
    const std::string_view sql = rules_of(field.type).sql;
    if (dots == std::string::npos || sql == "TEXT") {
        for (const auto part : split(text, ',')) {
            filter.values.push_back(stored_value(field, part));
        }
        if (filter.values.size() > 50) {
            refuse("f." + field.name, "at most 50 values");
        }
        return filter;
    }
    if (has_blind(field)) {
        refuse("f." + field.name, "an encrypted field is only found by equality");
    }
    filter.range = true;
    const auto view = std::string_view(text);
    const auto least = view.substr(0, dots), most = view.substr(dots + 2);
    if (!least.empty()) {
        filter.least = *stored_value(field, least).as_int();
    }
    if (!most.empty()) {
        filter.most = *stored_value(field, most).as_int();
        if (field.type == FieldType::instant && parse_date(most)) {
            *filter.most += day_ms - 1;
        }
    }
    return filter;
}

/// A field that is hidden or masked must not be guessed by filtering; an encrypted one is found by
/// the whole value only.
void check_filter(
    const KindTable& table, const identity::FieldRights& rights, const std::string& name
) {
    const int at = table.find(name);
    const auto* field = at < 0 ? nullptr : &table.field(static_cast<std::size_t>(at));
    if (!field || !rules_of(field->type).filter) {
        refuse("f." + name, "there is no such field to filter by");
    }
    const bool masked = rights.masked.count(name) > 0 && !has_blind(*field);
    if (masked || rights.hidden.count(name) > 0) {
        throw forbidden("filter_not_allowed", "you do not see this field");
    }
}

void check_flow_words(const ListQuery& query, const catalogue::Kind& kind) {
    const bool clocks = kind.flow && !kind.flow->clocks.empty();
    if (query.overdue && !kind.flow) {
        refuse("overdue", "records of this kind have no deadline");
    }
    if ((query.open || query.closed_from) && !kind.flow) {
        refuse(query.open ? "open" : "closed_from", "records of this kind do not end");
    }
    if (query.stopped_from && !clocks) {
        refuse("stopped_from", "records of this kind have no deadline");
    }
    if (query.rated && !query.closed_from) {
        refuse("rated", "goes with closed_from");
    }
    if (query.late && !query.stopped_from) {
        refuse("late", "goes with stopped_from");
    }
}

std::string digest_of(const Context& c, const KindTable& table, const Parameters& parameters) {
    auto sorted = parameters;
    std::sort(sorted.begin(), sorted.end());
    std::string text = table.kind->name + "/" + std::to_string(c.account().value);
    for (const auto& [name, value] : sorted) {
        if (name != "cursor" && name != "limit" && name != "count") {
            text += "&" + std::to_string(name.size()) + name + "=" + value;
        }
    }
    return text;
}

/// The area of a list, and on which map: of today, as filed, or of a day.
void read_area(const Context& c, ListQuery& query, std::string_view area, std::string_view map) {
    const auto day = parse_date(map);
    if (!map.empty() && map != "now" && map != "then" && !day) {
        refuse("map", "expected now, then or a date such as 2025-05-08");
    }
    if (area.empty()) {
        return;  // everything, on any map
    }
    query.as_filed = map == "then";
    query.map = day ? c.core.parts.areas.on(*day) : nullptr;
    AreaId id;
    const bool known = parse_id(area, id.value) && ((query.map ? *query.map : *c.tree).find(id) ||
                                                    (query.as_filed && c.tree->filed(id)));
    if (!known) {
        throw not_found("area");
    }
    query.area = id;
}

}  // namespace

ListQuery read_query(const Context& c, const KindTable& table, const Parameters& parameters) {
    constexpr int rows_most = 200;
    ListQuery query;
    std::string view, sort, area, map;
    std::set<std::string> seen;
    const auto rights = identity::list_rights(*c.caller, *table.kind, *c.tree).rights;
    for (const auto& [name, value] : parameters) {
        if (!seen.insert(name).second) {
            throw malformed("query_twice", "give the query parameter " + name + " once only");
        }
        if (name == "area") {
            area = value;
            if (area.empty()) {
                throw not_found("area");
            }
        } else if (name == "map") {
            map = value;
        } else if (name == "state") {
            read_states(query, *table.kind, value);
        } else if (name == "view") {
            view = value;
        } else if (name == "sort") {
            sort = value;
        } else if (name == "q") {
            query.words = tidy(value);
        } else if (name == "limit") {
            const int n = std::atoi(value.c_str());
            if (n < 1 || n > rows_most || value != std::to_string(n)) {
                refuse("limit", "expected 1 to 200");
            }
            query.limit = n;
        } else if (name == "cursor") {
            query.cursor = value;
        } else if (name == "mine") {
            query.mine = yes(name, value);
        } else if (name == "count") {
            query.count = yes(name, value);
        } else if (name == "overdue") {
            query.overdue = yes(name, value);
        } else if (name == "open") {
            query.open = yes(name, value);
        } else if (name == "rated") {
            query.rated = yes(name, value);
        } else if (name == "late") {
            query.late = yes(name, value);
        } else if (name == "unit") {
            if (!parse_id(value, query.unit.value)) {
                refuse("unit", "expected the id of a unit");
            }
        } else if (name == "closed_from") {
            query.closed_from = start_of(date_in(name, value));
        } else if (name == "stopped_from") {
            query.stopped_from = start_of(date_in(name, value));
        } else if (name == "from") {
            query.from = start_of(date_in(name, value));
        } else if (name == "to") {
            query.to = start_of(date_in(name, value) + 1);
        } else if (name.starts_with("f.")) {
            check_filter(table, rights, name.substr(2));
            query.filters.push_back(
                read_filter(table, static_cast<std::size_t>(table.find(name.substr(2))), value)
            );
        }
    }
    read_area(c, query, area, map);
    if (!sort.empty()) {
        read_sort(query, *table.kind, sort);
    }
    if (!view.empty()) {
        apply_view(query, *table.kind, view, !sort.empty());
    }
    check_flow_words(query, *table.kind);
    query.digest = digest_of(c, table, parameters);
    return query;
}

std::vector<std::pair<std::string, std::string>> word_digests(
    const Context& c, const KindTable& table, const std::string& words
) {
    constexpr std::size_t tail = 4;
    const auto rights = identity::list_rights(*c.caller, *table.kind, *c.tree).rights;
    const auto phone = plain_phone(words), citizen = plain_id_number(words);
    const bool last_four =
        words.size() == tail && words.find_first_not_of("0123456789") == std::string::npos;
    std::vector<std::pair<std::string, std::string>> found;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& field = table.field(i);
        if (!has_blind(field) || rights.hidden.count(field.name) > 0) {
            continue;
        }
        if (field.type == FieldType::phone && phone) {
            found.emplace_back(field.name + "_blind", blind(c.core, table, i, *phone));
        } else if (field.type == FieldType::phone && last_four) {
            found.emplace_back(field.name + "_tail", blind_tail(c.core, table, i, words));
        } else if (field.type == FieldType::id_number && citizen) {
            found.emplace_back(field.name + "_blind", blind(c.core, table, i, *citizen));
        }
    }
    return found;
}

}  // namespace linli::record
