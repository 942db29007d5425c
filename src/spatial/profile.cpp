// SPDX-License-Identifier: Apache-2.0
#include "spatial/profile.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace linli::spatial {

namespace {

const std::vector<std::string> known_keys = {
    "name", "metres_per_minute", "groups", "ways", "open", "closed", "barriers"};

bool has(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool says(const Profile::Words& words, std::string_view key, std::string_view value) {
    return std::any_of(words.begin(), words.end(), [&](const auto& one) {
        return one.first == key && has(one.second, value);
    });
}

std::string line_of(const YAML::Mark& mark) {
    return std::to_string(std::max(mark.line, 0) + 1);
}

class Reader {
 public:
    explicit Reader(std::string file) : m_file(std::move(file)) {}

    Profile read(const YAML::Node& root) const {
        if (!root.IsMap()) {
            throw refuse(root, "profile_malformed", "a profile is a list of `key: value`");
        }
        Profile profile;
        for (const auto& entry : root) {
            take(profile, entry.first.as<std::string>(), entry.first, entry.second);
        }
        if (profile.name.empty() || profile.metres_per_minute == 0 || profile.ways.empty()) {
            throw refuse(root, "profile_incomplete", "name, metres_per_minute and ways are needed");
        }
        return profile;
    }

    Refused refuse(const YAML::Node& where, const char* code, const std::string& detail) const {
        return invalid(m_file + ":" + line_of(where.Mark()), code, detail);
    }

 private:
    void take(
        Profile& profile, const std::string& key, const YAML::Node& where, const YAML::Node& value
    ) const {
        if (key == "name") {
            profile.name = value.as<std::string>();
        } else if (key == "metres_per_minute") {
            profile.metres_per_minute = static_cast<std::uint32_t>(number(value, 10, 300));
        } else if (key == "groups") {
            for (const auto& one : map(value)) {
                const auto speed = static_cast<std::uint32_t>(number(one.second, 10, 300));
                profile.groups.push_back({one.first.as<std::string>(), speed});
            }
        } else if (key == "ways") {
            for (const auto& one : map(value)) {
                profile.ways.emplace_back(one.first.as<std::string>(), number(one.second, 1, 100));
            }
        } else if (key == "open") {
            profile.open = words(value);
        } else if (key == "closed") {
            profile.closed = words(value);
        } else if (key == "barriers") {
            profile.barriers = value.as<std::vector<std::string>>();
        } else {
            const auto meant = nearest(key, known_keys);
            throw refuse(
                where, "unknown_key", key + (meant.empty() ? "" : ": did you mean " + meant + "?")
            );
        }
    }

    const YAML::Node& map(const YAML::Node& node) const {
        if (!node.IsMap()) {
            throw refuse(node, "profile_malformed", "a list of `key: value` is needed");
        }
        return node;
    }

    int number(const YAML::Node& node, int low, int high) const {
        const int value = node.as<int>();
        if (value < low || value > high) {
            throw refuse(
                node, "number_out_of_range",
                "between " + std::to_string(low) + " and " + std::to_string(high)
            );
        }
        return value;
    }

    Profile::Words words(const YAML::Node& node) const {
        Profile::Words out;
        for (const auto& one : map(node)) {
            out.emplace_back(
                one.first.as<std::string>(), one.second.as<std::vector<std::string>>()
            );
        }
        return out;
    }

    std::string m_file;
};

}  // namespace

std::optional<int> Profile::percent(std::string_view highway) const {
    for (const auto& [name_of_way, value] : ways) {
        if (name_of_way == highway) {
            return value;
        }
    }
    return std::nullopt;
}

Profile read_profile(std::string_view yaml, const std::string& file) {
    const Reader reader(file);
    try {
        return reader.read(YAML::Load(std::string(yaml)));
    } catch (const YAML::Exception& wrong) {
        throw invalid(file + ":" + line_of(wrong.mark), "profile_malformed", wrong.msg);
    }
}

Profile load_profile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw invalid(file.string(), "file_unreadable", "the walking profile cannot be read");
    }
    std::stringstream text;
    text << in.rdbuf();
    return read_profile(text.str(), file.string());
}

std::uint32_t limit_for(const Profile& profile, std::string_view group, std::uint32_t minutes) {
    auto speed = profile.metres_per_minute;
    if (!group.empty()) {
        const auto found =
            std::find_if(profile.groups.begin(), profile.groups.end(), [&](const auto& g) {
                return g.name == group;
            });
        if (found == profile.groups.end()) {
            throw invalid(
                "group", "unknown_group", "the profile has no group " + std::string(group)
            );
        }
        speed = found->metres_per_minute;
    }
    return static_cast<std::uint32_t>(
        std::uint64_t{minutes} * 60'000 * speed / profile.metres_per_minute
    );
}

void Tags::clear() {
    m_percent = 0;
    m_open = m_closed = m_gate = m_barrier = false;
}

void Tags::add(std::string_view key, std::string_view value) {
    if (key == "highway") {
        m_percent = m_profile.percent(value).value_or(0);
    } else if (key == "barrier") {
        m_gate = true;
        m_barrier = has(m_profile.barriers, value);
    } else if (says(m_profile.open, key, value)) {
        m_open = true;
    } else if (says(m_profile.closed, key, value)) {
        m_closed = true;
    }
}

int Tags::way_percent() const {
    return m_closed && !m_open ? 0 : m_percent;
}

bool Tags::blocks() const {
    return m_gate && !m_open && (m_barrier || m_closed);
}

}  // namespace linli::spatial
