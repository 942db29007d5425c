// SPDX-License-Identifier: Apache-2.0
#include "registry/queue.hpp"

#include <chrono>
#include <cmath>
#include <cstring>
#include <map>

#include "base/json.hpp"

namespace linli::registry {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int rows_at_once = 50'000;
constexpr std::size_t pairs_together = 500;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::uint64_t short_digest(const std::string& blind) {
    std::uint64_t digest = 0;
    std::memcpy(&digest, blind.data(), std::min(blind.size(), sizeof digest));
    return digest;
}

/// Page after page, so that no statement takes long. `take` gets a row and returns its id.
template <class F>
void each_page(store::Tx& tx, const store::Sql& sql, County county, F&& take) {
    std::int64_t last = 0;
    for (int rows = rows_at_once; rows == rows_at_once;) {
        rows = 0;
        tx.each(
            sql,
            [&](const store::Row& row) {
                last = take(row);
                ++rows;
                return true;
            },
            county, last, rows_at_once
        );
    }
}

std::unordered_map<std::int64_t, std::int64_t> read_dwellings(store::Tx& tx, County county) {
    constexpr store::Sql sql{"registry.dwellings", R"(
        SELECT id, dwelling FROM household WHERE county = $1 AND id > $2 ORDER BY id LIMIT $3)"};
    std::unordered_map<std::int64_t, std::int64_t> dwellings;
    each_page(tx, sql, county, [&](const store::Row& row) {
        dwellings[row.integer(0)] = row.integer(1);
        return row.integer(0);
    });
    return dwellings;
}

std::string reasons_json(const Likeness& like) {
    Value::List list;
    for (std::size_t i = 0; i < like.count; ++i) {
        const auto& reason = like.reasons[i];
        list.push_back(obj(
            {{"mark", std::string(name_of(reason.mark))},
             {"bits", static_cast<int>(std::lround(reason.bits))}}
        ));
    }
    return to_json(Value(std::move(list)));
}

struct Known {
    std::int64_t first = 0, second = 0;
    std::string state;
    static constexpr auto fields = std::tuple{
        field("first", &Known::first), field("second", &Known::second),
        field("state", &Known::state)};
};
using Between = std::pair<std::int64_t, std::int64_t>;

std::map<Between, std::string> known_pairs(store::Tx& tx, County county) {
    constexpr store::Sql sql{
        "registry.known_pairs",
        "SELECT first, second, state FROM registry_pair WHERE county = $1 ORDER BY first, second"};
    std::map<Between, std::string> known;
    for (const auto& one : tx.all<Known>(sql, county)) {
        known[{one.first, one.second}] = one.state;
    }
    return known;
}

void keep_pair(
    store::Tx& tx, County county, const Person& a, const Person& b, const Likeness& like,
    Instant now
) {
    constexpr store::Sql sql{"registry.keep_pair", R"(
        INSERT INTO registry_pair (county, first, second, score, reasons, state, community, other, found_at)
        VALUES ($1, $2, $3, $4, $5, 'open',
                (SELECT community FROM person WHERE county = $1 AND id = $2),
                (SELECT community FROM person WHERE county = $1 AND id = $3), $6)
        ON CONFLICT (county, first, second)
        DO UPDATE SET score = excluded.score, reasons = excluded.reasons)"};
    tx.post(sql, county, a.id, b.id, std::lround(like.score), reasons_json(like), now);
}

void drop_pairs(store::Database& database, County county, const std::vector<Between>& gone) {
    constexpr store::Sql sql{"registry.drop_pair", R"(
        DELETE FROM registry_pair WHERE county = $1 AND first = $2 AND second = $3 AND state IN ('open', 'later'))"};
    for (std::size_t from = 0; from < gone.size(); from += pairs_together) {
        database.write_now([&](store::Tx& tx) {
            for (auto i = from; i < std::min(gone.size(), from + pairs_together); ++i) {
                tx.post(sql, county, gone[i].first, gone[i].second);
            }
        });
    }
}

}  // namespace

std::vector<Person> read_persons(store::Tx& tx, County county) {
    constexpr store::Sql sql{"registry.persons", R"(
        SELECT id, name, sex, birth_date, id_number_blind, phone_blind, household FROM person
         WHERE county = $1 AND id > $2 AND state <> 'withdrawn' ORDER BY id LIMIT $3)"};
    const auto dwellings = read_dwellings(tx, county);
    std::vector<Person> people;
    each_page(tx, sql, county, [&](const store::Row& row) {
        Person one;
        one.id = row.integer(0);
        one.name = read_name(row.text(1));
        const auto sex = row.text(2);
        one.sex = static_cast<std::int8_t>(sex == "male" ? 1 : sex == "female" ? 2 : 0);
        one.birth.days = static_cast<std::int32_t>(row.integer(3));
        one.number = row.null(4) ? 0 : short_digest(row.bytes(4));
        one.phone = row.null(5) ? 0 : short_digest(row.bytes(5));
        one.household = row.integer(6);
        const auto home = dwellings.find(one.household);
        one.dwelling = home == dwellings.end() ? 0 : home->second;
        people.push_back(one);
        return one.id;
    });
    return people;
}

Found find_duplicates(
    store::Database& database, const Readings& readings, County county, Instant now
) {
    Found found;
    auto start = Clock::now();
    auto people = database.read_now([&](store::Tx& tx) { return read_persons(tx, county); });
    found.persons = static_cast<std::int64_t>(people.size());
    found.read_seconds = seconds_since(start);
    start = Clock::now();
    const auto pairs = find_pairs(people, readings);
    found.pairs = static_cast<std::int64_t>(pairs.size());
    found.compare_seconds = seconds_since(start);
    auto known = database.read_now([&](store::Tx& tx) { return known_pairs(tx, county); });
    for (std::size_t from = 0; from < pairs.size(); from += pairs_together) {
        database.write_now([&](store::Tx& tx) {
            for (auto i = from; i < std::min(pairs.size(), from + pairs_together); ++i) {
                keep_pair(tx, county, people[pairs[i].a], people[pairs[i].b], pairs[i].like, now);
            }
        });
    }
    for (const auto& pair : pairs) {
        found.fresh += known.erase({people[pair.a].id, people[pair.b].id}) == 0 ? 1 : 0;
    }
    std::vector<Between> gone;
    for (const auto& [between, state] : known) {
        if (state == "open" || state == "later") {
            gone.push_back(between);
        }
    }
    drop_pairs(database, county, gone);
    return found;
}

}  // namespace linli::registry
