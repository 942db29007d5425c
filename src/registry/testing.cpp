// SPDX-License-Identifier: Apache-2.0
#include "registry/testing.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <unordered_set>

#include "base/csv.hpp"
#include "record/personal.hpp"

namespace linli::registry::testing {

namespace {

// How often a person is entered twice, and what then happens to each fact.
constexpr double twice = 0.04;
constexpr double number_left_out = 0.45, number_old = 0.2, number_other = 0.03;
constexpr double name_sounds = 0.12, name_looks = 0.05, name_typo = 0.05, name_short = 0.03;
constexpr double birth_swapped = 0.03, birth_digit = 0.05, birth_other = 0.02;
constexpr double phone_left_out = 0.25, phone_other = 0.3;
constexpr double moved = 0.5, nowhere = 0.05;
// Of those who are entered once.
constexpr double has_number = 0.97, has_phone = 0.85, child_has_parents_phone = 0.5, twins = 0.02,
                 generation_name = 0.4;
constexpr std::int32_t today = 20'000;  ///< days

class Dice {
 public:
    explicit Dice(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next() { return m_state = mixed(m_state, 0x51ED2701) + 2; }
    int below(int n) { return static_cast<int>((next() >> 11) % static_cast<std::uint64_t>(n)); }
    bool chance(double p) { return static_cast<double>(next() >> 11) * 0x1.0p-53 < p; }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
    }

 private:
    std::uint64_t m_state;
};

struct Names {
    std::vector<Name> surnames;
    std::vector<int> until;
    std::vector<char32_t> given[2];  ///< female, male
    explicit Names(const std::filesystem::path& table) {
        std::ifstream file(table, std::ios::binary);
        if (!file) {
            throw std::runtime_error("no names in " + table.string());
        }
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        int total = 0;
        CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
            const auto name = line > 1 ? read_name(cells.at(1)) : Name{};
            if (line > 1 && cells[0] == "surname") {
                surnames.push_back(name);
                until.push_back(total += std::stoi(cells.at(2)));
            } else if (line > 1) {
                given[cells[0] == "male" ? 1 : 0].push_back(name.characters[0]);
            }
        });
        reader.feed(text);
        reader.finish();
    }
    const Name& surname(Dice& dice) const {
        const auto at = std::upper_bound(until.begin(), until.end(), dice.below(until.back()));
        return surnames[static_cast<std::size_t>(at - until.begin())];
    }
};

void append(Name& name, char32_t c) {
    if (name.size < Name::most) {
        name.characters[name.size++] = c;
    }
}

std::uint64_t digest(const std::string& text) {
    std::uint64_t key = 7;
    for (const char c : text) {
        key = mixed(key, static_cast<unsigned char>(c));
    }
    return key;
}

class Maker {
 public:
    Maker(const std::filesystem::path& catalogue, const Readings& readings, std::uint64_t seed)
        : m_names(catalogue / "demo" / "people.csv"), m_dice(seed) {
        for (char32_t c = 0x4E00; c < 0x9FA6; ++c) {
            m_by_sound[readings.sounds(c)[0]].push_back(c);
        }
        for (const auto& list : m_names.given) {
            for (const auto c : list) {
                m_sounds[c] = readings.sounds(c)[0];
            }
        }
        for (const auto& one : m_names.surnames) {
            m_sounds[one.characters[0]] = readings.sounds(one.characters[0])[0];
        }
        for (const auto& [c, sound] : m_sounds) {
            for (const auto other : m_names.given[0]) {
                if (readings.look_alike(c, other)) {
                    m_looks[c].push_back(other);
                }
            }
        }
    }

    Gold make(int persons) {
        while (static_cast<int>(m_gold.people.size()) < persons) {
            family();
        }
        const auto once = m_gold.people.size();
        for (std::uint32_t i = 0; i < once; ++i) {
            if (m_dice.chance(twice)) {
                enter_again(i);
            }
        }
        return std::move(m_gold);
    }

 private:
    void family() {
        const int size = 1 + m_dice.below(5);
        const std::int64_t household = ++m_households;
        const auto& surname = m_names.surname(m_dice);
        const auto shared = m_dice.pick(m_names.given[m_dice.below(2)]);
        const bool generation = m_dice.chance(generation_name);
        std::int32_t last_birth = 0;
        std::uint64_t parents_phone = 0;
        for (int i = 0; i < size; ++i) {
            const bool child = i >= 2;
            Person one;
            one.sex = static_cast<std::int8_t>(1 + m_dice.below(2));
            one.name = i == 1 ? m_names.surname(m_dice) : surname;
            if (child && generation) {
                append(one.name, shared);
            } else if (m_dice.chance(0.8)) {
                append(one.name, given(one.sex));
            }
            append(one.name, given(one.sex));
            one.birth.days =
                today - (child ? m_dice.below(365 * 25) : 365 * 22 + m_dice.below(365 * 65));
            if (child && i > 2 && m_dice.chance(twins)) {
                one.birth.days = last_birth;
            }
            last_birth = one.birth.days;
            one.household = household;
            one.dwelling = household + 1'000'000'000;
            const auto number = number_of(one);
            one.number = m_dice.chance(has_number) ? digest(number) : 0;
            one.phone = child ? (m_dice.chance(child_has_parents_phone) ? parents_phone : 0)
                        : m_dice.chance(has_phone) ? phone()
                                                   : 0;
            parents_phone = one.phone != 0 ? one.phone : parents_phone;
            one.id = static_cast<std::int64_t>(m_gold.people.size()) + 1;
            m_gold.people.push_back(one);
            m_numbers.push_back(number);
        }
    }

