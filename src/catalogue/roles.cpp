// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

const std::vector<std::string> faces{"resident", "field", "desk", "board", "kiosk", "admin"};

bool right_word(std::string_view word) {
    const auto dot = word.find('.');
    return dot != std::string_view::npos && plain_name(word.substr(0, dot)) &&
           plain_name(word.substr(dot + 1));
}

}  // namespace

Role read_role(const Yaml::Member& member, const std::string& file, Mistakes& mistakes) {
    Reader reader(member.value, file, "role '" + member.key + "'", mistakes);
    Role role;
    role.name = member.key;
    role.place = {file, member.line};
    role.title = reader.title("title", humanised(member.key));
    role.face = reader.text("face", true);
    role.levels = reader.words("levels", true);
    role.unit = reader.flag("unit");
    role.staff = !reader.take("staff") || reader.flag("staff");
    role.rights = reader.words("rights");
    role.excludes = reader.words("excludes");
    role.second_factor = reader.flag("second_factor");
    if (!plain_name(role.name) || contains(actor_words(), role.name)) {
        reader.mistake(
            "'" + role.name + "' cannot be the name of a role", "lower-case words joined by _"
        );
    }
    if (!role.face.empty() && !contains(faces, role.face)) {
        reader.mistake(
            reader.what() + ": unknown face '" + role.face + "'", suggest(role.face, faces)
        );
    }
    for (const auto& level : role.levels) {
        if (!contains(area_levels(), level)) {
            reader.mistake(
                reader.what() + ": unknown level '" + level + "'", suggest(level, area_levels())
            );
        }
    }
    for (const auto& right : role.rights) {
        if (!right_word(right)) {
            reader.mistake(
                reader.what() + ": '" + right + "' is no right", "write it like 'account.manage'"
            );
        }
    }
    reader.finish();
    return role;
}

void check_roles(const Catalogue& catalogue, Mistakes& mistakes) {
    std::vector<std::string> known;
    for (const auto& role : catalogue.roles()) {
        known.push_back(role.name);
    }
    for (const auto& role : catalogue.roles()) {
        for (const auto& other : role.excludes) {
            if (other == role.name) {
                mistakes.push_back(
                    {role.place, "role '" + role.name + "' excludes itself", "take it out"}
                );
            } else if (!catalogue.role(other)) {
                mistakes.push_back(
                    {role.place, "role '" + role.name + "' excludes unknown role '" + other + "'",
                     suggest(other, known)}
                );
            }
        }
    }
}

}  // namespace linli::catalogue
