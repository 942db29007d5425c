// SPDX-License-Identifier: Apache-2.0
#include "app/live.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/json.hpp"
#include "base/log.hpp"
#include "identity/scope.hpp"
#include "measure/manual.hpp"

namespace linli::app {

namespace {

constexpr int batch = 500;
/// Lines that another process sealed are found by looking.
constexpr auto look = std::chrono::milliseconds(250);
/// More records of a kind than this at once (an import) are told as "several" by area.
constexpr std::size_t singly_most = 50;

/// Whoever filed it is in its first line.
AccountId author_of(store::Tx& tx, const RecordRef& record) {
    const auto first = store::changes_of(tx, home(record.id), record, 1);
    return first.empty() ? AccountId{} : first.front().actor;
}

}  // namespace

Live::Live(
    store::Database& database, store::Sealer& sealer,
    std::shared_ptr<const catalogue::Catalogue> catalogue, area::Areas& areas,
    http::Streams& streams
)
    : m_database(database), m_catalogue(std::move(catalogue)), m_areas(areas), m_streams(streams) {
    for (const auto& [county, position] : m_database.read_now(store::heads)) {
        m_positions[county] = position;
    }
    sealer.on_sealed([signal = m_signal](County) {
        const std::lock_guard lock(signal->mutex);
        signal->wanted = true;
        signal->woken.notify_one();
    });
}

Live::~Live() {
    stop();
}

void Live::start() {
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Live::stop() {
    m_thread = {};
}

void Live::run(std::stop_token stop) {
    bool failed = false;
    std::unique_lock lock(m_signal->mutex);
    while (!stop.stop_requested()) {
        m_signal->woken.wait_for(lock, stop, look, [&] { return m_signal->wanted; });
        m_signal->wanted = false;
        lock.unlock();
        try {
            catch_up();
            failed = false;
        } catch (const std::exception& error) {
            if (!failed) {
                log::warning("telling_failed", obj({{"error", error.what()}}));
            }
            failed = true;
        }
        lock.lock();
    }
}

void Live::catch_up() {
    const std::lock_guard one_at_a_time(m_telling);
    while (tell_some()) {
    }
}

/// False if nothing is left.
bool Live::tell_some() {
    const bool heard = m_streams.listeners() > 0;
    auto positions = m_positions;
    std::vector<News> news;
    bool more = false;
    m_database.read([&](store::Tx& tx) {
        for (const auto& [county, head] : store::heads(tx)) {
            auto& at = positions[county];
            const auto lines = heard && at < head ? store::changes_after(tx, county, at, batch)
                                                  : std::vector<store::SealedChange>();
            add_news(tx, lines, news);
            at = lines.empty() ? head : lines.back().position;
            more = more || at < head;
        }
    });
    m_positions = std::move(positions);
    for (const auto& one : news) {
        tell(one);
    }
    return more;
}

void Live::add_news(
    store::Tx& tx, const std::vector<store::SealedChange>& lines, std::vector<News>& to
) const {
    std::map<std::string, std::map<RecordId, const store::Change*>> records;  // the last line each
    std::set<std::pair<std::string, AreaId>> areas;
    for (const auto& line : lines) {
        const auto& change = line.change;
        if (change.area_after && change.kind == measure::manual_kind) {
            areas.emplace(change.kind, change.area_after);
        }
        if (!change.area_after || !m_catalogue->kind(change.kind)) {
            continue;  // a read, or nothing about a record
        }
        change.record ? void(records[change.kind][change.record] = &change)
                      : void(areas.emplace(change.kind, change.area_after));
        if (change.area_before && change.area_before != change.area_after) {
            areas.emplace(change.kind, change.area_before);
        }
    }
    for (const auto& [kind, changes] : records) {
        for (const auto& [record, change] : changes) {
            if (changes.size() > singly_most) {
                areas.emplace(kind, change->area_after);
                continue;
            }
            to.push_back(
                {kind, record, change->area_after, change->state_after,
                 author_of(tx, {kind, record})}
            );
        }
    }
    for (const auto& [kind, area] : areas) {
        to.push_back({kind, {}, area, {}, {}});
    }
}

/// Whoever works where the record is filed, or filed it, is told that something has changed; what,
/// he asks himself.
void Live::tell(const News& news) const {
    if (news.kind == measure::manual_kind) {
        tell_figures({news.area});
        return;
    }
    const auto tree = m_areas.today();
    const auto area = tree->find(news.area) ? news.area : tree->heir(news.area);
    if (!area) {
        return;  // it has ended since
    }
    const auto works_there = [&](const http::Caller& caller) {
        return std::any_of(
            caller.grants.begin(), caller.grants.end(),
            [&](const http::Grant& grant) {
                const auto* role = m_catalogue->role(grant.role);
                return role && role->staff && tree->within(area, grant.area);
            }
        );
    };
    // Which record it is, only to those who may read it for sure (C17); others look into their
    // lists.
    const auto* spec = m_catalogue->kind(news.kind);
    const auto filing = tree->filing(area);
    const auto may_read = [&](const http::Caller& caller) {
        identity::Facts facts;
        facts.filing = filing;
        facts.state = news.state;
        facts.own = caller.account && caller.account == news.author;
        return !identity::grants_for(caller, *spec, identity::Operation::read, facts, *tree)
                    .empty();
    };
    const auto data =
        to_json(obj({{"kind", news.kind}, {"id", std::to_string(news.record.value)}}));
    m_streams.publish({"record", data}, may_read);
    m_streams.publish({"inbox", "{}"}, works_there);
    m_streams.publish({"board", "{}"}, works_there);
}

/// Figures of an area are also those of all above it.
void Live::tell_figures(const std::vector<AreaId>& areas) const {
    const auto tree = m_areas.today();
    const auto in_reach = [&](AreaId granted) {
        return std::any_of(areas.begin(), areas.end(), [&](AreaId filed) {
            const auto area = !filed || tree->find(filed) ? filed : tree->heir(filed);
            return !area || tree->within(area, granted) || tree->within(granted, area);
        });
    };
    m_streams.publish({"figures", "{}"}, [&](const http::Caller& caller) {
        return std::any_of(
            caller.grants.begin(), caller.grants.end(),
            [&](const http::Grant& grant) {
                const auto* role = m_catalogue->role(grant.role);
                return role && role->staff && in_reach(grant.area);
            }
        );
    });
}

}  // namespace linli::app
