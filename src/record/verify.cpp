// SPDX-License-Identifier: Apache-2.0
#include "record/verify.hpp"

#include <algorithm>

#include "record/engine.hpp"

namespace linli::record {

using store::Check;
using store::Sql;
using store::Tx;

struct Verify::Impl {
    explicit Impl(Parts parts) : core(std::move(parts)) {}
    const Core core;
};

Verify::Verify(Parts parts) : m_impl(std::make_unique<Impl>(std::move(parts))) {}
Verify::~Verify() = default;

namespace {

std::string where_of(const KindTable& table, std::int64_t id) {
    return table.kind->name + " " + std::to_string(id);
}

/// What stands beside a row, in the order of `beside`.
struct Beside {
    std::int64_t versions = 0, newest = 0;
    std::string open, done, digest;
    bool area = false, unit = false;
};

constexpr const char* beside = R"(
    (SELECT COUNT(DISTINCT h.version) FROM record_history h WHERE h.county = r.county AND h.record = r.id),
    (SELECT MAX(h.version) FROM record_history h WHERE h.county = r.county AND h.record = r.id),
    (SELECT w.state FROM flow_work w WHERE w.county = r.county AND w.id = r.id),
    (SELECT d.state FROM flow_done d WHERE d.county = r.county AND d.id = r.id),
    (SELECT c.digest_after FROM store_change c WHERE c.county = r.county AND c.kind = $1 AND c.record = r.id
        AND c.version = r.version AND c.digest_after <> '' ORDER BY c.id DESC LIMIT 1),
    (SELECT COUNT(*) FROM area_node n WHERE n.id = r.area),
    (SELECT COUNT(*) FROM identity_unit u WHERE u.id = r.unit))";

Beside read_beside(const store::Row& row, int at) {
    return {
        row.integer(at),
        row.integer(at + 1),
        std::string(row.text(at + 2)),
        std::string(row.text(at + 3)),
        std::string(row.text(at + 4)),
        row.integer(at + 5) > 0,
        row.integer(at + 6) > 0};
}

void check_flow(const KindTable& table, const Record& r, const Beside& b, Check& check) {
    const auto where = where_of(table, r.id.value);
    const auto states = table.kind->states();
    if (std::find(states.begin(), states.end(), r.state) == states.end()) {
        check.add(where, "is in state " + r.state + ", which its flow does not know");
        return;
    }
    if (!table.kind->flow) {
        return;
    }
    const auto& here = over(table, r) ? b.done : b.open;
    const auto& other = over(table, r) ? b.open : b.done;
    if (here != r.state) {
        check.add(
            where, "is in state " + r.state + ", but " +
                       (here.empty() ? "has no row" : "in state " + here) + " among what is " +
                       (over(table, r) ? "over" : "open")
        );
    }
    if (!other.empty()) {
        check.add(
            where, "is in state " + r.state + " and yet among what is " +
                       (over(table, r) ? "open" : "over")
        );
    }
}

void check_record(const KindTable& table, const Record& r, const Beside& b, Check& check) {
    const auto where = where_of(table, r.id.value);
    check_flow(table, r, b, check);
    if (b.versions != r.version || b.newest != r.version) {
        check.add(
            where, "is at version " + std::to_string(r.version) + "; its history has " +
                       std::to_string(b.versions) + " versions up to " + std::to_string(b.newest)
        );
    }
    if (b.digest.empty()) {
        check.add(where, "the change log has no line of its version");
    } else if (b.digest != digest(table, r)) {
        check.add(where, "is not what the change log has the digest of");
    }
    if (!b.area) {
        check.add(where, "its area does not exist");
    }
    if (r.unit && !b.unit) {
        check.add(where, "its unit in charge does not exist");
    }
}

void check_orphans(Tx& tx, const KindTable& table, Check& check) {
    const auto missing = " t WHERE t.kind = $1 AND NOT EXISTS (SELECT 1 FROM " + table.table +
                         " r WHERE r.county = t.county AND r.id = t.";
    const auto find = [&](const std::string& from, const std::string& column, const char* what) {
        const auto text = "SELECT t." + column + " FROM " + from + missing + column +
                          ") ORDER BY t.county, t." + column;
        check.add_rows(tx, {"record.orphans", text}, table.kind->name, what, table.kind->name);
    };
    find("flow_work", "id", "is in inboxes, but there is no such record");
    find("flow_done", "id", "is counted as over, but there is no such record");
    find("flow_clock", "record", "has a clock, but there is no such record");
    find("record_history", "record", "has a history, but there is no such record");
    find("record_file", "record", "has a file, but there is no such record");
}

}  // namespace

void Verify::records(Tx& tx, Check& check) const {
    for (const auto& table : m_impl->core.tables) {
        const auto text =
            "SELECT " + table->whole.columns + ", " + beside + " FROM " + table->table + " r";
        tx.each(
            {"record.verify", text},
            [&](const store::Row& row) {
                ++check.examined;
                const auto record = table->read(row);
                check_record(*table, record, read_beside(row, table->whole.count), check);
                return true;
            },
            table->kind->name
        );
        check_orphans(tx, *table, check);
    }
}

void Verify::files(Tx& tx, Check& check) const {
    constexpr Sql sql{"record.verify_files", R"(
        SELECT kind, record, name, size, blob FROM record_file ORDER BY county, record, id)"};
    tx.each(sql, [&](const store::Row& row) {
        ++check.examined;
        const auto where = std::string(row.text(0)) + " " + std::to_string(row.integer(1));
        const std::string blob(row.text(4));
        try {
            const auto size = m_impl->core.parts.blobs.get(blob).size();
            if (static_cast<std::int64_t>(size) != row.integer(3)) {
                check.add(where, "the size of a file is not what its row says: " + blob);
            }
        } catch (const std::exception& error) {
            check.add(where, error.what());
        }
        return true;
    });
}

void Verify::keys(Tx& tx, Check& check) const {
    const auto& core = m_impl->core;
    for (const auto& table : core.tables) {
        for (std::size_t i = 0; i < table->size(); ++i) {
            if (shape_of(table->field(i)) != Shape::sealed) {
                continue;
            }
            const auto& name = table->field(i).name;
            const auto text = "SELECT " + table->whole.columns + " FROM " + table->table +
                              " r WHERE r." + sql_name(name) + " IS NOT NULL LIMIT 1";
            tx.each({"record.verify_key", text}, [&](const store::Row& row) {
                ++check.examined;
                const auto record = table->read(row);
                try {
                    open(core, *table, record, i);
                } catch (const std::exception& error) {
                    check.add(
                        where_of(*table, record.id.value),
                        "field " + name + " does not open with the key: " + error.what()
                    );
                }
                return true;
            });
        }
    }
}

}  // namespace linli::record
