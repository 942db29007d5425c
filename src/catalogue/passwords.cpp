// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "catalogue/pack.hpp"

namespace linli::catalogue {

PasswordProfile read_password_profile(
    const Yaml::Member& member, const std::string& file, Mistakes& mistakes
) {
    Reader reader(member.value, file, "password profile '" + member.key + "'", mistakes);
    PasswordProfile profile;
    const auto number = [&](const char* key, int& to, int least, int most) {
        to = static_cast<int>(reader.integer(key, least, most).value_or(to));
    };
    const auto flag = [&](const char* key, bool& to) {
        to = reader.take(key) ? reader.flag(key) : to;
    };
    profile.name = member.key;
    profile.place = {file, member.line};
    profile.title = reader.title("title", humanised(member.key));
    number("least", profile.least, 8, 64);
    number("most", profile.most, 64, 128);
    number("kinds", profile.kinds, 0, 4);
    number("days", profile.days, 0, 3650);
    number("history", profile.history, 0, password_history_limit);
    flag("common", profile.common);
    flag("local", profile.local);
    if (!plain_name(profile.name)) {
        reader.mistake(
            "'" + profile.name + "' cannot be the name of a profile", "lower-case words joined by _"
        );
    }
    reader.finish();
    return profile;
}

const PasswordProfile* Catalogue::password_profile(std::string_view name) const {
    const auto wanted = name.empty() ? std::string_view(m_password_choice) : name;
    const auto found =
        std::find_if(m_password_profiles.begin(), m_password_profiles.end(), [&](const auto& one) {
            return one.name == wanted;
        });
    return found == m_password_profiles.end() ? nullptr : &*found;
}

}  // namespace linli::catalogue
