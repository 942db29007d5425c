// SPDX-License-Identifier: Apache-2.0
// Requests as anybody may read them: what, where roughly, since when, how it stands and who has it.
#include <algorithm>

#include "exchange/open311_impl.hpp"
#include "http/target.hpp"
#include "record/list.hpp"

namespace linli::exchange {

namespace {

constexpr int rows_most = 1000, deep_most = 10'000, page_rows = 100;
constexpr std::size_t ids_most = 100;

/// To 0.001 degrees, about 100 m: a place is not a door.
double coarse(std::int64_t degrees_e7) {
    constexpr std::int64_t step = 10'000;
    constexpr double steps_of_a_degree = 1000;
    const auto half = degrees_e7 < 0 ? -step / 2 : step / 2;
    return static_cast<double>((degrees_e7 + half) / step) / steps_of_a_degree;
}

double exact(std::int64_t degrees_e7) {
    constexpr double scale = 1e7;
    return static_cast<double>(degrees_e7) / scale;
}

class Drawing {
 public:
    Drawing(const Open311& open311, const record::Context& context, bool english)
        : m_open311(open311),
          m_context(context),
          m_mapping(open311.mapping()),
          m_table(open311.table()),
          m_english(english) {}

    Value draw(const record::ListRow& row) const {
        const auto& record = row.record;
        const auto* key = cell("service", record).as_text();
        const auto& list = m_open311.list_in(record.area);
        const auto* choice = key ? list.find(*key) : nullptr;
        const bool closed = m_mapping.status_of(record.state) == std::string_view("closed");
        auto value = obj(
            {{"service_request_id", std::to_string(record.id.value)},
             {"status", m_mapping.status_of(record.state)},
             {"status_notes", notes_on(record)},
             {"service_name", choice ? text_in(choice->title, m_english) : std::string()},
             {"service_code", key ? *key : std::string()},
             {"description", public_text("description", record)},
             {"agency_responsible", row.unit_name.empty() ? Value() : Value(row.unit_name)},
             {"service_notice", Value()},
             {"requested_datetime", to_text(record.created_at)},
             {"updated_datetime", to_text(record.updated_at)},
             {"expected_datetime", row.due_at && !closed ? Value(to_text(*row.due_at)) : Value()}}
        );
        add_place(value, record);
        return value;
    }

 private:
    const Value& cell(const std::string& word, const record::Record& record) const {
        static const Value none;
        const auto name = word == "service" ? m_mapping.service->name : m_mapping.field(word);
        const int at = name.empty() ? -1 : m_table.find(name);
        return at < 0 ? none : record.cells[static_cast<std::size_t>(at)].value;
    }

    Value public_text(const std::string& word, const record::Record& record) const {
        return m_mapping.shown.count(word) > 0 ? cell(word, record) : Value();
    }

    Value notes_on(const record::Record& record) const {
        if (!m_mapping.kind->flow) {
            return {};
        }
        const auto& flow = m_open311.core->parts.flow.spec(*m_mapping.kind, record.flow_version);
        const auto* state = flow.state(record.state);
        const auto title = !state                    ? catalogue::Title{}
                           : state->plain.zh.empty() ? state->title
                                                     : state->plain;
        return text_in(title, m_english);
    }

    /// The name of the community, and its code, unless the address itself is public.
    void add_place(Value& value, const record::Record& record) const {
        const auto* node = m_context.tree->find(record.community ? record.community : record.area);
        auto address = public_text("address", record);
        if (address.is_null() && node) {
            address = std::string(node->name);
        }
        value.set("address", std::move(address));
        value.set("address_id", node ? Value(std::string(node->code)) : Value());
        value.set("zipcode", Value());
        const auto* point = cell("lat_long", record).as_list();
        const auto degrees = m_mapping.shown.count("lat_long") > 0 ? exact : coarse;
        value.set("lat", point ? Value(degrees(*(*point)[0].as_int())) : Value());
        value.set("long", point ? Value(degrees(*(*point)[1].as_int())) : Value());
        value.set("media_url", Value());
    }

