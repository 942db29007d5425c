// SPDX-License-Identifier: Apache-2.0
#include "record/evidence.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "record/file.hpp"

namespace linli::record {

namespace {

constexpr std::size_t words_most = 1000;

template <class T>
Id<T> file_id(const Value& json, const std::string& pointer, Problems& problems) {
    Id<T> id;
    if (!json.as_text() || !parse_id(*json.as_text(), id.value) || !id) {
        problems.push_back({pointer, "wrong_type", "expected an id (a decimal string)"});
        id = {};
    }
    return id;
}

Value place_input(const Value& json, Problems& problems) {
    FieldSpec point;
    point.name = "place";
    point.type = FieldType::point;
    const auto& rules = rules_of(point.type);
    const auto stored =
        json.is_null() ? Value() : rules.from_json(json, point, {problems, "/evidence/place"});
    if (stored.is_null()) {
        return {};
    }
    std::string text;
    JsonWriter out(text);
    rules.to_json(out, stored, point);
    return parse_json(text);
}

}  // namespace

Value evidence_input(const Context& c, RecordId record, const Value& json, Problems& problems) {
    if (!json.as_object()) {
        problems.push_back({"/evidence", "wrong_type", "expected an object with note and files"});
        return {};
    }
    Value evidence(Value::Object{});
    for (const auto& [key, value] : *json.as_object()) {
        if ((key == "note" || key == "word") && (value.as_text() || value.is_null())) {
            auto words = value.is_null() ? std::string() : tidy(*value.as_text(), true);
            if (characters(words) > words_most) {
                problems.push_back({"/evidence/" + key, "too_long", "at most 1000 characters"});
            } else if (!words.empty()) {
                evidence.set(key, std::move(words));
            }
        } else if (key == "place") {
            if (auto place = place_input(value, problems); !place.is_null()) {
                evidence.set("place", std::move(place));
            }
        } else if (key == "files" && value.as_list()) {
            const auto files = find_files(c.tx, record);
            Value::List kept;
            for (std::size_t i = 0; i < value.as_list()->size(); ++i) {
                const auto pointer = "/evidence/files/" + std::to_string(i);
                const auto id = file_id<FileRow>((*value.as_list())[i], pointer, problems);
                const bool there = std::any_of(files.begin(), files.end(), [&](const FileRow& f) {
                    return f.id == id.value;
                });
                if (id && !there) {
                    problems.push_back({pointer, "file_not_found", "upload it to this record first"}
                    );
                }
                kept.emplace_back(std::to_string(id.value));
            }
            if (!kept.empty()) {
                evidence.set("files", std::move(kept));
            }
        } else {
            problems.push_back(
                {"/evidence/" + key, "wrong_type",
                 "expected note, word (texts), place (a point) and files (a list of ids)"}
            );
        }
    }
    return evidence.as_object()->empty() ? Value() : evidence;
}

void demand_proof(const Value& evidence, Problems& problems) {
    if (evidence.find("word")) {
        return;
    }
    if (!evidence.find("files")) {
        problems.push_back(
            {"/evidence", "proof_missing", "add a photo, or what the resident said (word)"}
        );
    } else if (!evidence.find("place")) {
        problems.push_back({"/evidence/place", "required", "say where the photo was taken"});
    }
}

}  // namespace linli::record
