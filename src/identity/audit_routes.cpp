// SPDX-License-Identifier: Apache-2.0
/// The change log as an auditor reads it: newest first, over all counties of his areas.
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "identity/manage.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;

struct Actor {
    AccountId id;
    std::string name;
    static constexpr auto fields = std::tuple{field("id", &Actor::id), field("name", &Actor::name)};
};
struct Line {
    County county = 0;
    std::int64_t position = 0;  ///< 0 = not sealed yet
    Instant at;
    std::optional<Actor> actor;
    std::string role, kind;
    RecordId record;
    std::string action;
    std::optional<AreaName> area;
    std::string state_before, state_after;
    std::vector<std::string> changed;
    std::string detail, hash;
    static constexpr auto fields = std::tuple{
        field("county", &Line::county),
        field("position", &Line::position),
        field("at", &Line::at),
        field("actor", &Line::actor),
        field("role", &Line::role),
        field("kind", &Line::kind),
        field("record", &Line::record),
        field("action", &Line::action),
        field("area", &Line::area),
        field("state_before", &Line::state_before),
        field("state_after", &Line::state_after),
        field("fields", &Line::changed),
        field("detail", &Line::detail),
        field("hash", &Line::hash)};
};
struct Lines {
    std::vector<Line> lines;
    std::optional<std::string> next;
    static constexpr auto fields =
        std::tuple{field("lines", &Lines::lines), field("next", &Lines::next)};
};

/// Ids sort by time within a county; across counties by what follows the county's bits, then by
/// county.
struct Place {
    std::int64_t time = 0;  ///< the 51 bits after the county
    County county = 0;
    auto operator<=>(const Place&) const = default;
};
constexpr std::int64_t time_bits = (std::int64_t{1} << 51) - 1;
std::string to_cursor(const Place& place) {
    return std::to_string(place.time * county_limit + place.county);
}

struct Asked {
    std::string kind, action;
    AccountId account;
    AreaId area;
    Place before{time_bits, county_limit - 1};
    std::size_t limit = 50;
};
struct Found {
    Place place;
    AreaId area_before, area_after;
    AccountId actor;
    Line line;
};

/// Which lines an auditor sees: those about his areas; those about none, if he audits above
/// counties.
struct Sight {
    const area::Tree& tree;
    std::vector<AreaId> scope;
    std::vector<County> counties;
    bool above = false;

    bool within(AreaId area) const {
        return std::any_of(scope.begin(), scope.end(), [&](AreaId one) {
            return tree.within(area, one);
        });
    }
    bool sees(const Found& found) const {
        if (!found.area_before && !found.area_after) {
            return above;
        }
        return within(found.area_after) || within(found.area_before);
    }
};

Sight sight_of(const area::Tree& tree, std::vector<AreaId> scope, AreaId asked) {
    if (asked) {
        const bool inside = std::any_of(scope.begin(), scope.end(), [&](AreaId one) {
            return tree.within(asked, one);
        });
        if (!inside) {
            throw not_found("area");
        }
        scope = {asked};
    }
    Sight sight{tree, std::move(scope), {0}, false};
    for (const auto area : sight.scope) {
        const auto some = tree.counties_under(area);
        sight.above = sight.above || (!asked && !some.empty() && some.front() == 0);
        sight.counties.insert(sight.counties.end(), some.begin(), some.end());
    }
    std::sort(sight.counties.begin(), sight.counties.end());
    sight.counties.erase(
        std::unique(sight.counties.begin(), sight.counties.end()), sight.counties.end()
    );
    return sight;
}

Found read_found(const store::Row& row, County county) {
    Found found;
    found.place = {row.integer(0) & time_bits, county};
    auto& line = found.line;
    line.county = county;
    line.at.ms = row.integer(1);
    found.actor.value = row.integer(2);
    line.role = row.text(3);
    line.kind = row.text(4);
    line.record.value = row.integer(5);
    line.action = row.text(6);
    found.area_before.value = row.integer(7);
    found.area_after.value = row.integer(8);
    line.state_before = row.text(9);
    line.state_after = row.text(10);
    for (const auto name : split(row.text(11), ',')) {
        if (!name.empty()) {
            line.changed.emplace_back(name);
        }
    }
    line.detail = row.text(12);
    line.position = row.integer(13);
    line.hash = row.text(14);
    return found;
}

bool asked_for(const Asked& asked, const Found& found) {
    return (asked.kind.empty() || asked.kind == found.line.kind) &&
           (asked.action.empty() || asked.action == found.line.action) &&
           (!asked.account || asked.account == found.actor);
}

constexpr std::size_t rows_most = 10'000;  ///< looked through by one request, over all counties
constexpr std::size_t rows_at_once = 1'000;

