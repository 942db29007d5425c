// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Boards that were computed just now. What a board shows does not depend on who asks, so those who
/// ask the same share one computation, until something has changed under the area.
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <vector>

#include "flow/board.hpp"

namespace linli::flow {

class BoardCache {
 public:
    struct Key {
        std::string kind;
        AreaId area;
        int days = 0;
        std::vector<std::int64_t> newest;  ///< newest_changes() of what it counts
        auto operator<=>(const Key&) const = default;
    };
    static constexpr std::int64_t kept_ms = 2'000;  ///< what is overdue goes by the clock
    static constexpr std::size_t boards_most = 256;

    /// `compute` runs without lock; who asks the same meanwhile waits for it.
    Board get(const Key&, Instant now, const std::function<Board()>& compute);

 private:
    struct Entry {
        Instant made_at;
        std::shared_future<Board> board;
    };
    std::mutex m_mutex;
    std::map<Key, Entry> m_boards;
};

/// The newest change line of each county under an area, and of what is filed above counties.
std::vector<std::int64_t> newest_changes(store::Tx&, const area::Tree&, AreaId);

}  // namespace linli::flow
