// SPDX-License-Identifier: Apache-2.0
// The schema that editors use and the loader know the same keys: every shipped file fits it, and a
// strange key does not.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "catalogue/yaml.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

/// As much of JSON Schema as format_schema() uses.
class Validator {
 public:
    explicit Validator(const Value& root) : m_root(root) {}

    bool fits(const Value& schema, const Value& value) const {
        if (const auto* ref = schema.find("$ref")) {
            const auto name = ref->as_text()->substr(std::string("#/definitions/").size());
            return fits(*m_root.find("definitions")->find(name), value);
        }
        for (const char* key : {"oneOf", "anyOf"}) {
            const auto* all = schema.find(key);
            if (all &&
                std::none_of(all->as_list()->begin(), all->as_list()->end(), [&](const Value& one) {
                    return fits(one, value);
                })) {
                return false;
            }
        }
        if (const auto* all = schema.find("enum")) {
            const auto& list = *all->as_list();
            return std::find(list.begin(), list.end(), value) != list.end();
        }
        return type_fits(schema.text_or("type"), value) && parts_fit(schema, value);
    }

 private:
    static bool type_fits(const std::string& type, const Value& value) {
        return type.empty() || (type == "object" && value.as_object()) ||
               (type == "array" && value.as_list()) || (type == "boolean" && value.as_bool()) ||
               (type == "integer" && value.as_int()) ||
               (type == "number" && (value.as_int() || value.as_double())) ||
               (type == "null" && value.is_null()) || (type == "string" && value.as_text());
    }
    bool parts_fit(const Value& schema, const Value& value) const {
        if (const auto* list = value.as_list(); list && schema.find("items")) {
            return std::all_of(list->begin(), list->end(), [&](const Value& item) {
                return fits(*schema.find("items"), item);
            });
        }
        const auto* members = value.as_object();
        if (!members) {
            return true;
        }
        if (const auto* required = schema.find("required")) {
            for (const auto& key : *required->as_list()) {
                if (!value.find(*key.as_text())) {
                    return false;
                }
            }
        }
        const auto* properties = schema.find("properties");
        const auto* others = schema.find("additionalProperties");
        return std::all_of(members->begin(), members->end(), [&](const auto& member) {
            if (const auto* property = properties ? properties->find(member.first) : nullptr) {
                return fits(*property, member.second);
            }
            return !others ||
                   (others->as_bool() ? *others->as_bool() : fits(*others, member.second));
        });
    }
    const Value& m_root;
};

Value read_pack_file(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    Mistakes mistakes;
    const auto yaml = parse_yaml(text.str(), path.string(), mistakes);
    REQUIRE(yaml);
    return to_value(*yaml);
}

}  // namespace

TEST_CASE("every shipped file fits the schema that editors use") {
    const auto schema = parse_json(format_schema());
    const Validator validator(schema);
    int files = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(LINLI_SOURCE_DIR "/catalogue")) {
        if (entry.path().extension() != ".yaml") {
            continue;
        }
        ++files;
        CAPTURE(entry.path().string());
        auto value = read_pack_file(entry.path());
        CHECK(validator.fits(schema, value));
        value.set("no_such_key", 1);
        CHECK_FALSE(validator.fits(schema, value));
    }
    CHECK(files >= 12);
}
