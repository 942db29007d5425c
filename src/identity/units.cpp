// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/text.hpp"
#include "identity/store.hpp"

namespace linli::identity {

UnitId create_unit(store::Tx& tx, UnitRow row, Instant now) {
    constexpr store::Sql sql{"identity.create_unit", R"(
        INSERT INTO identity_unit (id, area, name, kind, office, calendar, phone, enabled, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1))"};
    row.id = {tx.new_id(0)};
    row.name = tidy(row.name);
    if (row.name.empty()) {
        throw invalid("/name", "required", "a unit has a name");
    }
    tx.run(
        sql, row.id, row.area, row.name, row.kind, row.office, row.calendar, row.phone, row.enabled,
        now
    );
    tx.forget_remembered();
    return row.id;
}

std::optional<UnitRow> find_unit(store::Tx& tx, UnitId id) {
    constexpr store::Sql sql{"identity.find_unit", R"(
        SELECT id, area, name, kind, office, calendar, phone, enabled, version
          FROM identity_unit WHERE id = $1)"};
    return tx.remember(sql.name, id.value, [&] { return tx.one<UnitRow>(sql, id); });
}

std::vector<UnitRow> units_of_area(store::Tx& tx, AreaId area) {
    constexpr store::Sql sql{"identity.units_of_area", R"(
        SELECT id, area, name, kind, office, calendar, phone, enabled, version
          FROM identity_unit WHERE area = $1 ORDER BY id)"};
    return tx.all<UnitRow>(sql, area);
}

bool save_unit(store::Tx& tx, const UnitRow& row) {
    constexpr store::Sql sql{"identity.save_unit", R"(
        UPDATE identity_unit SET area = $3, name = $4, kind = $5, office = $6, calendar = $7, phone = $8,
               enabled = $9, version = version + 1
         WHERE id = $1 AND version = $2)"};
    tx.forget_remembered();
    return tx.run(
               sql, row.id, row.version, row.area, row.name, row.kind, row.office, row.calendar,
               row.phone, row.enabled
           ) == 1;
}

namespace {

std::optional<UnitId> nearest_office(store::Tx& tx, const area::Tree& tree, AreaId area) {
    constexpr store::Sql sql{"identity.office_of", R"(
        SELECT id, area FROM identity_unit
         WHERE area IN ($1, $2, $3, $4, $5, $6, $7, $8, $9) AND office = 1 AND enabled = 1 ORDER BY id)"};
    std::array<AreaId, names(area::Level{}).size()> up;  // no path is longer than there are levels
    const auto path = tree.path(area);
    for (std::size_t i = 0; i < path.size() && i < up.size(); ++i) {
        up[i] = path[path.size() - 1 - i]->id;
    }
    std::optional<UnitId> nearest;
    std::size_t distance = up.size();
    tx.each(
        sql,
        [&](const store::Row& row) {
            for (std::size_t i = 0; i < distance; ++i) {
                if (up[i].value == row.integer(1)) {
                    distance = i;
                    nearest = UnitId{row.integer(0)};
                }
            }
            return true;
        },
        up[0], up[1], up[2], up[3], up[4], up[5], up[6], up[7], up[8]
    );
    return nearest;
}

}  // namespace

std::optional<UnitId> office_of(store::Tx& tx, const area::Tree& tree, AreaId area) {
    return tx.remember("identity.office_of", area.value, [&] {
        return nearest_office(tx, tree, area);
    });
}

std::vector<AccountId> heads_of(store::Tx& tx, UnitId unit) {
    constexpr store::Sql sql{"identity.heads_of", R"(
        SELECT DISTINCT g.account FROM identity_grant g JOIN identity_account a ON a.id = g.account
         WHERE g.unit = $1 AND g.head = 1 AND g.ended_at = 0 AND a.enabled = 1 ORDER BY g.account)"};
    return tx.all<AccountId>(sql, unit);
}

}  // namespace linli::identity
