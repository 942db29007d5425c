// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Rows of small reference tables (units) that were read a moment ago. What this process changes is
/// forgotten when it commits; what another process changes is seen after a second at the latest.
/// Thread-safe.
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace linli::store {

class Memory {
 public:
    using Key = std::pair<std::string_view, std::int64_t>;  ///< name of the query, a literal; what
                                                            ///< it was asked
    std::shared_ptr<const void> find(const Key&);
    void keep(const Key&, std::shared_ptr<const void>);
    void forget();

 private:
    static constexpr std::size_t limit = 20'000;
    static constexpr std::chrono::seconds life{1};
    void expire();  ///< with m_mutex held
    std::mutex m_mutex;
    std::map<Key, std::shared_ptr<const void>> m_kept;
    std::chrono::steady_clock::time_point m_since;
};

}  // namespace linli::store
