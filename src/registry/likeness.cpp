// SPDX-License-Identifier: Apache-2.0
#include "registry/likeness.hpp"

#include <algorithm>
#include <cmath>

namespace linli::registry {

namespace {

// What is expected among duplicates and among others, in bits.
constexpr float number_agrees = 40, number_disagrees = -8, number_lacking = 2, birth_agrees = 14,
                birth_turned = 8, birth_close = 5, birth_disagrees = -7, sex_agrees = 1,
                sex_disagrees = -5, phone_agrees = 10, phone_disagrees = -1, household_agrees = 6,
                dwelling_agrees = 6, namesake_at_home = 7, sound_costs = 2, look_costs = 3,
                near_name = 2, near_name_in_family = -7, short_name = 5, short_name_in_family = 1,
                other_name = -12;
/// How many of a register are entered twice, about: one in fifty.
constexpr double share = 0.02;
/// Where so many have a number, one without is more often a second entry.
constexpr double usual = 0.8;

using Counts = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

Counts counted(std::vector<std::uint64_t> keys) {
    std::sort(keys.begin(), keys.end());
    Counts counts;
    for (const auto key : keys) {
        if (counts.empty() || counts.back().first != key) {
            counts.push_back({key, 0});
        }
        ++counts.back().second;
    }
    return counts;
}

bool shared(const Sounds& a, const Sounds& b) {
    for (const auto one : a) {
        if (one != 0 && std::find(b.begin(), b.end(), one) != b.end()) {
            return true;
        }
    }
    return false;
}

/// Day and month written in the other order, or one digit of eight wrong, or the year alone.
Mark birth_mark(Date a, Date b) {
    if (a == b) {
        return Mark::birth_same;
    }
    const auto x = civil(a), y = civil(b);
    if (x.year == y.year && x.month == y.day && x.day == y.month) {
        return Mark::birth_swapped;
    }
    const auto digits = [](const YearMonthDay& d) {
        return std::array{
            d.year / 1000,
            d.year / 100 % 10,
            d.year / 10 % 10,
            d.year % 10,
            static_cast<int>(d.month / 10),
            static_cast<int>(d.month % 10),
            static_cast<int>(d.day / 10),
            static_cast<int>(d.day % 10)};
    };
    const auto p = digits(x), q = digits(y);
    int wrong = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        wrong += p[i] != q[i] ? 1 : 0;
    }
    return wrong == 1 ? Mark::birth_near : Mark::birth_differs;
}

/// One of them with a single character less, in the same order.
bool one_left_out(const Name& a, const Name& b) {
    const auto& longer = a.size > b.size ? a : b;
    const auto& shorter = a.size > b.size ? b : a;
    if (longer.size != shorter.size + 1 || shorter.size < 2) {
        return false;
    }
    std::size_t k = 0;
    for (std::size_t i = 0; i < longer.size && k < shorter.size; ++i) {
        k += longer.characters[i] == shorter.characters[k] ? 1 : 0;
    }
    return k == shorter.size;
}

}  // namespace

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    std::uint64_t z = a * 0x9E3779B97F4A7C15ull + b + 0x632BE59BD9B4E019ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (z ^ (z >> 31)) | 1;
}

std::uint64_t name_key(const Name& name) {
    std::uint64_t key = name.size;
    for (std::size_t i = 0; i < name.size; ++i) {
        key = mixed(key, name.characters[i]);
    }
    return key;
}

std::uint64_t sound_key(const Person& one, std::size_t from, bool turned) {
    std::uint64_t key = one.name.size;
    for (std::size_t i = from; i < one.name.size; ++i) {
        const auto& sounds = one.sounds[i];
        key = mixed(key, i == from && turned && sounds[1] != 0 ? sounds[1] : sounds[0]);
    }
    return key;
}

