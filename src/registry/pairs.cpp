// SPDX-License-Identifier: Apache-2.0
#include "registry/pairs.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace linli::registry {

namespace {

/// Larger groups say nothing: a number that a hundred people share is that of an office.
constexpr std::size_t group_most = 100;
constexpr int ways = 9;

struct Row {
    std::uint64_t key;
    std::uint32_t at;
    bool operator<(const Row& other) const {
        return key != other.key ? key < other.key : at < other.at;
    }
};

/// The keys of a person in one way of agreeing; a polyphone at the head of a name gives two.
void add_rows(const Person& one, std::uint32_t at, int way, std::vector<Row>& rows) {
    const auto add = [&](std::uint64_t key) { rows.push_back({key, at}); };
    const auto day = static_cast<std::uint64_t>(static_cast<std::uint32_t>(one.birth.days));
    const auto both = [&](std::size_t from, std::uint64_t with) {
        add(mixed(sound_key(one, from), with));
        if (one.sounds[from][1] != 0) {
            add(mixed(sound_key(one, from, true), with));
        }
    };
    const auto born = civil(one.birth);
    switch (way) {
        case 0:
            one.number != 0 ? add(one.number) : void();
            break;
        case 1:
            one.phone != 0 ? add(one.phone) : void();
            break;
        case 2:  // surname and day of birth
            for (const auto sound : one.sounds[0]) {
                sound != 0 ? add(mixed(sound, day)) : void();
            }
            break;
        case 3:  // given name and day of birth
            one.name.size > 1 ? both(1, day) : void();
            break;
        case 4:
            both(0, static_cast<std::uint64_t>(born.year));
            break;
        case 5:
            both(
                0, static_cast<std::uint64_t>(born.month) * 40 +
                       static_cast<std::uint64_t>(born.day) + 100'000
            );
            break;
        case 6:
            one.dwelling != 0 ? both(0, static_cast<std::uint64_t>(one.dwelling)) : void();
            break;
        case 7:
            one.household != 0 ? both(0, static_cast<std::uint64_t>(one.household)) : void();
            break;
        default:
            one.dwelling != 0 ? add(mixed(static_cast<std::uint64_t>(one.dwelling), day)) : void();
    }
}

void compare_group(
    const Row* begin, const Row* end, const std::vector<Person>& people,
    const Population& population, float least, std::vector<Pair>& found
) {
    for (const Row* one = begin; one != end; ++one) {
        for (const Row* other = one + 1; other != end; ++other) {
            if (one->at == other->at) {
                continue;
            }
            auto like = population.compare(people[one->at], people[other->at]);
            if (like.score >= least) {
                found.push_back({one->at, other->at, like});
            }
        }
    }
}

std::vector<Pair> pairs_in(
    int way, const std::vector<Person>& people, const Population& population, float least
) {
    std::vector<Row> rows;
    rows.reserve(people.size() + people.size() / 8);
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        add_rows(people[i], i, way, rows);
    }
    std::sort(rows.begin(), rows.end());
    std::vector<Pair> found;
    for (std::size_t from = 0; from < rows.size();) {
        std::size_t to = from + 1;
        while (to < rows.size() && rows[to].key == rows[from].key) {
            ++to;
        }
        if (to - from <= group_most) {
            compare_group(rows.data() + from, rows.data() + to, people, population, least, found);
        }
        from = to;
    }
    return found;
}

}  // namespace

std::vector<Pair> find_pairs(
    std::vector<Person>& people, const Readings& readings, float least, int threads
) {
    const Population population(people, readings);
    std::vector<std::vector<Pair>> by_way(ways);
    std::atomic<int> next{0};
    {
        std::vector<std::jthread> workers;
        for (int t = 0; t < threads; ++t) {
            workers.emplace_back([&] {
                for (int way = next++; way < ways; way = next++) {
                    by_way[static_cast<std::size_t>(way)] =
                        pairs_in(way, people, population, least);
                }
            });
        }
    }
    std::vector<Pair> all;
    for (auto& some : by_way) {
        all.insert(all.end(), some.begin(), some.end());
    }
    const auto place = [](const Pair& pair) { return std::pair(pair.a, pair.b); };
    std::sort(all.begin(), all.end(), [&](const Pair& x, const Pair& y) {
        return place(x) < place(y);
    });
    all.erase(
        std::unique(
            all.begin(), all.end(),
            [&](const Pair& x, const Pair& y) { return place(x) == place(y); }
        ),
        all.end()
    );
    std::stable_sort(all.begin(), all.end(), [](const Pair& x, const Pair& y) {
        return x.like.score > y.like.score;
    });
    return all;
}

}  // namespace linli::registry
