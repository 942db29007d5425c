// SPDX-License-Identifier: Apache-2.0
#include "record/column.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "record/personal.hpp"

namespace linli::record {

namespace {

constexpr std::int64_t scaled_limit = 9'000'000'000'000'000;
constexpr int point_scale = 7;

int scale_of(const FieldSpec& field) {
    return field.scale;
}

Value wrong(const Complaint& to, const char* expected) {
    to.add("wrong_type", std::string("expected ") + expected);
    return {};
}

Value within(std::int64_t n, const FieldSpec& field, const Complaint& to) {
    if ((field.least && n < *field.least) || (field.most && n > *field.most)) {
        to.add("out_of_range", "the value is outside the allowed range");
        return {};
    }
    return n;
}

Value text_from_json(const Value& json, const FieldSpec& field, const Complaint& to) {
    const auto* text = json.as_text();
    if (!text) {
        return wrong(to, "a text");
    }
    auto tidied = tidy(*text, field.multiline);
    if (characters(tidied) > most_of(field)) {
        to.add("too_long", "at most " + std::to_string(most_of(field)) + " characters");
        return {};
    }
    return tidied.empty() ? Value() : Value(std::move(tidied));
}

Value integer_from_json(const Value& json, const FieldSpec& field, const Complaint& to) {
    const auto* n = json.as_int();
    return n ? within(*n, field, to) : wrong(to, "a whole number");
}

/// "-12.5" with at most `scale` decimals.
std::optional<std::int64_t> parse_scaled(std::string_view text, int scale) {
    const bool negative = text.starts_with('-');
    if (negative) {
        text.remove_prefix(1);
    }
    const auto point = text.find('.');
    std::string digits(text.substr(0, point));
    std::string decimals(point == std::string_view::npos ? "" : text.substr(point + 1));
    while (!decimals.empty() && decimals.back() == '0') {
        decimals.pop_back();
    }
    if (digits.empty() || decimals.size() > static_cast<std::size_t>(scale)) {
        return std::nullopt;
    }
    decimals.resize(static_cast<std::size_t>(scale), '0');
    digits += decimals;
    std::int64_t n = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (failure != std::errc{} || end != digits.data() + digits.size() || digits.front() == '-' ||
        n > scaled_limit) {
        return std::nullopt;
    }
    return negative ? -n : n;
}

/// The shortest text of a double, so that 12.34 keeps its two decimals.
std::string shortest(double v) {
    std::array<char, 400> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), v, std::chars_format::fixed).ptr;
    return {text.data(), end};
}

Value decimal_from_json(const Value& json, const FieldSpec& field, const Complaint& to) {
    const int scale = scale_of(field);
    std::string text;
    if (json.as_text()) {
        text = *json.as_text();
    } else if (json.as_int()) {
        text = std::to_string(*json.as_int());
    } else if (json.as_double()) {
        text = shortest(*json.as_double());
    } else {
        return wrong(to, "a number");
    }
    const auto n = parse_scaled(text, scale);
    if (!n) {
        to.add(
            "not_decimal", "expected a number with at most " + std::to_string(scale) + " decimals"
        );
        return {};
    }
    return within(*n, field, to);
}

Value boolean_from_json(const Value& json, const FieldSpec&, const Complaint& to) {
    return json.as_bool() ? Value(std::int64_t{*json.as_bool()}) : wrong(to, "true or false");
}

Value date_from_json(const Value& json, const FieldSpec& field, const Complaint& to) {
    const auto date = json.as_text() ? parse_date(*json.as_text()) : std::nullopt;
    return date ? within(date->days, field, to) : wrong(to, "a date such as 2025-05-08");
}

Value instant_from_json(const Value& json, const FieldSpec& field, const Complaint& to) {
    const auto at = json.as_text() ? parse_instant(*json.as_text()) : std::nullopt;
    return at ? within(at->ms, field, to)
              : wrong(to, "an instant such as 2025-05-08T08:30:00+08:00");
}

Value duration_from_json(const Value& json, const FieldSpec& field, const Complaint& to) {
    const auto* n = json.as_int();
    if (!n || *n < 0 || *n > scaled_limit) {
        return wrong(to, "a number of minutes");
    }
    return within(*n, field, to);
}

Value choice_from_json(const Value& json, const FieldSpec&, const Complaint& to) {
    return json.as_text() && !json.as_text()->empty() ? json : wrong(to, "a key of the list");
}