    const Open311& m_open311;
    const record::Context& m_context;
    const Mapping& m_mapping;
    const record::KindTable& m_table;
    bool m_english;
};

record::Context context_of(const Open311& open311, const http::Call& call) {
    return {*open311.core, call.tx(), &call.caller, call.now, call.request.id};
}

/// A record with what a list joins to it; nothing if it is not for the public.
std::optional<record::ListRow> find_row(
    const Open311& open311, const record::Context& c, RecordId id
) {
    auto found = id ? record::find(c.tx, open311.table(), id) : std::nullopt;
    if (!found || !shown(open311, *found)) {
        return std::nullopt;
    }
    record::ListRow row;
    const auto unit = found->unit ? identity::find_unit(c.tx, found->unit) : std::nullopt;
    row.unit_name = unit ? unit->name : "";
    if (open311.mapping().kind->flow) {
        for (const auto& clock :
             c.core.parts.flow.clocks(c.tx, {open311.mapping().kind->name, id})) {
            if (clock.due_at && !clock.stopped_at && (!row.due_at || *clock.due_at < *row.due_at)) {
                row.due_at = clock.due_at;
            }
        }
    }
    row.record = std::move(*found);
    return row;
}

int number_of(const http::Call& call, const char* name, int fallback, int most) {
    const auto text = call.query(name).value_or("");
    if (text.empty()) {
        return fallback;
    }
    const int n = std::atoi(text.c_str());
    if (n < 1 || n > most || text != std::to_string(n)) {
        throw wrong(name, "expected a number from 1 to " + std::to_string(most));
    }
    return n;
}

std::vector<std::string> states_asked(const Mapping& mapping, const std::string& text) {
    std::vector<std::string> states;
    for (const auto part : split(text.empty() ? "open,closed" : text, ',')) {
        const auto status = http::lower_case(http::trimmed(part));
        if (status != "open" && status != "closed") {
            throw wrong("status", "expected open, closed or open,closed");
        }
        const auto more = mapping.states(status == "closed");
        states.insert(states.end(), more.begin(), more.end());
    }
    return states;
}

/// The services as they are called in an area; of everywhere if it is none.
std::vector<const catalogue::ChoiceList*> lists_of(const Open311& open311, AreaId area) {
    if (area) {
        return {&open311.list_in(area)};
    }
    std::vector<const catalogue::ChoiceList*> lists{&open311.list_in({})};
    for (const auto& city : open311.catalogue->cities()) {
        lists.push_back(open311.catalogue->list(open311.mapping().service->list, city.name));
    }
    return lists;
}

/// Services asked for, or all that are for the public.
record::FieldFilter services_asked(const Open311& open311, AreaId area, const std::string& text) {
    const auto& mapping = open311.mapping();
    std::set<std::string> known, asked;
    for (const auto* list : lists_of(open311, area)) {
        for (const auto& choice : list->choices) {
            if (mapping.shows(*list, choice.key)) {
                known.insert(choice.key);
            }
        }
    }
    for (const auto part : split(text, ',')) {
        const std::string key(http::trimmed(part));
        if (!key.empty() && known.count(key) == 0) {
            throw not_found("service_code");
        }
        if (!key.empty()) {
            asked.insert(key);
        }
    }
    record::FieldFilter filter;
    filter.field = static_cast<std::size_t>(open311.table().find(mapping.service->name));
    for (const auto& key : asked.empty() ? known : asked) {
        filter.values.emplace_back(key);
    }
    return filter;
}

/// Rows `skip` to `skip + most` of a list.
std::vector<record::ListRow> rows_of(
    const record::Context& c, const record::KindTable& table, record::ListQuery query, int skip,
    int most
) {
    std::vector<record::ListRow> rows;
    query.digest = "open311";
    const auto wanted = static_cast<std::size_t>(skip + most);
    std::size_t seen = 0;
    do {
        query.limit = static_cast<int>(std::min<std::size_t>(rows_most, wanted - seen));
        auto page = record::list(c, table, query, table.whole);
        for (auto& row : page.rows) {
            if (seen++ >= static_cast<std::size_t>(skip)) {
                rows.push_back(std::move(row));
            }
        }
        query.cursor = page.next;
    } while (!query.cursor.empty() && seen < wanted);
    return rows;
}

Value draw_all(
    const Open311& open311, const record::Context& c, const http::Call& call,
    const std::vector<record::ListRow>& rows
) {
    const Drawing drawing(open311, c, in_english(call.request));
    Value::List requests;
    for (const auto& row : rows) {
        requests.push_back(drawing.draw(row));
    }
    return requests;
}

std::vector<record::ListRow> rows_named(
    const Open311& open311, const record::Context& c, const std::string& ids
) {
    std::vector<record::ListRow> rows;
    const auto parts = split(ids, ',');
    if (parts.size() > ids_most) {
        throw wrong("service_request_id", "at most 100 ids");
    }
    for (const auto part : parts) {
        RecordId id;
        auto row =
            parse_id(http::trimmed(part), id.value) ? find_row(open311, c, id) : std::nullopt;
        if (row) {
            rows.push_back(std::move(*row));
        }
    }
    return rows;
}

}  // namespace

bool shown(const Open311& open311, const record::Record& record) {
    const int at = open311.table().find(open311.mapping().service->name);
    const auto* key = record.cells[static_cast<std::size_t>(at)].value.as_text();
    return key && record.state != "withdrawn" &&
           open311.mapping().shows(open311.list_in(record.area), *key);
}

Value list_requests(const Open311& open311, const http::Call& call) {
    const auto c = context_of(open311, call);
    const auto ids = call.query("service_request_id").value_or("");
    if (!ids.empty()) {
        return draw_all(open311, c, call, rows_named(open311, c, ids));
    }
    const auto asked = [&](const char* name) { return call.query(name).value_or(""); };
    record::ListQuery query;
    query.operation = identity::Operation::publish;
    const auto area = jurisdiction_of(open311, *c.tree, asked("jurisdiction_id"));
    query.area = area ? std::optional(area) : std::nullopt;
    const auto period = period_of(asked("start_date"), asked("end_date"), call.now);
    query.from = period.from;
    query.to = period.to;
    query.states = states_asked(open311.mapping(), asked("status"));
    query.filters = {services_asked(open311, area, asked("service_code"))};
    const int page = number_of(call, "page", 1, deep_most);
    const int size =
        number_of(call, "page_size", asked("page").empty() ? rows_most : page_rows, rows_most);
    if ((page - 1) * size + size > deep_most) {
        throw wrong("page", "only the first 10000 are given; narrow the dates instead");
    }
    return draw_all(
        open311, c, call, rows_of(c, open311.table(), std::move(query), (page - 1) * size, size)
    );
}

Value one_request(const Open311& open311, const http::Call& call) {
    const auto c = context_of(open311, call);
    const auto row = find_row(open311, c, request_id(call.param("id")));
    if (!row) {
        throw not_found("service_request_id");
    }
    return draw_all(open311, c, call, {*row});
}

/// Requests are there at once, so the token is the id.
Value token(const Open311& open311, const http::Call& call) {
    const auto c = context_of(open311, call);
    const auto& given = call.param("token");
    if (!find_row(open311, c, request_id(given))) {
        throw not_found("token");
    }
    return Value::List{obj({{"service_request_id", given}, {"token", given}})};
}

}  // namespace linli::exchange
