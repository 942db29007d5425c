// SPDX-License-Identifier: Apache-2.0
// What a city lays over core: never a kind, a field or a column.
#include <algorithm>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

class CityReader {
 public:
    CityReader(const Catalogue& core, const PackFile& file, Mistakes& mistakes)
        : m_core(core), m_reader(file.root, file.path, "city", mistakes), m_mistakes(mistakes) {}

    City read() {
        m_city.place = m_reader.place();
        m_city.name = m_reader.text("city", true);
        m_city.title = m_reader.title("title", humanised(m_city.name));
        m_city.area = m_reader.text("area", true);
        if (!m_city.area.empty() && !area_code(m_city.area)) {
            m_reader.mistake("city: '" + m_city.area + "' is no area code", "12 digits in quotes");
        }
        m_city.calendar = m_reader.text("calendar");
        m_reader.each("titles", false, [&](const Yaml::Member& member) { read_title(member); });
        m_reader.each("limits", false, [&](const Yaml::Member& member) { read_limits(member); });
        m_reader.each("ladders", false, [&](const Yaml::Member& member) { read_ladder(member); });
        m_reader.each("lists", false, [&](const Yaml::Member& member) { read_list(member); });
        m_reader.finish();
        return std::move(m_city);
    }

 private:
    void read_title(const Yaml::Member& member) {
        if (member.value.shape == Yaml::Shape::scalar) {
            m_city.titles[member.key] = {member.value.text, member.value.text};
            return;
        }
        Reader title(member.value, m_reader.file(), "title of '" + member.key + "'", m_mistakes);
        auto zh = title.text("zh", true);
        auto en = title.text("en");
        title.finish();
        m_city.titles[member.key] = {zh, en.empty() ? zh : en};
    }
    void read_limits(const Yaml::Member& member) {
        auto& limits = m_city.limits[member.key];
        if (member.value.shape != Yaml::Shape::map) {
            if (const auto limit = m_reader.limit_of(member.value, member.key)) {
                limits[""] = *limit;
            }
            return;
        }
        for (const auto& one : member.value.members) {
            if (const auto limit = m_reader.limit_of(one.value, one.key)) {
                limits[one.key] = *limit;
            }
        }
    }
    void read_ladder(const Yaml::Member& member) {
        auto& ladder = m_city.ladders[member.key];
        if (member.value.shape != Yaml::Shape::list) {
            m_reader.mistake(
                member.value, "city: the ladder of '" + member.key + "' must be a list"
            );
            return;
        }
        for (const auto& step : member.value.items) {
            ladder.push_back(read_escalation(step, m_reader.file(), m_mistakes));
        }
    }
    void read_list(const Yaml::Member& member) {
        const ChoiceList* core = m_core.list(member.key);
        if (!core) {
            std::vector<std::string> known;
            for (const auto& list : m_core.lists()) {
                known.push_back(list.name);
            }
            m_reader.mistake(
                member.value, "city: core has no list '" + member.key + "'",
                suggest(member.key, known)
            );
            return;
        }
        ChoiceList list = *core;
        list.place = {m_reader.file(), member.line};
        Reader reader(member.value, m_reader.file(), "list '" + member.key + "'", m_mistakes);
        reader.each("add", false, [&](const Yaml::Member& one) {
            if (core->find(one.key)) {
                reader.mistake(
                    one.value, "'" + one.key + "' is in the list already",
                    "use 'change' or another key"
                );
            }
            list.choices.push_back(read_choice(one, core->attributes, reader.file(), m_mistakes));
        });
        reader.each("change", false, [&](const Yaml::Member& one) { change(reader, list, one); });
        for (const auto& key : reader.words("hide")) {
            if (Choice* choice = find(reader, list, key, member.value)) {
                choice->hidden = true;
            }
        }
        reader.finish();
        m_city.lists.emplace(member.key, std::move(list));
    }
    /// Replaces what is named and keeps the rest.
    void change(Reader& reader, ChoiceList& list, const Yaml::Member& member) {
        Choice* choice = find(reader, list, member.key, member.value);
        if (!choice) {
            return;
        }
        auto local = read_choice(member, list.attributes, reader.file(), m_mistakes);
        const bool titled = member.value.shape == Yaml::Shape::scalar || member.value.find("title");
        if (titled) {
            choice->title = local.title;
        }
        if (!local.parent.empty()) {
            choice->parent = local.parent;
        }
        if (!local.questions.empty()) {
            choice->questions = std::move(local.questions);
        }
        for (auto& [key, value] : *local.attributes.as_object()) {
            choice->attributes.set(key, value);
        }
        choice->place = local.place;
    }
    static Choice* find(Reader& reader, ChoiceList& list, const std::string& key, const Yaml& at) {
        std::vector<std::string> known;
        for (auto& choice : list.choices) {
            if (choice.key == key) {
                return &choice;
            }
            known.push_back(choice.key);
        }
        reader.mistake(at, reader.what() + " has no choice '" + key + "'", suggest(key, known));
        return nullptr;
    }