    char32_t given(int sex) { return m_dice.pick(m_names.given[sex == 1 ? 1 : 0]); }
    std::uint64_t phone() { return m_dice.next() | 1; }

    std::string number_of(const Person& one) {
        auto day = to_text(one.birth);
        std::erase(day, '-');
        for (;;) {
            const int serial = 1000 + m_dice.below(500) * 2 + (one.sex == 1 ? 1 : 0);
            auto number =
                record::with_check_digit("340599" + day + std::to_string(serial).substr(1));
            if (m_given_out.insert(number).second) {
                return number;
            }
        }
    }

    /// The way it stands on an old card, as the record engine takes it.
    static std::uint64_t from_old_card(const std::string& number) {
        const auto old = number.substr(0, 6) + number.substr(8, 9);
        const bool last_century = number.compare(6, 2, "19") == 0;
        return digest(last_century ? *record::plain_id_number(old) : number);
    }

    void enter_again(std::uint32_t from) {
        Person one = m_gold.people[from];
        spoil_number(one, m_numbers[from]);
        spoil_name(one.name, one.sex);
        spoil_birth(one.birth);
        if (m_dice.chance(phone_left_out)) {
            one.phone = 0;
        } else if (m_dice.chance(phone_other)) {
            one.phone = phone();
        }
        if (m_dice.chance(moved)) {
            const auto& host =
                m_gold.people[static_cast<std::size_t>(m_dice.below(static_cast<int>(from) + 1))];
            const bool somewhere = !m_dice.chance(nowhere);
            one.household = somewhere ? host.household : 0;
            one.dwelling = somewhere ? host.dwelling : 0;
        }
        one.id = static_cast<std::int64_t>(m_gold.people.size()) + 1;
        m_gold.same.emplace_back(from, static_cast<std::uint32_t>(m_gold.people.size()));
        m_gold.people.push_back(one);
    }

    void spoil_number(Person& one, const std::string& number) {
        if (m_dice.chance(number_left_out)) {
            one.number = 0;
        } else if (m_dice.chance(number_old)) {
            one.number = from_old_card(number);
        } else if (m_dice.chance(number_other)) {
            one.number = digest(number_of(one));
        }
    }

    void spoil_name(Name& name, int sex) {
        const auto at = static_cast<std::size_t>(m_dice.below(name.size));
        auto& c = name.characters[at];
        if (m_dice.chance(name_sounds)) {
            const auto sound = m_sounds.find(c);
            c = sound == m_sounds.end() ? c : m_dice.pick(m_by_sound.at(sound->second));
        } else if (m_dice.chance(name_looks)) {
            const auto looks = m_looks.find(c);
            c = looks == m_looks.end() ? c : m_dice.pick(looks->second);
        } else if (m_dice.chance(name_typo)) {
            name.characters[name.size - 1U] = given(sex);
        } else if (m_dice.chance(name_short) && name.size > 2) {
            name.characters[--name.size] = 0;
        }
    }

    void spoil_birth(Date& birth) {
        auto day = civil(birth);
        if (m_dice.chance(birth_swapped)) {
            std::swap(day.month, day.day);
        } else if (m_dice.chance(birth_digit)) {
            m_dice.chance(0.5) ? void(day.year += 1 + m_dice.below(3))
                               : void(
                                     day.day = day.day / 10 * 10 + 1 +
                                               static_cast<decltype(day.day)>(m_dice.below(8))
                                 );
        } else if (m_dice.chance(birth_other)) {
            birth = birth + (20 + m_dice.below(30));
            return;
        }
        if (valid(day)) {
            birth = *parse_date(text_of(day));
        }
    }

    static std::string text_of(const YearMonthDay& day) {
        const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        return std::to_string(day.year) + "-" + two(static_cast<int>(day.month)) + "-" +
               two(static_cast<int>(day.day));
    }

    Names m_names;
    Dice m_dice;
    std::map<std::uint16_t, std::vector<char32_t>> m_by_sound;
    std::map<char32_t, std::uint16_t> m_sounds;
    std::map<char32_t, std::vector<char32_t>> m_looks;
    std::vector<std::string> m_numbers;  ///< of everybody, whether it is entered or not
    std::unordered_set<std::string> m_given_out;
    std::int64_t m_households = 0;
    Gold m_gold;
};

}  // namespace

Gold make_gold(
    const std::filesystem::path& catalogue, const Readings& readings, int persons,
    std::uint64_t seed
) {
    return Maker(catalogue, readings, seed).make(persons);
}

double Quality::precision() const {
    return right + wrong == 0 ? 1 : static_cast<double>(right) / static_cast<double>(right + wrong);
}
double Quality::recall() const {
    return right + missed == 0 ? 1
                               : static_cast<double>(right) / static_cast<double>(right + missed);
}

Quality judge(const Gold& gold, const std::vector<Pair>& pairs) {
    const std::set<std::pair<std::uint32_t, std::uint32_t>> same(
        gold.same.begin(), gold.same.end()
    );
    Quality quality;
    for (const auto& pair : pairs) {
        same.contains({pair.a, pair.b}) ? ++quality.right : ++quality.wrong;
    }
    quality.missed = static_cast<std::int64_t>(same.size()) - quality.right;
    return quality;
}

}  // namespace linli::registry::testing
