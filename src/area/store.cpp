// SPDX-License-Identifier: Apache-2.0
#include "area/store.hpp"

#include <limits>
#include <set>

namespace linli::area {

namespace {

constexpr int areas_at_once = 5'000;

/// A country has some 700,000 areas, and PostgreSQL's client holds the whole answer to a question:
/// they are asked for in pages. `each` gives the area of a row; one is valid at most once a day.
template <class Each>
void by_pages(store::Tx& tx, const store::Sql& sql, Date date, Each each) {
    int rows = areas_at_once;
    for (std::int64_t after = 0; rows == areas_at_once;) {
        rows = 0;
        tx.each(
            sql,
            [&](const store::Row& row) {
                ++rows;
                after = each(row);
                return true;
            },
            date, after, areas_at_once
        );
    }
}

TreeParts::Above above_in(const store::Row& row, int column) {
    return {
        AreaId{row.integer(column)}, AreaId{row.integer(column + 1)},
        AreaId{row.integer(column + 2)}};
}

/// Who sees what was filed under areas that have ended or moved, and below what that was. What an
/// undone decision had begun or made is known from what it kept alone.
void add_heritage(store::Tx& tx, Date date, TreeParts& parts) {
    constexpr store::Sql sql{"area.bequests_on", R"(
        SELECT l.before, l.after, l.level, l.county,
               COALESCE(k.parent, a.parent, 0), COALESCE(b.parent, 0), COALESCE(c.parent, 0)
          FROM area_lineage l
          LEFT JOIN area_decision_version k
                 ON k.decision = l.decision AND k.area = l.before AND k.change IN ('begun', 'made')
                    AND (l.undone = 1 OR l.how = 'undo')
          LEFT JOIN area_version a
                 ON a.area = l.before AND a.valid_from < l.valid_from
                    AND (a.valid_to IS NULL OR a.valid_to >= l.valid_from)
          LEFT JOIN area_version b
                 ON b.area = COALESCE(k.parent, a.parent) AND b.valid_from < l.valid_from
                    AND (b.valid_to IS NULL OR b.valid_to >= l.valid_from)
          LEFT JOIN area_version c
                 ON c.area = b.parent AND c.valid_from < l.valid_from
                    AND (c.valid_to IS NULL OR c.valid_to >= l.valid_from)
         WHERE (l.undone = 0 AND l.heir = 1 AND (l.valid_from <= $1 OR l.how = 'undo'))
            OR (l.undone = 1 AND l.before = l.after)
         ORDER BY l.valid_from, l.decision)"};
    tx.each(
        sql,
        [&](const store::Row& row) {
            parts.inherit(
                {row.integer(0)}, {row.integer(1)}, parse_name<Level>(row.text(2)).value(),
                static_cast<County>(row.integer(3)), above_in(row, 4)
            );
            return true;
        },
        date
    );
}

/// Where the rows of areas that came after a day belong on its map: where most of their households
/// were before.
void add_origins(store::Tx& tx, Date date, TreeParts& parts) {
    constexpr store::Sql sql{"area.origins_on", R"(
        SELECT l.after, l.before, COALESCE(a.level, l.level), COALESCE(n.number, l.county),
               COALESCE(a.parent, 0), COALESCE(b.parent, 0), COALESCE(c.parent, 0)
          FROM area_lineage l
          LEFT JOIN area_version a
                 ON a.area = l.after AND a.valid_from <= l.valid_from
                    AND (a.valid_to IS NULL OR a.valid_to > l.valid_from)
          LEFT JOIN area_version b
                 ON b.area = a.parent AND b.valid_from <= l.valid_from
                    AND (b.valid_to IS NULL OR b.valid_to > l.valid_from)
          LEFT JOIN area_version c
                 ON c.area = b.parent AND c.valid_from <= l.valid_from
                    AND (c.valid_to IS NULL OR c.valid_to > l.valid_from)
          LEFT JOIN area_county n ON n.area IN (l.after, a.parent, b.parent, c.parent)
         WHERE l.undone = 0 AND l.how <> 'undo' AND l.valid_from > $1
         ORDER BY l.valid_from, l.decision, l.share DESC, l.before)"};
    tx.each(
        sql,
        [&](const store::Row& row) {
            parts.come_from(
                {row.integer(0)}, {row.integer(1)}, parse_name<Level>(row.text(2)).value(),
                static_cast<County>(row.integer(3)), above_in(row, 4)
            );
            return true;
        },
        date
    );
}

}  // namespace

TreeParts parts_on(store::Tx& tx, Date date) {
    constexpr store::Sql sql{"area.parts_on", R"(
        SELECT area, code, name, level, kind, parent, urban_rural, counted FROM area_version
         WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1) AND area > $2
         ORDER BY area LIMIT $3)"};
    TreeParts parts;
    by_pages(tx, sql, date, [&](const store::Row& row) {
        parts.add(
            {row.integer(0)}, row.text(1), row.text(2), parse_name<Level>(row.text(3)).value(),
            parse_name<Kind>(row.text(4)).value(), {row.integer(5)},
            parse_name<UrbanRural>(row.text(6)).value(), row.integer(7) != 0
        );
        return row.integer(0);
    });
    add_heritage(tx, date, parts);
    add_origins(tx, date, parts);
    return parts;
}

