// SPDX-License-Identifier: Apache-2.0
#include "flow/board_cache.hpp"

namespace linli::flow {

Board BoardCache::get(const Key& key, Instant now, const std::function<Board()>& compute) {
    std::promise<Board> promise;
    {
        std::unique_lock lock(m_mutex);
        std::erase_if(m_boards, [&](const auto& one) {
            return now - one.second.made_at >= kept_ms;
        });
        const auto found = m_boards.find(key);
        if (found != m_boards.end()) {
            const auto board = found->second.board;
            lock.unlock();
            return board.get();
        }
        if (m_boards.size() == boards_most) {
            m_boards.clear();
        }
        m_boards[key] = {now, promise.get_future().share()};
    }
    try {
        auto board = compute();
        promise.set_value(board);
        return board;
    } catch (...) {
        promise.set_exception(std::current_exception());
        const std::lock_guard lock(m_mutex);
        m_boards.erase(key);
        throw;
    }
}

std::vector<std::int64_t> newest_changes(store::Tx& tx, const area::Tree& tree, AreaId area) {
    constexpr store::Sql sql{
        "flow.newest_change", "SELECT COALESCE(max(id), 0) FROM store_change WHERE county = $1"};
    auto counties = tree.counties_under(area);
    counties.push_back(0);
    std::vector<std::int64_t> newest;
    for (const auto county : counties) {
        newest.push_back(tx.one<std::int64_t>(sql, county).value_or(0));
    }
    return newest;
}

}  // namespace linli::flow