/// Lines of one county before a place: more than the limit, or all there are among the next `rows`.
/// Gives the place of the last row looked at if there may be more.
std::optional<Place> read_county(
    store::Tx& tx, County county, const Asked& asked, const Sight& sight, std::size_t rows,
    std::vector<Found>& to
) {
    constexpr store::Sql sql{"identity.audit", R"(
        SELECT id, at, actor, role, kind, record, action, area_before, area_after, state_before, state_after,
               fields, detail, position, hash
          FROM store_change WHERE county = $1 AND id < $2 ORDER BY id DESC LIMIT $3)"};
    auto bound = (std::int64_t{county} << 51) + asked.before.time + (county < asked.before.county);
    std::size_t seen = 0, read = rows_at_once;
    for (std::size_t left = rows; left > 0 && read == rows_at_once && seen <= asked.limit;) {
        read = 0;
        tx.each(
            sql,
            [&](const store::Row& row) {
                ++read;
                bound = row.integer(0);
                auto found = read_found(row, county);
                if (asked_for(asked, found) && sight.sees(found)) {
                    to.push_back(std::move(found));
                    ++seen;
                }
                return seen <= asked.limit;
            },
            county, bound, static_cast<std::int64_t>(rows_at_once)
        );
        left -= std::min(left, rows_at_once);
    }
    return read == rows_at_once && seen <= asked.limit
               ? std::optional(Place{bound & time_bits, county})
               : std::nullopt;
}

class Names {
 public:
    Names(store::Tx& tx, const area::Tree& tree) : m_tx(tx), m_tree(tree) {}
    void fill(Found& found) {
        if (found.actor) {
            found.line.actor = Actor{found.actor, name_of(found.actor)};
        }
        const auto area = found.area_after ? found.area_after : found.area_before;
        if (area) {
            const auto* node = m_tree.find(area);
            found.line.area = AreaName{area, node ? std::string(node->name) : std::string()};
        }
    }

 private:
    const std::string& name_of(AccountId id) {
        const auto [at, added] = m_names.try_emplace(id);
        if (const auto account = added ? find_account(m_tx, id) : std::nullopt) {
            at->second = account->name;
        }
        return at->second;
    }
    store::Tx& m_tx;
    const area::Tree& m_tree;
    std::map<AccountId, std::string> m_names;
};

Asked read_asked(const http::Call& call) {
    const auto id = [&](const char* name) {
        std::int64_t value = 0;
        const auto text = call.query(name);
        if (text && !parse_id(*text, value)) {
            throw malformed("query_malformed", std::string(name) + " is a decimal number");
        }
        return value;
    };
    Asked asked;
    asked.kind = call.query("kind").value_or("");
    asked.action = call.query("action").value_or("");
    asked.account = {id("account")};
    asked.area = {id("area")};
    if (const auto cursor = id("cursor")) {
        asked.before = {cursor / county_limit, static_cast<County>(cursor % county_limit)};
    }
    asked.limit = static_cast<std::size_t>(call.query_int("limit", 50, 1, 200));
    return asked;
}

Lines list_lines(const Shared& impl, http::Call& call) {
    const auto asked = read_asked(call);
    const auto tree = impl->areas.today();
    const auto sight = sight_of(*tree, impl->areas_with(call.caller, audit_read), asked.area);
    std::vector<Found> all;
    std::optional<Place> stopped;  // nothing before it is complete
    const auto rows = std::max(rows_at_once, rows_most / sight.counties.size());
    for (const auto county : sight.counties) {
        const auto at = read_county(call.tx(), county, asked, sight, rows, all);
        stopped = std::max(stopped, at);
    }
    std::erase_if(all, [&](const Found& found) { return stopped && found.place < *stopped; });
    std::sort(all.begin(), all.end(), [](const Found& a, const Found& b) {
        return b.place < a.place;
    });
    Lines answer;
    if (all.size() > asked.limit) {
        all.resize(asked.limit);
        answer.next = to_cursor(all.back().place);
    } else if (stopped) {
        answer.next = to_cursor(*stopped);
    }
    Names names(call.tx(), *tree);
    for (auto& found : all) {
        names.fill(found);
        answer.lines.push_back(std::move(found.line));
    }
    return answer;
}

}  // namespace

void audit_routes(http::Router& r, const Shared& impl) {
    r.get(
         "/api/audit", [impl](http::Call& call) { return list_lines(impl, call); }, audit_read,
         http::Scope::area, "What happened in one's areas, newest first"
    )
        .query("kind", "record kind, or account, session, unit, area")
        .query("action", "create, change, grant, sign_in, ...")
        .query("account", "done by this account")
        .query("area", "about this area or what is below")
        .query("limit", "1 to 200")
        .query("cursor", "`next` of the page before")
        .id_fields({"query:account", "query:area"});
}

}  // namespace linli::identity