std::vector<Date> changes_of(store::Tx& tx, const Tree& tree, AreaId id) {
    constexpr store::Sql sql{"area.changes_of", R"(
        SELECT DISTINCT valid_from FROM area_lineage
         WHERE undone = 0 AND how <> 'undo' AND (before = $1 OR after = $1) ORDER BY valid_from)"};
    constexpr std::size_t kin_most = 200;
    std::set<AreaId> kin{id};
    const auto add = [&](const auto& list) {
        for (const auto& one : list) {
            if (kin.size() < kin_most) {
                kin.insert(one.area);
            }
        }
    };
    add(tree.heritage(id));
    add(tree.departed(id));
    std::set<Date> days;
    for (const auto one : kin) {
        for (const auto day : tx.all<Date>(sql, one)) {
            days.insert(day);
        }
    }
    return {days.begin(), days.end()};
}

Tree::Counties county_numbers(store::Tx& tx) {
    constexpr store::Sql sql{"area.county_numbers", "SELECT area, number FROM area_county"};
    Tree::Counties numbers;
    tx.each(sql, [&](const store::Row& row) {
        numbers[{row.integer(0)}] = static_cast<County>(row.integer(1));
        return true;
    });
    return numbers;
}

Validity validity_around(store::Tx& tx, Date date) {
    constexpr store::Sql sql{"area.validity_around", R"(
        SELECT (SELECT max(valid_from) FROM area_version WHERE valid_from <= $1),
               (SELECT max(valid_to) FROM area_version WHERE valid_to <= $1),
               (SELECT min(valid_from) FROM area_version WHERE valid_from > $1),
               (SELECT min(valid_to) FROM area_version WHERE valid_to > $1))"};
    Validity found{{std::numeric_limits<int>::min()}, {std::numeric_limits<int>::max()}};
    tx.each(
        sql,
        [&](const store::Row& row) {
            for (const int column : {0, 1, 2, 3}) {
                const Date day{static_cast<std::int32_t>(row.integer(column))};
                if (row.null(column)) {
                    continue;
                }
                column < 2 ? void(found.from = std::max(found.from, day))
                           : void(found.to = std::min(found.to, day));
            }
            return false;
        },
        date
    );
    return found;
}

std::vector<Version> versions_on(store::Tx& tx, Date date) {
    constexpr store::Sql sql{"area.versions_on", R"(
        SELECT area, valid_from, valid_to, code, name, level, kind, parent, urban_rural, counted
          FROM area_version WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1) AND area > $2
         ORDER BY area LIMIT $3)"};
    std::vector<Version> versions;
    by_pages(tx, sql, date, [&](const store::Row& row) {
        versions.push_back(store::read_row<Version>(row));
        return versions.back().area.value;
    });
    return versions;
}

std::optional<Version> version_on(store::Tx& tx, AreaId id, Date date) {
    constexpr store::Sql sql{"area.version_on", R"(
        SELECT area, valid_from, valid_to, code, name, level, kind, parent, urban_rural, counted
          FROM area_version
         WHERE area = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2))"};
    return tx.one<Version>(sql, id, date);
}

std::vector<Version> versions_of(store::Tx& tx, AreaId id) {
    constexpr store::Sql sql{"area.versions_of", R"(
        SELECT area, valid_from, valid_to, code, name, level, kind, parent, urban_rural, counted
          FROM area_version WHERE area = $1 ORDER BY valid_from)"};
    return tx.all<Version>(sql, id);
}

std::optional<Date> next_beginning(store::Tx& tx, Date date) {
    constexpr store::Sql sql{
        "area.next_beginning", "SELECT min(valid_from) FROM area_version WHERE valid_from > $1"};
    return tx.one<std::optional<Date>>(sql, date).value_or(std::nullopt);
}

bool code_in_use(store::Tx& tx, const std::string& code, Date date) {
    constexpr store::Sql sql{"area.code_in_use", R"(
        SELECT area FROM area_version
         WHERE code = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) LIMIT 1)"};
    return tx.one<AreaId>(sql, code, date).has_value();
}

void number_county(store::Tx& tx, AreaId area) {
    constexpr store::Sql known{
        "area.county_number", "SELECT number FROM area_county WHERE area = $1"};
    constexpr store::Sql last{
        "area.last_county", "SELECT coalesce(max(number), 0) FROM area_county"};
    constexpr store::Sql insert{
        "area.number_county", "INSERT INTO area_county (number, area) VALUES ($1, $2)"};
    if (tx.one<County>(known, area)) {
        return;
    }
    const auto number = tx.one<County>(last).value_or(0) + 1;
    if (number >= county_limit) {
        throw conflict("counties_exhausted", "all 4095 county numbers have been given");
    }
    tx.run(insert, number, area);
}

AreaId insert_area(store::Tx& tx, Version version) {
    constexpr store::Sql node{
        "area.insert_node", "INSERT INTO area_node (id, created_on) VALUES ($1, $2)"};
    if (!version.area) {
        version.area = {tx.new_id(0)};
    }
    tx.post(node, version.area, version.from);
    if (version.level == Level::county) {
        number_county(tx, version.area);
    }
    insert_version(tx, version);
    return version.area;
}

void insert_version(store::Tx& tx, const Version& v) {
    constexpr store::Sql sql{"area.insert_version", R"(
        INSERT INTO area_version (area, valid_from, valid_to, code, name, level, kind, parent, urban_rural, counted)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))"};
    tx.post(
        sql, v.area, v.from, v.to, v.code, v.name, v.level, v.kind, v.parent, v.urban_rural,
        v.counted
    );
}

void end_version(store::Tx& tx, const Version& version, Date at) {
    constexpr store::Sql end{
        "area.end_version",
        "UPDATE area_version SET valid_to = $3 WHERE area = $1 AND valid_from = $2"};
    constexpr store::Sql remove{
        "area.remove_version", "DELETE FROM area_version WHERE area = $1 AND valid_from = $2"};
    if (version.from == at) {
        tx.run(remove, version.area, version.from);
    } else {
        tx.run(end, version.area, version.from, at);
    }
}

}  // namespace linli::area
