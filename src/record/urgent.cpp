// SPDX-License-Identifier: Apache-2.0
// Which requests go first under load: urgent orders, recognised before anything is looked up.
#include "base/json.hpp"
#include "record/engine_impl.hpp"

namespace linli::record {

namespace {

constexpr std::size_t looked_into = 8 * 1024;  ///< a larger body waits like any other

bool marks_urgency(const Core& core, const KindTable& table, const Value& fields) {
    for (const auto& field : table.kind->fields) {
        const auto* value = fields.find(field.name);
        if (!value) {
            continue;
        }
        const bool said = field.name == "urgent" && value->as_bool() && *value->as_bool();
        const auto* key = field.type == FieldType::choice ? value->as_text() : nullptr;
        if (said || (key && urgent_choice(*core.parts.catalogue, field, *key, ""))) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool Engine::sounds_urgent(const http::Request& request, const http::Route& route) const {
    if (route.method != "POST" || route.path != "/api/records/{kind}" ||
        request.body.size() > looked_into) {
        return false;
    }
    const auto& core = m_impl->core;
    const auto found =
        core.by_name.find(std::string_view(request.path).substr(request.path.rfind('/') + 1));
    if (found == core.by_name.end()) {
        return false;
    }
    try {
        const auto body = parse_json(request.body);
        const auto* fields = body.find("fields");
        return fields && marks_urgency(core, *found->second, *fields);
    } catch (const Refused&) {
        return false;  // the handler will say what is wrong with it
    }
}

}  // namespace linli::record
