// SPDX-License-Identifier: Apache-2.0
// Decisions about areas: open records follow their areas, with a line in history and log each.
#include <span>

#include "record/engine_impl.hpp"
#include "record/write.hpp"

namespace linli::record {

namespace {

using area::Filing;

/// One transaction files all of them, so that rights and records move together; more would hold up
/// everybody who writes.
constexpr std::size_t refiled_most = 200'000;
constexpr std::size_t read_together = 200;

const char* column_of(area::Level level) {
    return level <= area::Level::subdistrict ? "subdistrict"
           : level == area::Level::grid      ? "grid"
                                             : "community";
}
std::int64_t value_of(const area::Refiling& one) {
    return one.level <= area::Level::subdistrict ? one.before.subdistrict.value
           : one.level == area::Level::grid      ? one.before.grid.value
                                                 : one.before.community.value;
}

/// Open records filed at exactly this area.
std::vector<RecordId> filed_at(store::Tx& tx, const KindTable& table, const area::Refiling& one) {
    Binder all;
    all.add(one.before.county_number);
    all.add(value_of(one));
    all.add(one.from);
    std::string in;
    const auto states = table.kind->states();
    for (const auto& state : states) {
        if (state != "withdrawn") {
            in += (in.empty() ? "" : ", ") + all.place();
            all.add(state);
        }
    }
    const auto text = "SELECT id, state, flow_version FROM " + table.table +
                      " WHERE county = $1 AND " + column_of(one.level) +
                      " = $2 AND area = $3 AND state IN (" + in + ") ORDER BY id";
    std::vector<RecordId> found;
    Record probe;
    tx.query(store::Sql{"record.filed_at", text}, all.params(), [&](const store::Row& row) {
        probe.state = row.text(1);
        probe.flow_version = static_cast<int>(row.integer(2));
        if (!over(table, probe)) {
            found.push_back({row.integer(0)});
        }
        return found.size() <= refiled_most;
    });
    return found;
}

/// Of one county, `read_together` at most.
std::vector<Record> read_all(store::Tx& tx, const KindTable& table, std::span<const RecordId> ids) {
    Binder all;
    all.add(home(ids.front()));
    std::string in;
    for (std::size_t i = 0; i < read_together; ++i) {  // always as many: one text a kind
        in += (in.empty() ? "" : ", ") + all.place();
        all.add(ids[std::min(i, ids.size() - 1)]);
    }
    const auto text = "SELECT " + table.whole.columns + " FROM " + table.table +
                      " r WHERE r.county = $1 AND r.id IN (" + in + ") ORDER BY r.id";
    std::vector<Record> found;
    tx.query(store::Sql{"record.read_all", text}, all.params(), [&](const store::Row& row) {
        found.push_back(table.read(row));
        return true;
    });
    return found;
}

template <class F>
void each_filed_at(store::Tx& tx, const KindTable& table, const area::Refiling& one, const F& f) {
    const auto ids = filed_at(tx, table, one);
    for (std::size_t i = 0; i < ids.size(); i += read_together) {
        const auto some = std::span(ids).subspan(i, std::min(read_together, ids.size() - i));
        for (const auto& record : read_all(tx, table, some)) {
            f(record, one);
        }
    }
}

void refuse_too_many(std::size_t count) {
    if (count > refiled_most) {
        throw invalid(
            "/areas", "too_many_open",
            "more than " + std::to_string(refiled_most) +
                " open records would be filed anew; decide for smaller areas"
        );
    }
}

/// Where a record goes: with its area, or with the compound or grid that it names.
Filing place_of(
    const KindTable& table, const Record& r, const area::Refiling& one,
    const std::map<AreaId, Filing>& homes
) {
    for (std::size_t i = 0; i < table.size() && !homes.empty(); ++i) {
        const auto& field = table.field(i);
        const auto* id = field.type == catalogue::FieldType::ref && field.to == "area"
                             ? r.cells[i].value.as_int()
                             : nullptr;
        const auto home = id ? homes.find({*id}) : homes.end();
        if (home != homes.end() && !homes.contains(r.area)) {
            return home->second;
        }
    }
    return one.after;
}

class Refiler {
 public:
    Refiler(const Context& c, std::int64_t decision) : m_c(c), m_decision(decision) {}

    /// Goes by what the record is now if somebody has changed it since it was read.
    void file(const KindTable& table, Record before, const Filing& to, bool keep) {
        while (!write(table, before, to)) {
            auto now = find(m_c.tx, table, before.id);
            if (!now || over(table, *now) || now->area != before.area) {
                return;
            }
            before = std::move(*now);
        }
        const auto after = filed(before, to);
        if (table.kind->flow) {
            m_c.core.parts.flow.refile(m_c.tx, after.id, to);
        }
        Event event;
        event.action = "refile";
        event.detail = "decision=" + std::to_string(m_decision);
        log_change(m_c, table, &before, after, event);
        if (keep) {
            remember(table, before, after);
        }
    }

