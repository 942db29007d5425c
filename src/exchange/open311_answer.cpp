// SPDX-License-Identifier: Apache-2.0
#include "exchange/open311_answer.hpp"

#include <map>

#include "base/json.hpp"

namespace linli::exchange {

namespace {

/// What one entry of a list is called.
const char* entry_of(const std::string& list) {
    static const std::map<std::string, const char*> names{
        {"services", "service"},
        {"attributes", "attribute"},
        {"values", "value"},
        {"service_requests", "request"},
        {"service_request_updates", "request_update"},
        {"endpoints", "endpoint"},
        {"formats", "format"},
        {"errors", "error"}};
    const auto found = names.find(list);
    return found == names.end() ? "item" : found->second;
}

void write_text(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '&') {
            out += "&amp;";
        } else if (byte >= 0x20 || c == '\n' || c == '\t') {
            out += c;
        }
    }
}

void write_element(std::string& out, const std::string& name, const Value& value) {
    if (value.is_null()) {
        out += "<" + name + "/>";
        return;
    }
    out += "<" + name + ">";
    if (const auto* list = value.as_list()) {
        for (const auto& one : *list) {
            write_element(out, entry_of(name), one);
        }
    } else if (const auto* object = value.as_object()) {
        for (const auto& [key, member] : *object) {
            write_element(out, key, member);
        }
    } else if (const auto* text = value.as_text()) {
        write_text(out, *text);
    } else {
        out += to_json(value);
    }
    out += "</" + name + ">";
}

/// GeoReport knows 400, 403 and 404; what is about the server or its limits keeps its own.
int status_of(const Refused& refused) {
    switch (refused.status) {
        case 401:
        case 403:
            return 403;
        case 409:
        case 412:
        case 415:
        case 422:
        case 428:
            return 400;
        default:
            return refused.status;
    }
}

}  // namespace

std::string to_xml(const std::string& root, const Value& value) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    write_element(out, root, value);
    return out;
}

http::Answer answer(Format format, const std::string& root, const Value& value, int status) {
    http::Answer made;
    made.status = status;
    made.type =
        format == Format::json ? "application/json; charset=utf-8" : "text/xml; charset=utf-8";
    made.body = format == Format::json ? to_json(value) : to_xml(root, value);
    return made;
}

http::Answer errors(
    Format format, const Refused& refused,
    const std::function<std::string(const std::string& pointer)>& word_of
) {
    const int status = status_of(refused);
    Value::List list;
    for (const auto& problem : refused.problems) {
        list.push_back(obj(
            {{"code", status}, {"description", word_of(problem.pointer) + ": " + problem.detail}}
        ));
    }
    if (list.empty()) {
        list.push_back(obj(
            {{"code", status},
             {"description", refused.code + (refused.detail.empty() ? "" : ": " + refused.detail)}}
        ));
    }
    auto made = answer(format, "errors", list, status);
    if (refused.retry_after) {
        made.headers.emplace_back("Retry-After", std::to_string(*refused.retry_after));
    }
    return made;
}

}  // namespace linli::exchange
