// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One settings file (TOML) for all commands: `name = value` for any of their long options, without
/// sections. The command line comes first, then the environment, then the file.
#include <CLI/CLI.hpp>
#include <filesystem>

namespace linli::app {

/// Gives the options of the command that was chosen what the file says and nobody has said yet.
/// Throws std::runtime_error naming the file and the name that no command knows.
void read_settings_file(CLI::App& root, const std::filesystem::path& file);

}  // namespace linli::app
