// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Parts of the command line. `todo` is set to what the chosen command does.
#include <CLI/CLI.hpp>
#include <functional>

#include "app/application.hpp"

namespace linli::app {

void add_data_options(CLI::App& command, Settings&);
void add_catalogue_option(CLI::App& command, Settings&);
/// Of serve: the SMTP server and the SMS gateway.
void add_notify_options(CLI::App& serve, notify::Settings&);
/// area split, merge, rename, move, decisions, approve, apply, undo.
void add_area_decisions(CLI::App& area, Settings&, std::function<int()>& todo);
/// backup, restore, rollback.
void add_operating_commands(CLI::App& root, Settings&, std::function<int()>& todo);
/// measure show, explain, verify, rebuild.
void add_measure_commands(CLI::App& root, Settings&, std::function<int()>& todo);
/// duplicates.
void add_registry_commands(CLI::App& root, Settings&, std::function<int()>& todo);
/// plan list, check, diff, show.
void add_plan_commands(CLI::App& root, Settings&, std::function<int()>& todo);
/// ledger preview, import.
void add_ledger_commands(CLI::App& root, Settings&, std::function<int()>& todo);
/// spatial build, cover, what-if, isochrone.
void add_spatial_commands(CLI::App& root, std::function<int()>& todo);
/// spatial site, compare.
void add_siting_commands(CLI::App& spatial, std::function<int()>& todo);
/// spatial city, cells, district.
void add_city_commands(CLI::App& spatial, std::function<int()>& todo);

}  // namespace linli::app
