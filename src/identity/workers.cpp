// SPDX-License-Identifier: Apache-2.0
#include "identity/workers.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace linli::identity {

namespace {

constexpr std::size_t most_workers = 20, most_grids = 90, areas_at_once = 9;
constexpr std::size_t longest_phone = 40;

std::vector<AreaId> areas_served(const area::Tree& tree, AreaId area) {
    std::vector<AreaId> areas;
    for (const auto* node : tree.path(area)) {
        if (node->level >= area::Level::community) {
            areas.push_back(node->id);
        }
    }
    for (const auto* child : tree.children(area)) {
        if (child->level == area::Level::grid && areas.size() < most_grids) {
            areas.push_back(child->id);
        }
    }
    return areas;
}

std::string clock_text(int minutes) {
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(minutes / 60) + ":" + two(minutes % 60);
}

}  // namespace

std::vector<Worker> workers_of(store::Tx& tx, const area::Tree& tree, AreaId area, bool demo) {
    constexpr store::Sql sql{"identity.workers", R"(
        SELECT a.name, a.phone, g.area
          FROM identity_grant g JOIN identity_account a ON a.id = g.account
         WHERE g.area IN ($1, $2, $3, $4, $5, $6, $7, $8, $9) AND g.role = 'grid_worker' AND g.ended_at = 0
           AND a.enabled = 1 AND a.demo <= $10
         ORDER BY g.area, a.id LIMIT 20)"};
    const auto* asked = tree.find(area);
    std::vector<Worker> workers;
    if (!asked || asked->level < area::Level::community) {
        return workers;
    }
    const auto areas = areas_served(tree, area);
    for (std::size_t first = 0; first < areas.size() && workers.size() < most_workers;
         first += areas_at_once) {
        std::array<AreaId, areas_at_once> some;
        const auto count = std::min(areas_at_once, areas.size() - first);
        std::copy_n(areas.begin() + static_cast<std::ptrdiff_t>(first), count, some.begin());
        tx.each(
            sql,
            [&](const store::Row& row) {
                const AreaId theirs{row.integer(2)};
                const auto* node = tree.find(theirs);
                workers.push_back(
                    {std::string(row.text(0)), std::string(row.text(1)), theirs,
                     node ? std::string(node->name) : std::string()}
                );
                return workers.size() < most_workers;
            },
            some[0], some[1], some[2], some[3], some[4], some[5], some[6], some[7], some[8],
            demo ? 1 : 0
        );
    }
    return workers;
}

std::string public_phone(store::Tx& tx, AccountId id) {
    constexpr store::Sql sql{
        "identity.public_phone", "SELECT phone FROM identity_account WHERE id = $1"};
    return tx.one<std::string>(sql, id).value_or("");
}

void set_public_phone(store::Tx& tx, AccountId id, const std::string& phone) {
    constexpr store::Sql sql{
        "identity.set_public_phone", "UPDATE identity_account SET phone = $2 WHERE id = $1"};
    const auto plain = tidy(phone);
    const bool right =
        plain.size() <= longest_phone && std::all_of(plain.begin(), plain.end(), [](char c) {
            return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == ' ' || c == '(' ||
                   c == ')';
        });
    if (!right || (!plain.empty() && plain.size() < 3)) {
        throw invalid("/phone", "phone_malformed", "a telephone number: digits, +, -, blanks");
    }
    tx.run(sql, id, plain);
}

OpeningHours opening_hours(const Calendar& calendar, Instant now) {
    constexpr std::int64_t minute_ms = 60'000;
    OpeningHours answer;
    answer.open = calendar.open(now);
    for (const auto& span : calendar.hours(official_date(now))) {
        answer.today.push_back({clock_text(span.from), clock_text(span.to)});
    }
    const auto first = calendar.after(now, minute_ms);
    if (!answer.open && first != never) {
        answer.opens_at = Instant{first.ms - minute_ms};
    }
    return answer;
}

}  // namespace linli::identity