Value ref_from_json(const Value& json, const FieldSpec&, const Complaint& to) {
    std::int64_t id = 0;
    return json.as_text() && parse_id(*json.as_text(), id) ? Value(id)
                                                           : wrong(to, "an id (a decimal string)");
}

Value list_from_json(const Value& json, const FieldSpec& field, const Complaint& to) {
    const auto* list = json.as_list();
    if (!list) {
        return wrong(to, "a list");
    }
    if (list->size() > most_of(field)) {
        to.add("too_many", "at most " + std::to_string(most_of(field)) + " elements");
        return {};
    }
    const auto one = field.type == FieldType::refs ? &ref_from_json : &choice_from_json;
    Value::List stored;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto value = one((*list)[i], field, {to.problems, to.pointer + "/" + std::to_string(i)});
        if (!value.is_null() && std::find(stored.begin(), stored.end(), value) == stored.end()) {
            stored.push_back(std::move(value));
        }
    }
    return stored.empty() ? Value() : Value(std::move(stored));
}

/// Degrees to 1e-7 degrees.
Value degrees(const Value* json, double most) {
    const auto* whole = json ? json->as_int() : nullptr;
    const auto* real = json ? json->as_double() : nullptr;
    const double v = whole ? static_cast<double>(*whole) : real ? *real : 1e9;
    return std::abs(v) <= most ? Value(std::int64_t{std::llround(v * 1e7)}) : Value();
}

Value point_from_json(const Value& json, const FieldSpec&, const Complaint& to) {
    constexpr double most_latitude = 90, most_longitude = 180;
    auto latitude = degrees(json.find("lat"), most_latitude);
    auto longitude = degrees(json.find("lon"), most_longitude);
    if (latitude.is_null() || longitude.is_null() || !json.as_object() ||
        json.as_object()->size() != 2) {
        return wrong(to, "a point such as {\"lat\": 31.67, \"lon\": 118.5} in degrees");
    }
    return Value::List{std::move(latitude), std::move(longitude)};
}

Value phone_from_json(const Value& json, const FieldSpec&, const Complaint& to) {
    auto number = json.as_text() ? plain_phone(*json.as_text()) : std::nullopt;
    if (!number) {
        to.add("not_phone", "expected a mobile number, or a landline with its area code");
        return {};
    }
    return std::move(*number);
}

Value id_number_from_json(const Value& json, const FieldSpec&, const Complaint& to) {
    auto number = json.as_text() ? plain_id_number(*json.as_text()) : std::nullopt;
    if (!number) {
        to.add(
            "not_id_number",
            "expected 18 characters with a region, a birthday and a matching check digit, or the "
            "15 of an old card"
        );
        return {};
    }
    return std::move(*number);
}

Value file_from_json(const Value&, const FieldSpec&, const Complaint& to) {
    to.add("upload_file", "files are uploaded to the record's files once it is there");
    return {};
}

Value extra_from_json(const Value& json, const FieldSpec&, const Complaint& to) {
    return json.as_object() ? json : wrong(to, "an object of answers");
}

void text_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.text(*v.as_text());
}
void integer_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.integer(*v.as_int());
}
void decimal_to_json(JsonWriter& out, const Value& v, const FieldSpec& f) {
    out.decimal(*v.as_int(), scale_of(f));
}
void boolean_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.boolean(*v.as_int() != 0);
}
std::string date_to_cell(const Value& v, const FieldSpec&) {
    return to_text(Date{static_cast<std::int32_t>(*v.as_int())});
}
void date_to_json(JsonWriter& out, const Value& v, const FieldSpec& f) {
    out.text(date_to_cell(v, f));
}
std::string instant_to_cell(const Value& v, const FieldSpec&) {
    return to_text(Instant{*v.as_int()});
}
void instant_to_json(JsonWriter& out, const Value& v, const FieldSpec& f) {
    out.text(instant_to_cell(v, f));
}
void ref_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.id(*v.as_int());
}
void choices_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.value(v);
}
void refs_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.begin_list();
    for (const auto& one : *v.as_list()) {
        out.id(*one.as_int());
    }
    out.end_list();
}
void point_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.begin_object();
    out.key("lat");
    out.decimal(*(*v.as_list())[0].as_int(), point_scale);
    out.key("lon");
    out.decimal(*(*v.as_list())[1].as_int(), point_scale);
    out.end_object();
}
void file_to_json(JsonWriter& out, const Value&, const FieldSpec&) {
    out.null();
}
void extra_to_json(JsonWriter& out, const Value& v, const FieldSpec&) {
    out.value(v);
}

