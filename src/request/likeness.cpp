// SPDX-License-Identifier: Apache-2.0
#include "request/likeness.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace linli::request {

namespace {

std::string small(std::string text) {
    for (auto& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

}  // namespace

Point coarse(Point exact) {
    constexpr std::int64_t step = 10'000;
    const auto rounded = [](std::int64_t value) {
        return (value + (value < 0 ? -step / 2 : step / 2)) / step * step;
    };
    return {rounded(exact.lat), rounded(exact.lon)};
}

int metres_between(Point a, Point b) {
    constexpr double metres_of_a_degree = 111'195, scale = 1e7, half_turn = 180;
    const double lat = static_cast<double>(a.lat - b.lat) / scale;
    const double lon = static_cast<double>(a.lon - b.lon) / scale *
                       std::cos(static_cast<double>(a.lat) / scale * M_PI / half_turn);
    return static_cast<int>(std::lround(std::hypot(lat, lon) * metres_of_a_degree));
}

bool Likeness::enough() const {
    constexpr int least = 4;
    return score >= least;
}

/// Of the same entry of the catalogue is enough alone; of the same group only with a place or words
/// to it; what is known to be elsewhere is another matter.
Likeness compare(const Matter& asked, const Matter& other) {
    constexpr int same = 4, group = 2, near = 3, around = 1, far = -4, word = 2, words_most = 4;
    constexpr int near_metres = 150, around_metres = 400, far_metres = 1000;
    Likeness like;
    const auto add = [&](Reason reason, int points) {
        like.score += points;
        like.reasons.push_back(reason);
    };
    if (!asked.choice.empty() && asked.choice == other.choice) {
        add(Reason::same, same);
    } else if (!asked.group.empty() && asked.group == other.group) {
        add(Reason::group, group);
    }
    if (asked.place && other.place) {
        like.metres = metres_between(coarse(*asked.place), coarse(*other.place));
        if (*like.metres <= around_metres) {
            add(Reason::near, *like.metres <= near_metres ? near : around);
        } else if (*like.metres > far_metres) {
            like.score += far;
        }
    }
    std::vector<std::string> shared;
    std::set_intersection(
        asked.words.begin(), asked.words.end(), other.words.begin(), other.words.end(),
        std::back_inserter(shared)
    );
    if (!shared.empty()) {
        add(Reason::words, std::min(words_most, word * static_cast<int>(shared.size())));
    }
    return like;
}

std::set<std::string> known_words(const catalogue::ChoiceList& list, const std::string& text) {
    std::set<std::string> all;
    for (const auto& choice : list.choices) {
        const auto* words = choice.attributes.find("keywords");
        for (const auto& word : words && words->as_list() ? *words->as_list() : Value::List{}) {
            if (word.as_text() && !word.as_text()->empty()) {
                all.insert(*word.as_text());
            }
        }
    }
    return among(all, text);
}

std::set<std::string> among(const std::set<std::string>& wanted, const std::string& text) {
    const auto searched = small(text);
    std::set<std::string> found;
    for (const auto& word : wanted) {
        if (searched.find(small(word)) != std::string::npos) {
            found.insert(word);
        }
    }
    return found;
}

}  // namespace linli::request
