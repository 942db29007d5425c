// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a disk really holds: a file's bytes are safe once they were synced; what was written since
/// may be there or not, sector by sector, when the power goes. For tests.
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.hpp"

namespace linli::store::testing {

/// Thread-safe.
class Platter {
 public:
    /// Writes count from now on; the power goes in the middle of the `operations`th. Files that are
    /// known keep what they hold.
    void cut_after(std::int64_t operations);
    bool off() const;
    /// A file as it is when it is opened.
    void open(const std::string& path, std::string_view content);
    void remove(const std::string& path);

    /// False from the moment of the cut on: the caller reports an I/O error.
    bool write(const std::string& path, std::int64_t at, std::string_view bytes);
    bool truncate(const std::string& path, std::int64_t size);
    bool sync(const std::string& path);
    bool lies = false;  ///< a disk that says "synced" and does nothing

    /// The files after the cut: each unsynced sector survives or not, in no order.
    std::map<std::string, std::string> after_cut(RandomSource& random) const;
    /// The power is back: the files are what `after_cut` made of them.
    void restart(const std::map<std::string, std::string>& files);

 private:
    struct Write {
        std::int64_t at = 0;
        std::string bytes;
        bool truncates = false;
    };
    struct File {
        std::string safe;
        std::vector<Write> pending;
    };
    bool spend();  ///< one operation; false once the power is off
    mutable std::mutex m_mutex;
    std::map<std::string, File> m_files;
    std::int64_t m_left = -1;  ///< operations; -1 = no cut is planned
    bool m_off = false;
};

}  // namespace linli::store::testing