std::string text_to_cell(const Value& v, const FieldSpec&) {
    return *v.as_text();
}
std::string integer_to_cell(const Value& v, const FieldSpec&) {
    return std::to_string(*v.as_int());
}
std::string scaled_to_cell(std::int64_t n, int scale) {
    std::string text;
    JsonWriter(text).decimal(n, scale);
    return text;
}
std::string decimal_to_cell(const Value& v, const FieldSpec& f) {
    return scaled_to_cell(*v.as_int(), scale_of(f));
}
std::string boolean_to_cell(const Value& v, const FieldSpec&) {
    return *v.as_int() != 0 ? "是" : "否";
}
std::string list_to_cell(const Value& v, const FieldSpec&) {
    std::string text;
    for (const auto& one : *v.as_list()) {
        text += (text.empty() ? "" : ";") +
                (one.as_text() ? *one.as_text() : std::to_string(*one.as_int()));
    }
    return text;
}
std::string point_to_cell(const Value& v, const FieldSpec&) {
    const auto& list = *v.as_list();
    return scaled_to_cell(*list[0].as_int(), point_scale) + " " +
           scaled_to_cell(*list[1].as_int(), point_scale);
}
std::string file_to_cell(const Value&, const FieldSpec&) {
    return {};
}
std::string extra_to_cell(const Value& v, const FieldSpec&) {
    return to_json(v);
}

Value text_from_cell(std::string_view cell, const FieldSpec&) {
    return cell;
}
Value integer_from_cell(std::string_view cell, const FieldSpec&) {
    std::int64_t n = 0;
    const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), n);
    return failure == std::errc{} && end == cell.data() + cell.size() ? Value(n) : Value(cell);
}
Value boolean_from_cell(std::string_view cell, const FieldSpec&) {
    const bool yes = cell == "是" || cell == "true" || cell == "1" || cell == "yes";
    const bool no = cell == "否" || cell == "false" || cell == "0" || cell == "no";
    return yes ? Value(true) : no ? Value(false) : Value(cell);
}
/// 2025/5/8, as spreadsheets like to write it, is a date too.
Value date_from_cell(std::string_view cell, const FieldSpec&) {
    const auto parts = split(cell, '/');
    if (parts.size() != 3) {
        return cell;
    }
    auto two = [](std::string_view digits) {
        return (digits.size() == 1 ? "0" : "") + std::string(digits);
    };
    return std::string(parts[0]) + "-" + two(parts[1]) + "-" + two(parts[2]);
}
Value list_from_cell(std::string_view cell, const FieldSpec&) {
    std::string text(cell);
    for (const std::string_view wide : {"；", "、", "，", ","}) {
        for (auto at = text.find(wide); at != std::string::npos; at = text.find(wide, at)) {
            text.replace(at, wide.size(), ";");
        }
    }
    Value::List list;
    for (auto part : split(text, ';')) {
        if (auto one = tidy(part); !one.empty()) {
            list.push_back(std::move(one));
        }
    }
    return list;
}
Value point_from_cell(std::string_view cell, const FieldSpec&) {
    const auto parts = split(cell, cell.find(',') == std::string_view::npos ? ' ' : ',');
    if (parts.size() != 2) {
        return cell;
    }
    auto number = [](std::string_view part) -> Value {
        const auto text = tidy(part);
        double v = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), v);
        return failure == std::errc{} && end == text.data() + text.size() ? Value(v) : Value();
    };
    return obj({{"lat", number(parts[0])}, {"lon", number(parts[1])}});
}
Value extra_from_cell(std::string_view cell, const FieldSpec&) {
    try {
        return parse_json(cell);
    } catch (const Refused&) {
        return cell;  // refused by from_json as no object
    }
}

constexpr const char* text_schema = R"({"type":"string"})";
constexpr const char* id_schema = R"({"type":"string","pattern":"^[1-9][0-9]*$"})";
constexpr const char* number_schema = R"({"type":"number"})";

