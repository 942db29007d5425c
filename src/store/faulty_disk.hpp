// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A disk for tests that runs full or fails when told: an SQLite VFS over the system's one
/// (Options::sqlite_vfs).
#include <atomic>
#include <memory>
#include <string>

#include "store/platter.hpp"

namespace linli::store::testing {

/// What goes wrong from now on, for every file opened through this disk. Thread-safe.
class FaultyDisk {
 public:
    FaultyDisk();
    ~FaultyDisk();  ///< after every database that uses it is closed
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;
    const std::string& name() const { return m_name; }

    std::atomic<bool> full{false};        ///< writes find no space
    std::atomic<bool> sync_fails{false};  ///< fsync reports an I/O error
    std::atomic<bool> read_fails{false};
    std::atomic<std::int64_t> syncs{0};  ///< asked for so far
    /// If set, before any file is opened: keeps account of what a power cut would leave of the
    /// database and its log, and nothing waits for the system's own disk.
    Platter* platter = nullptr;

    struct Vfs;

 private:
    std::string m_name;
    std::unique_ptr<Vfs> m_vfs;
};

}  // namespace linli::store::testing
