// SPDX-License-Identifier: Apache-2.0
#include "registry/readings.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/csv.hpp"
#include "base/text.hpp"

namespace linli::registry {

namespace {

std::u32string decoded(std::string_view utf8) {
    std::u32string text;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        char32_t c = length == 1 ? byte : byte & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k) {
            c = c << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
        }
        text += c;
        i += length;
    }
    return text;
}

std::string encoded(char32_t c) {
    std::string text;
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0 | c >> 6);
        text += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        if (c < 0x10000) {
            text += static_cast<char>(0xE0 | c >> 12);
        } else {
            text += static_cast<char>(0xF0 | c >> 18);
            text += static_cast<char>(0x80 | (c >> 12 & 0x3F));
        }
        text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (c & 0x3F));
    }
    return text;
}

}  // namespace

Name read_name(std::string_view utf8) {
    Name name;
    for (const char32_t c : decoded(utf8)) {
        const bool left_out = c == U' ' || c == U'·' || c == U'•' || c == U'．' || c == U'　';
        if (!left_out && name.size < Name::most) {
            name.characters[name.size++] = c;
        }
    }
    return name;
}

std::string plain_sound(std::string_view syllable) {
    std::string sound(syllable);
    if (sound.size() > 1 && sound[1] == 'h') {  // zh, ch, sh
        sound.erase(1, 1);
    }
    if (sound.starts_with('l')) {
        sound[0] = 'n';
    }
    if (sound.ends_with("ng") && !sound.ends_with("ong")) {
        sound.pop_back();
    }
    return sound;
}

Readings::Readings(const std::filesystem::path& table) {
    std::ifstream file(table, std::ios::binary);
    if (!file) {
        throw std::runtime_error("the table of readings is missing: " + table.string());
    }
    std::stringstream text;
    text << file.rdbuf();
    CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
        if (line == 1 || cells.empty()) {
            return;
        }
        const auto character = decoded(cells.at(0));
        if (cells.size() != 3 || character.size() != 1) {
            throw std::runtime_error(
                table.string() + ":" + std::to_string(line) +
                ": expected a character, its readings and what it looks like"
            );
        }
        Sounds sounds{};
        std::size_t count = 0;
        for (const auto syllable : split(cells[1], ' ')) {
            if (!syllable.empty() && count < sounds.size()) {
                sounds[count++] = number_of(plain_sound(syllable));
            }
        }
        if (count > 0) {
            m_sounds[character[0]] = sounds;
        }
        for (const char32_t other : decoded(cells[2])) {
            m_looks[character[0]] += other;
            m_looks[other] += character[0];
        }
    });
    reader.feed(text.str());
    reader.finish();
}

std::uint16_t Readings::number_of(const std::string& syllable) const {
    return m_numbers.try_emplace(syllable, static_cast<std::uint16_t>(m_numbers.size() + 1))
        .first->second;
}

Sounds Readings::sounds(char32_t c) const {
    const std::lock_guard lock(m_mutex);
    const auto known = m_sounds.find(c);
    if (known != m_sounds.end()) {
        return known->second;
    }
    return m_sounds[c] = {number_of(plain_sound(pinyin(encoded(c))))};
}

bool Readings::sound_alike(char32_t a, char32_t b) const {
    const auto of_a = sounds(a), of_b = sounds(b);
    return std::any_of(of_a.begin(), of_a.end(), [&](std::uint16_t one) {
        return one != 0 && std::find(of_b.begin(), of_b.end(), one) != of_b.end();
    });
}

bool Readings::look_alike(char32_t a, char32_t b) const {
    const auto found = m_looks.find(a);
    return found != m_looks.end() && found->second.find(b) != std::u32string::npos;
}

}  // namespace linli::registry
