// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/json.hpp"
#include "base/time.hpp"

namespace linli::log {
namespace {

constexpr const char* level_names[] = {"debug", "info", "warning", "error"};

spdlog::level::level_enum level_of(Level level) {
    constexpr spdlog::level::level_enum levels[] = {
        spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
    return levels[static_cast<std::size_t>(level)];
}

spdlog::logger& logger() {
    static spdlog::logger instance = [] {
        spdlog::logger made("linli", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%v");
        made.set_level(spdlog::level::info);
        return made;
    }();
    return instance;
}

/// "password", also "Password" and "new_password".
bool secret_name(std::string_view name) {
    constexpr std::string_view words[] = {"password", "token", "secret", "cookie", "authorization"};
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    return std::any_of(std::begin(words), std::end(words), [&](auto word) {
        return lower.ends_with(word) &&
               (lower.size() == word.size() || lower[lower.size() - word.size() - 1] == '_');
    });
}

void write_members(JsonWriter& out, const Value::Object& members);

void write_value(JsonWriter& out, const Value& value) {
    if (const auto* object = value.as_object()) {
        out.begin_object();
        write_members(out, *object);
        out.end_object();
    } else if (const auto* list = value.as_list()) {
        out.begin_list();
        for (const auto& one : *list) {
            write_value(out, one);
        }
        out.end_list();
    } else {
        out.value(value);
    }
}

void write_members(JsonWriter& out, const Value::Object& members) {
    for (const auto& [name, value] : members) {
        out.key(name);
        secret_name(name) ? out.text("***") : write_value(out, value);
    }
}

}  // namespace

std::string line(Level level, Instant at, std::string_view event, const Value& members) {
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("time");
    out.text(to_text(at));
    out.key("level");
    out.text(level_names[static_cast<std::size_t>(level)]);
    out.key("event");
    out.text(event);
    if (const auto* object = members.as_object()) {
        write_members(out, *object);
    }
    out.end_object();
    return text;
}

void set_level(Level level) {
    logger().set_level(level_of(level));
}

void write(Level level, std::string_view event, const Value& members) {
    if (!logger().should_log(level_of(level))) {
        return;
    }
    const auto text = line(level, SystemTime().now(), event, members);
    logger().log(level_of(level), spdlog::string_view_t(text.data(), text.size()));
    logger().flush();
}

}  // namespace linli::log