 private:
    static Record filed(Record record, const Filing& to) {
        record.area = to.area;
        record.subdistrict = to.subdistrict;
        record.community = to.community;
        record.grid = to.grid;
        ++record.version;
        return record;
    }
    bool write(const KindTable& table, const Record& before, const Filing& place) {
        Binder to;
        to.add(before.county());
        to.add(before.id);
        to.add(before.version);
        for (const auto id : {place.area, place.subdistrict, place.community, place.grid}) {
            id ? to.add(id) : to.add(nullptr);
        }
        const auto text =
            "UPDATE " + table.table +
            " SET version = version + 1, area = $4, subdistrict = $5, community = $6, "
            "grid = $7 WHERE county = $1 AND id = $2 AND version = $3";
        return m_c.tx.execute(store::Sql{"record.refile", text}, to.params()) == 1;
    }
    void remember(const KindTable& table, const Record& before, const Record& after) {
        constexpr store::Sql sql{"record.keep_refiled", R"(
            INSERT INTO record_refiled (county, decision, record, kind, area, subdistrict, community, grid, area_after)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};
        m_c.tx.post(
            sql, after.county(), m_decision, after.id, table.kind->name, before.area,
            before.subdistrict, before.community, before.grid, after.area
        );
    }

    const Context& m_c;
    std::int64_t m_decision;
};

struct Kept {
    RecordId record;
    std::string kind;
    AreaId area, subdistrict, community, grid, after;
    static constexpr auto fields =
        std::tuple{field("record", &Kept::record),       field("kind", &Kept::kind),
                   field("area", &Kept::area),           field("subdistrict", &Kept::subdistrict),
                   field("community", &Kept::community), field("grid", &Kept::grid),
                   field("area_after", &Kept::after)};
};

std::vector<Kept> kept_of(store::Tx& tx, County county, std::int64_t decision) {
    constexpr store::Sql sql{"record.refiled", R"(
        SELECT record, kind, area, subdistrict, community, grid, area_after FROM record_refiled
         WHERE county = $1 AND decision = $2 ORDER BY record)"};
    return tx.all<Kept>(sql, county, decision);
}

http::Caller caller_of(const area::Hooks::Deed& deed) {
    http::Caller caller;
    caller.account = deed.by;
    return caller;
}

}  // namespace

std::vector<Refiled> Engine::refile(
    store::Tx& tx, const area::Plan& plan, const area::Hooks::Deed& deed, Refiling how
) const {
    const auto caller = caller_of(deed);
    const Context c(m_impl->core, tx, &caller, deed.now);
    Refiler refiler(c, deed.decision);
    std::vector<Refiled> result;
    std::size_t count = 0;
    for (const auto& table : c.core.tables) {
        std::map<std::pair<AreaId, AreaId>, std::int64_t> moved;
        const auto move = [&](const Record& record, const area::Refiling& one) {
            const auto to = place_of(*table, record, one, plan.homes);
            if (same_place(to, filing_of(c, record))) {
                return;
            }
            refuse_too_many(++count);
            ++moved[{one.from, to.area}];
            if (how != Refiling::count) {
                refiler.file(*table, record, to, how == Refiling::keep);
            }
        };
        for (const auto& one : plan.refilings) {
            auto before = count;
            do {  // again, for what was filed there while this was under way
                before = count;
                each_filed_at(tx, *table, one, move);
            } while (how != Refiling::count && count > before);
        }
        for (const auto& [way, records] : moved) {
            result.push_back({table->kind->name, way.first, way.second, records});
        }
    }
    return result;
}

void Engine::file_back(store::Tx& tx, const area::Plan& back, const area::Hooks::Deed& deed) const {
    const auto caller = caller_of(deed);
    const Context c(m_impl->core, tx, &caller, deed.now);
    Refiler refiler(c, deed.decision);
    for (const auto county : back.counties) {
        for (const auto& kept : kept_of(tx, county, deed.decision)) {
            const auto& table = c.core.table(kept.kind);
            const auto record = find(tx, table, kept.record);
            if (!record || over(table, *record) || record->area != kept.after) {
                continue;  // over, or moved since
            }
            Filing to;
            to.area = kept.area;
            to.subdistrict = kept.subdistrict;
            to.community = kept.community;
            to.grid = kept.grid;
            refiler.file(table, *record, to, false);
        }
    }
    refile(tx, back, deed, Refiling::for_good);
}

std::vector<Staying> Engine::staying(
    store::Tx& tx, const std::vector<area::Ending>& endings, const area::Tree& tree
) const {
    std::vector<Staying> result;
    for (const auto& table : m_impl->core.tables) {
        for (const auto& ending : endings) {
            const auto* node = tree.find(ending.area);
            if (!node || node->level > area::Level::grid) {
                continue;
            }
            const auto text = "SELECT state, flow_version, count(*) FROM " + table->table +
                              " WHERE county = $1 AND " + column_of(node->level) +
                              " = $2 GROUP BY state, flow_version";
            Staying one{table->kind->name, ending.area, 0};
            tx.each(
                store::Sql{"record.staying", text},
                [&](const store::Row& row) {
                    Record probe;
                    probe.state = row.text(0);
                    probe.flow_version = static_cast<int>(row.integer(1));
                    one.records += over(*table, probe) ? row.integer(2) : 0;
                    return true;
                },
                node->county_number, ending.area
            );
            if (one.records > 0) {
                result.push_back(one);
            }
        }
    }
    return result;
}

}  // namespace linli::record