Population::Population(std::vector<Person>& people, const Readings& readings)
    : m_readings(readings), m_size(static_cast<double>(std::max<std::size_t>(2, people.size()))) {
    std::unordered_map<char32_t, Sounds> known;
    std::vector<std::uint64_t> names, sounds;
    std::size_t numbered = 0;
    names.reserve(people.size());
    sounds.reserve(people.size());
    for (auto& one : people) {
        for (std::size_t i = 0; i < one.name.size; ++i) {
            const auto c = one.name.characters[i];
            auto found = known.find(c);
            if (found == known.end()) {
                found = known.emplace(c, readings.sounds(c)).first;
            }
            one.sounds[i] = found->second;
        }
        numbered += one.number != 0 ? 1 : 0;
        names.push_back(name_key(one.name));
        sounds.push_back(sound_key(one));
    }
    m_numbered = static_cast<double>(numbered) > usual * m_size;
    m_names = counted(std::move(names));
    m_sounds = counted(std::move(sounds));
}

float Population::bits_of(const Counts& counts, std::uint64_t key, float least, float most) const {
    const auto found =
        std::lower_bound(counts.begin(), counts.end(), std::pair{key, std::uint32_t{0}});
    const double times = found != counts.end() && found->first == key ? found->second : 1;
    return std::clamp(static_cast<float>(std::log2(m_size / times)), least, most);
}

/// Of one family the surname says nothing, and sisters and brothers often share a character.
void Population::compare_names(const Person& a, const Person& b, bool family, Likeness& to) const {
    constexpr float least = 4, most = 18;
    if (a.name == b.name) {
        to.add(Mark::name_same, bits_of(m_names, name_key(a.name), least, most));
        return;
    }
    std::size_t unlike = 0, last = 0;
    const bool as_long = a.name.size == b.name.size;
    for (std::size_t i = 0; as_long && i < a.name.size; ++i) {
        if (a.name.characters[i] != b.name.characters[i] && !shared(a.sounds[i], b.sounds[i])) {
            ++unlike;
            last = i;
        }
    }
    const float sounding = bits_of(m_sounds, sound_key(a), least, most);
    if (as_long && unlike == 0) {
        to.add(Mark::name_sounds, sounding - sound_costs);
    } else if (as_long && unlike == 1 && m_readings.look_alike(a.name.characters[last], b.name.characters[last])) {
        to.add(Mark::name_looks, sounding - look_costs);
    } else if (as_long && unlike == 1 && a.name.size > 2) {
        to.add(Mark::name_near, family ? near_name_in_family : near_name);
    } else if (one_left_out(a.name, b.name)) {
        to.add(Mark::name_near, family ? short_name_in_family : short_name);
    } else {
        to.add(Mark::name_differs, other_name);
    }
}

Likeness Population::compare(const Person& a, const Person& b) const {
    Likeness to;
    to.score = static_cast<float>(std::log2(2 * share / m_size));
    const bool household = a.household != 0 && a.household == b.household;
    const bool dwelling = a.dwelling != 0 && a.dwelling == b.dwelling;
    const bool family = household || dwelling;
    if (a.number != 0 && b.number != 0) {
        a.number == b.number ? to.add(Mark::number_same, number_agrees)
                             : to.add(Mark::number_differs, number_disagrees);
    } else if (m_numbered && a.number != b.number) {
        to.add(Mark::number_missing, number_lacking);
    }
    compare_names(a, b, family, to);
    switch (const auto mark = birth_mark(a.birth, b.birth)) {
        case Mark::birth_same:
            to.add(mark, birth_agrees);
            break;
        case Mark::birth_swapped:
            to.add(mark, birth_turned);
            break;
        case Mark::birth_near:
            to.add(mark, birth_close);
            break;
        default:
            to.add(mark, birth_disagrees);
    }
    if (a.sex != 0 && b.sex != 0) {
        a.sex == b.sex ? to.add(Mark::sex_same, sex_agrees)
                       : to.add(Mark::sex_differs, sex_disagrees);
    }
    if (a.phone != 0 && b.phone != 0 && !(family && a.phone == b.phone)) {
        a.phone == b.phone ? to.add(Mark::phone_same, phone_agrees)
                           : to.add(Mark::phone_differs, phone_disagrees);
    }
    // Hardly any two of a family bear one name.
    const float at_home = a.name == b.name ? namesake_at_home : 0;
    if (household) {
        to.add(Mark::household_same, household_agrees + at_home);
    } else if (dwelling) {
        to.add(Mark::dwelling_same, dwelling_agrees + at_home);
    }
    return to;
}

}  // namespace linli::registry
