// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Backups while the server runs, restored elsewhere; snapshots before an upgrade, and the way
/// back.
#include <filesystem>
#include <string>

#include "app/application.hpp"

namespace linli::app {

struct BackupOrder {
    std::filesystem::path to;          ///< a file, or a folder in which it gets a name
    std::filesystem::path passphrase;  ///< file with the passphrase
    bool with_keys = false;
    bool verify = true;  ///< restores it into a temporary place and compares
    int keep = 0;        ///< in a folder: older ones beyond that many go; 0 = none goes
};

/// Each returns the exit code, prints what was done, and throws std::runtime_error in words for the
/// operator. Nothing is overwritten, and nothing half is left.
int backup(const Settings&, const BackupOrder&);
int verify_backup(
    const Settings&, const std::filesystem::path& file, const std::filesystem::path& passphrase
);
int restore(
    const Settings&, const std::filesystem::path& file, const std::filesystem::path& passphrase
);

/// If this program has schema steps to run on a database that holds something, a snapshot goes to
/// DATA/snapshots first. Throws if none can be made and the settings do not say to go on without.
void snapshot_before_upgrade(const Settings&, TimeSource&, RandomSource&);
/// Puts a snapshot in the place of the database, which is kept under another name. No file named =
/// the latest.
int roll_back(const Settings&, std::filesystem::path snapshot);

/// The path or URL of the database that the settings name.
std::string database_url(const Settings&);

}  // namespace linli::app
