// SPDX-License-Identifier: Apache-2.0
#pragma once
/// How much two persons look like one: each fact that agrees or differs weighs as many bits as it
/// tells (Fellegi and Sunter 1969), and the sum is held against how many people there are.
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "registry/readings.hpp"

namespace linli::registry {

/// What is compared of one person. Numbers are digests; 0 = not known.
struct Person {
    std::int64_t id = 0;
    Name name;
    Date birth;
    std::int8_t sex = 0;  ///< 1 male, 2 female
    std::uint64_t number = 0, phone = 0;
    std::int64_t household = 0, dwelling = 0;
    std::array<Sounds, Name::most> sounds{};  ///< of the name, filled in by Population
};

/// What agrees or differs, as it is told to the clerk.
enum class Mark : std::uint8_t {
    number_same,
    number_differs,
    number_missing,
    name_same,
    name_sounds,
    name_looks,
    name_near,
    name_differs,
    birth_same,
    birth_swapped,
    birth_near,
    birth_differs,
    sex_same,
    sex_differs,
    phone_same,
    phone_differs,
    household_same,
    dwelling_same
};
constexpr auto names(Mark) {
    return std::array{"number_same",    "number_differs", "number_missing", "name_same",
                      "name_sounds",    "name_looks",     "name_near",      "name_differs",
                      "birth_same",     "birth_swapped",  "birth_near",     "birth_differs",
                      "sex_same",       "sex_differs",    "phone_same",     "phone_differs",
                      "household_same", "dwelling_same"};
}
struct Reason {
    Mark mark;
    float bits;  ///< below 0: speaks against it
};

struct Likeness {
    float score = 0;  ///< bits; at 0 it is as likely as not
    std::array<Reason, 8> reasons{};
    std::uint8_t count = 0;
    void add(Mark mark, float bits) {
        reasons[count++] = {mark, bits};
        score += bits;
    }
};

/// Above it a pair is shown to a clerk: three to one.
constexpr float likely = 1.5F;

/// How often names are borne among those who are compared: rare ones tell more.
class Population {
 public:
    /// Fills in `sounds` of everybody.
    Population(std::vector<Person>&, const Readings&);
    Likeness compare(const Person&, const Person&) const;

 private:
    void compare_names(const Person&, const Person&, bool family, Likeness&) const;
    float bits_of(
        const std::vector<std::pair<std::uint64_t, std::uint32_t>>&, std::uint64_t key, float least,
        float most
    ) const;

    const Readings& m_readings;
    double m_size;
    bool m_numbered = false;  ///< nearly everybody has a number
    std::vector<std::pair<std::uint64_t, std::uint32_t>> m_names, m_sounds;  ///< key, how many
};

std::uint64_t mixed(std::uint64_t a, std::uint64_t b);
std::uint64_t name_key(const Name&);
/// Of the first reading of each character from `from` on; with `turned` the second reading of the
/// first character, if it has one.
std::uint64_t sound_key(const Person&, std::size_t from = 0, bool turned = false);

}  // namespace linli::registry
