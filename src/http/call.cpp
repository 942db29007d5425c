// SPDX-License-Identifier: Apache-2.0
#include "http/call.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/error.hpp"

namespace linli::http {

namespace {

/// All of `text` as a decimal number without sign, or nothing.
std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return n;
}

}  // namespace

bool Caller::may(std::string_view right) const {
    auto at = std::lower_bound(rights.begin(), rights.end(), right);
    return at != rights.end() && *at == right;
}

const std::string* Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) {
            return &value;
        }
    }
    return nullptr;
}

const std::string* Answer::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) {
            return &value;
        }
    }
    return nullptr;
}

store::Tx& Call::tx() const {
    if (!m_tx) {
        throw std::logic_error("this route runs without a transaction");
    }
    return *m_tx;
}

const std::string& Call::param(std::string_view name) const {
    for (const auto& [key, value] : params) {
        if (key == name) {
            return value;
        }
    }
    throw std::logic_error("the route has no parameter " + std::string(name));
}

std::int64_t Call::path_id(std::string_view name) const {
    std::int64_t id = 0;
    if (!parse_id(param(name), id) || id == 0) {
        throw not_found("record");
    }
    return id;
}

std::optional<std::string> Call::query(std::string_view name) const {
    std::optional<std::string> found;
    for (const auto& [key, value] : request.query) {
        if (key != name) {
            continue;
        }
        if (found) {
            throw malformed("query_twice", "give the query parameter " + key + " once only");
        }
        found = value;
    }
    return found;
}

std::vector<std::string> Call::query_all(std::string_view name) const {
    std::vector<std::string> found;
    for (const auto& [key, value] : request.query) {
        if (key == name) {
            found.push_back(value);
        }
    }
    return found;
}

int Call::query_int(std::string_view name, int fallback, int least, int most) const {
    const auto text = query(name);
    if (!text) {
        return fallback;
    }
    const auto n = whole_number(*text);
    if (!n || *n < least || *n > most) {
        throw malformed(
            "query_out_of_range", "the query parameter " + std::string(name) +
                                      " must be a whole number from " + std::to_string(least) +
                                      " to " + std::to_string(most)
        );
    }
    return static_cast<int>(*n);
}

std::int64_t Call::expected_version() const {
    const auto* text = request.header("if-match");
    if (!text) {
        throw version_missing();
    }
    std::optional<std::int64_t> version;
    if (text->size() > 2 && text->front() == '"' && text->back() == '"') {
        version = whole_number(std::string_view(*text).substr(1, text->size() - 2));
    }
    if (!version || *version < 0) {
        throw malformed("version_malformed", "send the version that you read as If-Match: \"7\"");
    }
    return *version;
}

void Call::need_step_up() const {
    if (now > caller.stepped_up_until) {
        throw forbidden("step_up_needed", "give the password again first");
    }
}

}  // namespace linli::http
