// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Snapshots of PostgreSQL by its own programs. Internal to the store.
#include <filesystem>
#include <string>

#include "store/store.hpp"

namespace linli::store {

bool postgres_programs_found();
/// Of the moment that the reading transaction sees.
void dump_postgres(Tx&, const std::string& url, const std::filesystem::path& to);
/// Into a schema without tables. `before` is SQL that runs first, in the same transaction.
void restore_postgres(
    const std::filesystem::path& from, const std::string& url, const std::string& before
);
/// The schema there is gets the name returned.
std::string restore_postgres_in_place(
    const std::filesystem::path& from, const std::string& url, const std::string& mark
);

}  // namespace linli::store
