// SPDX-License-Identifier: Apache-2.0
#pragma once
/// JSON text in and out. Strict: UTF-8, no duplicate keys, bounded depth and size (C38).
#include <cstdint>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace linli {

struct JsonLimits {
    std::size_t bytes = 1 << 20;
    int depth = 64;
    std::size_t members = 10'000;  ///< of one object
};

/// Throws `malformed` ("json_malformed", "json_too_deep", "json_duplicate_key", "json_not_utf8") or
/// `too_large`.
Value parse_json(std::string_view text, const JsonLimits& limits = {});
std::string to_json(const Value&);
std::string to_json_pretty(const Value&);  ///< two spaces, for files that people read

/// Appends JSON to a string; commas are its business. No check that begin and end match beyond an
/// assert.
class JsonWriter {
 public:
    explicit JsonWriter(std::string& out) : m_out(out) {}
    void begin_object();
    void end_object();
    void begin_list();
    void end_list();
    void key(std::string_view);
    void null();
    void boolean(bool);
    void integer(std::int64_t);
    void number(double);  ///< null if not finite
    void text(std::string_view);
    void id(std::int64_t);                         ///< decimal string; null if 0
    void decimal(std::int64_t scaled, int scale);  ///< 1234, 2 -> 12.34
    void value(const Value&);
    void raw(std::string_view json);  ///< already JSON

 private:
    void separate();
    std::string& m_out;
    bool m_first = true;
    bool m_after_key = false;
};

}  // namespace linli
