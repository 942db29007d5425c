// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <mutex>

#include "area/area.hpp"
#include "area/store.hpp"
#include "store/fact.hpp"

namespace linli::area {

namespace {

constexpr const char* revision_fact = "area_tree";

/// A tree and the days [from, to) on which it is the same.
struct Dated {
    std::shared_ptr<const Tree> tree;
    Date from, to;
    std::string revision;  ///< of the tree in the database
    bool holds(Date date) const { return from <= date && date < to; }
};

Dated read_tree(store::Database& database, Date date) {
    return database.read_now([&](store::Tx& tx) {
        const auto validity = validity_around(tx, date);
        return Dated{
            std::make_shared<const Tree>(date, parts_on(tx, date), county_numbers(tx)),
            validity.from, validity.to, store::fact(tx, revision_fact).value_or("")};
    });
}

}  // namespace

struct Areas::Impl {
    static constexpr std::size_t kept = 4;

    store::Database& database;
    TimeSource& time;
    std::mutex mutex;    ///< of `present` and `others`
    std::mutex reading;  ///< one reads, the others wait for what it brings
    Dated present;
    std::deque<Dated> others;  ///< of other days, the newest first
    std::string revision;      ///< of the last reload, under `mutex`

    Impl(store::Database& db, TimeSource& source) : database(db), time(source) {
        present = read_tree(database, official_date(time.now()));
        revision = present.revision;
    }

    std::shared_ptr<const Tree> kept_for(Date date) {
        const std::lock_guard lock(mutex);
        if (present.holds(date)) {
            return present.tree;
        }
        for (const auto& other : others) {
            if (other.holds(date)) {
                return other.tree;
            }
        }
        return nullptr;
    }

    std::shared_ptr<const Tree> on(Date date) {
        if (auto tree = kept_for(date)) {
            return tree;
        }
        const std::lock_guard one_reader(reading);
        if (auto tree = kept_for(date)) {
            return tree;
        }
        auto dated = read_tree(database, date);
        const std::lock_guard lock(mutex);
        if (date == official_date(time.now())) {
            std::swap(present, dated);
            return present.tree;
        }
        others.push_front(dated);
        if (others.size() > kept) {
            others.pop_back();
        }
        return dated.tree;
    }
};

Areas::Areas(store::Database& database, TimeSource& time)
    : m_impl(std::make_shared<Impl>(database, time)) {}

std::shared_ptr<const Tree> Areas::today() const {
    return m_impl->on(official_date(m_impl->time.now()));
}

std::shared_ptr<const Tree> Areas::on(Date date) const {
    return m_impl->on(date);
}

void Areas::reload() {
    const std::lock_guard one_reader(m_impl->reading);
    auto dated = read_tree(m_impl->database, official_date(m_impl->time.now()));
    const std::lock_guard lock(m_impl->mutex);
    std::swap(m_impl->present, dated);
    m_impl->revision = m_impl->present.revision;
    m_impl->others.clear();
}

void Areas::refresh() {
    const auto revision = m_impl->database.read_now([](store::Tx& tx) {
        return store::fact(tx, revision_fact).value_or("");
    });
    {
        const std::lock_guard lock(m_impl->mutex);
        if (revision == m_impl->revision) {
            return;
        }
    }
    reload();
}

void tree_changed(store::Tx& tx) {
    store::set_fact(tx, revision_fact, std::to_string(tx.new_id(0)));
}

std::string Areas::city_code(AreaId id, const std::vector<std::string>& codes) const {
    const auto tree = today();
    const auto here = tree->find(id) ? id : tree->heir(id);
    for (const auto* node = tree->find(here); node; node = tree->parent(node->id)) {
        const auto found = std::find(codes.begin(), codes.end(), node->code);
        if (found != codes.end()) {
            return *found;
        }
    }
    return {};
}

}  // namespace linli::area