/// In the order of FieldType.
constexpr std::array<FieldRules, 17> rules{{
    {"TEXT", text_schema, false, text_from_json, text_to_json, text_to_cell, text_from_cell},
    {"BIGINT", R"({"type":"integer"})", true, integer_from_json, integer_to_json, integer_to_cell,
     integer_from_cell},
    {"BIGINT", number_schema, true, decimal_from_json, decimal_to_json, decimal_to_cell,
     text_from_cell},
    {"BIGINT", number_schema, true, decimal_from_json, decimal_to_json, decimal_to_cell,
     text_from_cell},
    {"INTEGER", R"({"type":"boolean"})", true, boolean_from_json, boolean_to_json, boolean_to_cell,
     boolean_from_cell},
    {"INTEGER", R"({"type":"string","format":"date"})", true, date_from_json, date_to_json,
     date_to_cell, date_from_cell},
    {"BIGINT", R"({"type":"string","format":"date-time"})", true, instant_from_json,
     instant_to_json, instant_to_cell, text_from_cell},
    {"BIGINT", R"({"type":"integer","minimum":0,"description":"minutes"})", true,
     duration_from_json, integer_to_json, integer_to_cell, integer_from_cell},
    {"TEXT", text_schema, true, choice_from_json, text_to_json, text_to_cell, text_from_cell},
    {"TEXT", R"({"type":"array","items":{"type":"string"}})", true, list_from_json, choices_to_json,
     list_to_cell, list_from_cell},
    {"BIGINT", id_schema, true, ref_from_json, ref_to_json, integer_to_cell, text_from_cell},
    {"TEXT", R"({"type":"array","items":{"type":"string","pattern":"^[1-9][0-9]*$"}})", true,
     list_from_json, refs_to_json, list_to_cell, list_from_cell},
    {"INTEGER",
     R"({"type":"object","properties":{"lat":{"type":"number"},"lon":{"type":"number"}},"required":["lat","lon"]})",
     false, point_from_json, point_to_json, point_to_cell, point_from_cell},
    {"TEXT", text_schema, true, phone_from_json, text_to_json, text_to_cell, text_from_cell},
    {"TEXT", text_schema, true, id_number_from_json, text_to_json, text_to_cell, text_from_cell},
    {"TEXT", R"({"type":"null"})", false, file_from_json, file_to_json, file_to_cell,
     text_from_cell},
    {"TEXT", R"({"type":"object"})", false, extra_from_json, extra_to_json, extra_to_cell,
     extra_from_cell},
}};

}  // namespace

void Complaint::add(std::string code, std::string detail) const {
    problems.push_back({pointer, std::move(code), std::move(detail)});
}

const FieldRules& rules_of(FieldType type) {
    return rules[static_cast<std::size_t>(type)];
}

Shape shape_of(const FieldSpec& field) {
    switch (field.type) {
        case FieldType::file:
            return Shape::none;
        case FieldType::point:
            return Shape::point;
        case FieldType::choices:
        case FieldType::refs:
            return Shape::list;
        case FieldType::ref:
            return Shape::plain;
        case FieldType::extra:  // what a category asks may be sensitive, and is never looked for
            return field.data_class >= catalogue::Class::personal ? Shape::sealed : Shape::plain;
        default:
            return field.data_class == catalogue::Class::sensitive ? Shape::sealed : Shape::plain;
    }
}

bool has_blind(const FieldSpec& field) {
    return shape_of(field) == Shape::sealed && field.type != FieldType::extra;
}

std::size_t most_of(const FieldSpec& field) {
    constexpr std::size_t line = 200, page = 4000, elements = 50, files = 9;
    if (field.max > 0) {
        return static_cast<std::size_t>(field.max);
    }
    switch (field.type) {
        case FieldType::file:
            return files;
        case FieldType::choices:
        case FieldType::refs:
            return elements;
        default:
            return field.multiline ? page : line;
    }
}

std::string pack(const Value& stored) {
    if (stored.as_text()) {
        return *stored.as_text();
    }
    return stored.as_list()   ? list_to_cell(stored, {})
           : stored.is_null() ? std::string()
                              : to_json(stored);
}

Value unpack(std::string_view text, const FieldSpec& field) {
    switch (field.type) {
        case FieldType::choices:
        case FieldType::refs: {
            Value::List list;
            for (auto part : split(text, ';')) {
                list.push_back(
                    field.type == FieldType::refs ? integer_from_cell(part, field) : Value(part)
                );
            }
            return list;
        }
        case FieldType::extra:
            return parse_json(text);
        case FieldType::text:
        case FieldType::phone:
        case FieldType::id_number:
        case FieldType::choice:
            return text;
        default:
            return integer_from_cell(text, field);
    }
}

}  // namespace linli::record
