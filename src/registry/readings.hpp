// SPDX-License-Identifier: Apache-2.0
#pragma once
/// How names sound and look: every reading of a character, dialect pairs (zh/z, ang/an, ...) taken
/// as one sound, and characters that are easily mistaken for each other.
#include <array>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace linli::registry {

/// A person's name as its first characters.
struct Name {
    static constexpr std::size_t most = 6;
    std::array<char32_t, most> characters{};
    std::uint8_t size = 0;
    bool operator==(const Name&) const = default;
};
/// Blanks and middle dots left out.
Name read_name(std::string_view utf8);

/// What a character may sound like; 0 = no further one.
using Sounds = std::array<std::uint16_t, 3>;

/// Characters that were not asked for before are looked up once. Thread-safe.
class Readings {
 public:
    /// `table`: CSV "character,readings,looks_like" beside the catalogue; throws
    /// std::runtime_error.
    explicit Readings(const std::filesystem::path& table);

    Sounds sounds(char32_t) const;
    bool sound_alike(char32_t, char32_t) const;
    bool look_alike(char32_t, char32_t) const;

 private:
    std::uint16_t number_of(const std::string& syllable) const;
    mutable std::mutex m_mutex;
    mutable std::unordered_map<char32_t, Sounds> m_sounds;
    mutable std::unordered_map<std::string, std::uint16_t> m_numbers;
    std::unordered_map<char32_t, std::u32string> m_looks;
};

/// Where the table stands in a catalogue.
inline std::filesystem::path readings_in(const std::filesystem::path& catalogue) {
    return catalogue / "core" / "registry" / "readings.csv";
}

/// A syllable without what dialects do not tell apart: "zhang" -> "zan", "lin" -> "nin".
std::string plain_sound(std::string_view syllable);

}  // namespace linli::registry
