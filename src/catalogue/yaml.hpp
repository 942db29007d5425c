// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A YAML file as a tree that knows its lines. Internal to this room; the only place that knows the
/// YAML library is yaml.cpp. Anchors, aliases, tags and several documents in a file are refused: a
/// pack is plain data.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/value.hpp"
#include "catalogue/catalogue.hpp"

namespace linli::catalogue {

struct Yaml {
    enum class Shape { null, scalar, list, map };
    struct Member;
    Shape shape = Shape::null;
    std::string text;     ///< scalar
    bool quoted = false;  ///< scalar written in quotes: always a text
    int line = 0;
    std::vector<Yaml> items;      ///< list
    std::vector<Member> members;  ///< map, in order, keys unique
    const Yaml* find(std::string_view key) const;
};
struct Yaml::Member {
    std::string key;
    int line = 0;
    Yaml value;
};

using Mistakes = std::vector<Mistake>;

/// Nothing if the text is no YAML that we take; the reason is then in `mistakes`. Never throws.
std::optional<Yaml> parse_yaml(
    const std::string& text, const std::string& file, Mistakes& mistakes
);

/// Plain scalars become null, bool, integer or number; quoted ones stay texts.
Value to_value(const Yaml&);
/// 0, 12, -3; nothing for "012", "1e3" or what does not fit.
std::optional<std::int64_t> to_integer(std::string_view);

}  // namespace linli::catalogue
