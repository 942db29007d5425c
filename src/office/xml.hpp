// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the readers of office XML share. Entities that a document declares are never expanded, and
/// nothing outside the document is read.
#include <cstring>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace linli::office {

constexpr int depth_most = 100;

/// Without the prefix of its namespace.
inline std::string_view local(const char* name) {
    const char* colon = std::strchr(name, ':');
    return colon ? colon + 1 : name;
}
inline pugi::xml_node child(pugi::xml_node of, std::string_view name) {
    return of.find_child([&](pugi::xml_node one) { return local(one.name()) == name; });
}
inline std::string_view attribute(pugi::xml_node of, std::string_view name) {
    return of.find_attribute([&](pugi::xml_attribute one) { return local(one.name()) == name; }
    ).value();
}
inline void load(pugi::xml_document& document, const std::string& xml, const char* what) {
    if (xml.find("<!DOCTYPE") != std::string::npos) {
        throw malformed("document_broken", std::string(what) + " declares a type (DOCTYPE)");
    }
    constexpr auto options = pugi::parse_default | pugi::parse_ws_pcdata_single;
    const auto result = document.load_buffer(xml.data(), xml.size(), options);
    if (!result) {
        throw malformed(
            "document_broken", std::string("the file is damaged: ") + what + ", byte " +
                                   std::to_string(result.offset) + ": " + result.description()
        );
    }
}
inline void check_depth(int depth) {
    if (depth > depth_most) {
        throw malformed("document_broken", "the file is damaged: its parts are nested too deeply");
    }
}

}  // namespace linli::office