    const Catalogue& m_core;
    Reader m_reader;
    Mistakes& m_mistakes;
    City m_city;
};

bool known_title(const Catalogue& catalogue, const std::string& key) {
    const auto parts = split(key, '.');
    if (parts.size() == 2) {
        return (parts[0] == "role" && catalogue.role(parts[1])) ||
               (parts[0] == "kind" && catalogue.kind(parts[1])) ||
               (parts[0] == "level" && contains(area_levels(), parts[1]));
    }
    const Kind* kind = parts.size() == 3 ? catalogue.kind(parts[1]) : nullptr;
    if (!kind) {
        return false;
    }
    return (parts[0] == "field" && kind->field(parts[2])) ||
           (kind->flow && ((parts[0] == "state" && kind->flow->state(parts[2])) ||
                           (parts[0] == "action" && kind->flow->action(parts[2]))));
}

void check_limits(const Catalogue& catalogue, const City& city, Mistakes& mistakes) {
    for (const auto& [name, limits] : city.limits) {
        const auto dot = name.find('.');
        const Kind* kind = dot == std::string::npos ? nullptr : catalogue.kind(name.substr(0, dot));
        const ClockSpec* clock =
            kind && kind->flow ? kind->flow->clock(name.substr(dot + 1)) : nullptr;
        const auto what = "city '" + city.name + "': ";
        if (!clock) {
            mistakes.push_back(
                {city.place, what + "there is no clock '" + name + "'",
                 "write kind.clock, like request.resolve"}
            );
            continue;
        }
        for (const auto& [key, limit] : limits) {
            if (!clock->limits.contains(key)) {
                std::vector<std::string> known;
                for (const auto& [choice, core] : clock->limits) {
                    known.push_back(choice);
                }
                mistakes.push_back(
                    {city.place,
                     what + (key.empty() ? "'" + name + "' has a limit for each choice"
                                         : "'" + name + "' has no limit for '" + key + "'"),
                     suggest(key, known)}
                );
            }
        }
    }
}

}  // namespace

City read_city(const Catalogue& so_far, const PackFile& file, Mistakes& mistakes) {
    return CityReader(so_far, file, mistakes).read();
}

void check_city(const Catalogue& catalogue, const City& city, Mistakes& mistakes) {
    const auto what = "city '" + city.name + "': ";
    for (const auto& other : catalogue.cities()) {
        if (&other < &city && (other.name == city.name || other.area == city.area)) {
            mistakes.push_back(
                {city.place, what + "the same name or area as in " + other.place.file,
                 "one pack for one area"}
            );
        }
    }
    if (!city.calendar.empty()) {
        std::vector<std::string> known;
        for (const auto& calendar : catalogue.calendars()) {
            known.push_back(calendar->name());
        }
        if (!contains(known, city.calendar)) {
            mistakes.push_back(
                {city.place, what + "unknown calendar '" + city.calendar + "'",
                 suggest(city.calendar, known)}
            );
        }
    }
    for (const auto& [key, title] : city.titles) {
        if (!known_title(catalogue, key)) {
            mistakes.push_back(
                {city.place, what + "'" + key + "' names nothing that has a title",
                 "role.R, kind.K, level.L, field.K.F, state.K.S or action.K.A"}
            );
        }
    }
    check_limits(catalogue, city, mistakes);
    for (const auto& [name, ladder] : city.ladders) {
        const Kind* kind = catalogue.kind(name);
        if (!kind || !kind->flow) {
            mistakes.push_back(
                {city.place, what + "ladder of '" + name + "', which has no flow",
                 "name a kind with a flow"}
            );
        } else {
            check_ladder(catalogue, *kind, *kind->flow, ladder, mistakes);
        }
    }
    std::vector<ChoiceList> lists;
    for (const auto& [name, list] : city.lists) {
        lists.push_back(list);
    }
    check_lists(catalogue, lists, mistakes);
}

}  // namespace linli::catalogue
