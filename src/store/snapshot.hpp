// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The whole database as one file, as it was at one moment, made while others go on writing, and
/// back again. SQLite: a database file. PostgreSQL: what `pg_dump --format=custom` writes of the
/// schema in use; needs the programs of the package postgresql-client.
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "store/store.hpp"

namespace linli::store {

/// What a database holds, as far as two of them can be compared by it.
struct Figures {
    std::string engine;                        ///< "sqlite" or "postgres"
    std::vector<std::string> steps;            ///< "store/1", in order
    std::map<std::string, std::int64_t> rows;  ///< of every table
    std::map<std::string, std::string> heads;  ///< county: "position hash" of its last sealed line
    bool operator==(const Figures&) const = default;
};
Figures figures(Tx&);
Value to_value(const Figures&);
Figures figures_from(const Value&);
/// What differs, in words; "" = nothing.
std::string difference(const Figures& expected, const Figures& found);

/// Of a long copy: done and all, in the same unit.
using Progress = std::function<void(std::int64_t done, std::int64_t all)>;

bool is_postgres(const std::string& url);
/// Writes the file, which must not exist; leaves nothing if it fails. Throws DiskFull,
/// std::runtime_error.
Figures take_snapshot(
    const std::string& url, const std::filesystem::path& to, TimeSource&, RandomSource&,
    const Progress& progress = {}
);
/// Brings it back into a place where nothing is: no such file, or a schema without tables. All or
/// nothing.
void restore_snapshot(const std::filesystem::path& from, const std::string& url);
/// Brings it back in the place of what is there, which is kept under another name; returns that
/// name. Refuses if another process uses the database. All or nothing. `mark` is [a-z0-9_]+.
std::string swap_in_snapshot(
    const std::filesystem::path& from, const std::string& url, const std::string& mark
);
/// False if take_snapshot cannot work for lack of a program.
bool can_take_snapshot(const std::string& url);

/// A PostgreSQL database of its own beside that of `url`, to try a restore in; dropped at the end.
class TrialDatabase {
 public:
    explicit TrialDatabase(const std::string& url);  ///< throws if the role may not make one
    ~TrialDatabase();
    TrialDatabase(const TrialDatabase&) = delete;
    TrialDatabase& operator=(const TrialDatabase&) = delete;
    const std::string& url() const { return m_url; }

 private:
    std::string m_server, m_name, m_url;
};

}  // namespace linli::store
