// SPDX-License-Identifier: Apache-2.0
#include "identity/succession.hpp"

#include <algorithm>

#include "identity/store.hpp"
#include "store/change.hpp"

namespace linli::identity {

namespace {

using area::Ending;
using Deed = area::Hooks::Deed;

std::vector<GrantRow> grants_over(store::Tx& tx, AreaId area) {
    constexpr store::Sql sql{"identity.grants_over", R"(
        SELECT id, account, role, area, unit, head FROM identity_grant WHERE area = $1 AND ended_at = 0 ORDER BY id)"};
    return tx.all<GrantRow>(sql, area);
}

void log(
    store::Tx& tx, const Deed& deed, const char* kind, std::int64_t about, const char* action,
    AreaId before, AreaId after, const std::string& detail
) {
    store::Change change;
    change.at = deed.now;
    change.actor = deed.by;
    change.kind = kind;
    change.record = {about};
    change.action = action;
    change.area_before = before;
    change.area_after = after;
    change.detail = detail;
    store::append_change(tx, 0, std::move(change));
}

/// The grant over another area; the id of it, or 0 if the account holds the same there already.
std::int64_t grant_over(store::Tx& tx, const GrantRow& model, AreaId area, const Deed& deed) {
    constexpr store::Sql same{"identity.same_grant", R"(
        SELECT id FROM identity_grant
         WHERE account = $1 AND role = $2 AND area = $3 AND unit = $4 AND head = $5 AND ended_at = 0)"};
    constexpr store::Sql insert{"identity.succeeding_grant", R"(
        INSERT INTO identity_grant (id, account, role, area, unit, head, granted_by, granted_at, ended_by, ended_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0))"};
    if (tx.one<std::int64_t>(same, model.account, model.role, area, model.unit, model.head)) {
        return 0;
    }
    const auto id = tx.new_id(0);
    tx.run(insert, id, model.account, model.role, area, model.unit, model.head, deed.by, deed.now);
    log(tx, deed, "account", model.account.value, "grant", model.area, area, model.role);
    return id;
}

void replace_grant(
    store::Tx& tx, const GrantRow& row, const std::vector<AreaId>& areas, const Deed& deed
) {
    constexpr store::Sql keep{
        "identity.keep_regrant",
        "INSERT INTO identity_regrant (decision, ended, made, area_after) VALUES ($1, $2, $3, $4)"};
    for (const auto area : areas) {
        tx.run(keep, deed.decision, row.id, grant_over(tx, row, area, deed), area);
    }
    end_grant(tx, row, deed.by, deed.now);
}

void save_moved(store::Tx& tx, const UnitRow& before, UnitRow unit, const Deed& deed) {
    if (!save_unit(tx, unit)) {
        throw conflict("unit_changed", "the unit " + unit.name + " was changed meanwhile");
    }
    log(tx, deed, "unit", unit.id.value, "move", before.area, unit.area, "");
}

void move_units(
    store::Tx& tx, const Ending& ending, const Deed& deed, bool dry, Succession& result
) {
    constexpr store::Sql keep{"identity.keep_moved_unit", R"(
        INSERT INTO identity_moved_unit (decision, unit, area_before, area_after, office_before)
        VALUES ($1, $2, $3, $4, $5))"};
    const auto there = dry ? std::vector<UnitRow>{} : units_of_area(tx, ending.heir);
    bool has_office = std::any_of(there.begin(), there.end(), [](const UnitRow& unit) {
        return unit.office && unit.enabled;
    });
    for (const auto& before : units_of_area(tx, ending.area)) {
        result.units.push_back({before.id, before.name, ending.area, ending.heir});
        if (dry) {
            continue;
        }
        auto unit = before;
        unit.area = ending.heir;
        unit.office = before.office && !has_office;
        has_office = has_office || (unit.office && unit.enabled);
        tx.run(keep, deed.decision, unit.id, before.area, unit.area, before.office);
        save_moved(tx, before, unit, deed);
    }
}

void move_grants(
    store::Tx& tx, const Ending& ending, const Deed& deed, bool dry, Succession& result
) {
    for (const auto& row : grants_over(tx, ending.area)) {
        const auto areas = row.unit ? std::vector<AreaId>{ending.heir} : ending.successors;
        const auto known =
            std::find_if(result.grants.begin(), result.grants.end(), [&](const auto& one) {
                return one.role == row.role && one.from == row.area && one.to == areas;
            });
        known == result.grants.end() ? result.grants.push_back({row.role, row.area, areas, 1})
                                     : void(++known->count);
        result.accounts.push_back(row.account);
        if (!dry) {
            replace_grant(tx, row, areas, deed);
        }
    }
}

struct Regrant {
    std::int64_t ended = 0, made = 0;
    static constexpr auto fields =
        std::tuple{field("ended", &Regrant::ended), field("made", &Regrant::made)};
};

/// A grant comes back if one of those that took its place is still held.
void give_grants_back(store::Tx& tx, const Deed& deed, Succession& result) {
    constexpr store::Sql kept{"identity.regrants", R"(
        SELECT ended, made FROM identity_regrant WHERE decision = $1 ORDER BY ended, area_after)"};
    constexpr store::Sql reopen{
        "identity.reopen_grant",
        "UPDATE identity_grant SET ended_by = 0, ended_at = 0 WHERE id = $1"};
    constexpr store::Sql account{"identity.grant_of_any_time", R"(
        SELECT id, account, role, area, unit, head FROM identity_grant WHERE id = $1)"};
    std::map<std::int64_t, bool> back;
    for (const auto& one : tx.all<Regrant>(kept, deed.decision)) {
        const auto made = one.made ? find_grant(tx, one.made) : std::nullopt;
        back[one.ended] = back[one.ended] || one.made == 0 || made;
        if (made) {
            end_grant(tx, *made, deed.by, deed.now);
            result.accounts.push_back(made->account);
        }
    }
    for (const auto& [id, held] : back) {
        if (held) {
            const auto row = tx.one<GrantRow>(account, id).value();
            tx.run(reopen, id);
            log(tx, deed, "account", row.account.value, "grant", {}, row.area, row.role);
            result.accounts.push_back(row.account);
        }
    }
}

struct MovedUnit {
    UnitId unit;
    AreaId before, after;
    bool office = false;
    static constexpr auto fields = std::tuple{
        field("unit", &MovedUnit::unit), field("before", &MovedUnit::before),
        field("after", &MovedUnit::after), field("office", &MovedUnit::office)};
};

void give_units_back(store::Tx& tx, const Deed& deed) {
    constexpr store::Sql kept{"identity.moved_units", R"(
        SELECT unit, area_before, area_after, office_before FROM identity_moved_unit
         WHERE decision = $1 ORDER BY unit)"};
    for (const auto& one : tx.all<MovedUnit>(kept, deed.decision)) {
        const auto before = find_unit(tx, one.unit);
        if (before && before->area == one.after) {
            auto unit = *before;
            unit.area = one.before;
            unit.office = one.office;
            save_moved(tx, *before, unit, deed);
        }
    }
}

}  // namespace

Succession succeed(store::Tx& tx, const std::vector<Ending>& endings, const Deed& deed, bool dry) {
    Succession result;
    for (const auto& ending : endings) {
        move_units(tx, ending, deed, dry, result);
        move_grants(tx, ending, deed, dry, result);
    }
    return result;
}

Succession give_back(store::Tx& tx, const std::vector<Ending>& vanished, const Deed& deed) {
    Succession result;
    give_units_back(tx, deed);
    give_grants_back(tx, deed, result);
    for (const auto& ending : vanished) {
        for (const auto& before : units_of_area(tx, ending.area)) {
            auto unit = before;
            unit.area = ending.heir;
            unit.office = false;
            save_moved(tx, before, unit, deed);
        }
    }
    return result;
}

}  // namespace linli::identity
