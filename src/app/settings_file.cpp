// SPDX-License-Identifier: Apache-2.0
#include "app/settings_file.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "base/text.hpp"

namespace linli::app {

namespace {

/// The innermost command that was given: `catalogue check`.
CLI::App* chosen(CLI::App* command) {
    const auto below = command->get_subcommands();
    return below.empty() ? command : chosen(below.front());
}

/// Of the command itself or of a group of its options.
CLI::Option* option_of(CLI::App* command, const std::string& name) {
    if (auto* found = command->get_option_no_throw("--" + name)) {
        return found;
    }
    for (auto* below : command->get_subcommands([](const CLI::App*) { return true; })) {
        if (below->get_name().empty()) {
            if (auto* found = option_of(below, name)) {
                return found;
            }
        }
    }
    return nullptr;
}

void collect_names(CLI::App* command, std::vector<std::string>& names) {
    for (const auto* option : command->get_options()) {
        for (const auto& name : option->get_lnames()) {
            names.push_back(name);
        }
    }
    for (auto* below : command->get_subcommands([](const CLI::App*) { return true; })) {
        collect_names(below, names);
    }
}

void refuse_unknown(CLI::App& root, const std::string& name, const std::string& where) {
    std::vector<std::string> names;
    collect_names(&root, names);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        const auto near = nearest(name, names);
        throw std::runtime_error(
            where + " names " + name + ", which no command knows" +
            (near.empty() ? "" : ": did you mean " + near + "?")
        );
    }
}

}  // namespace

void read_settings_file(CLI::App& root, const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error("cannot read the settings in " + file.string());
    }
    auto* command = chosen(&root);
    for (const auto& item : CLI::ConfigTOML().from_config(in)) {
        if (!item.parents.empty()) {
            throw std::runtime_error(file.string() + " has a section; settings need none");
        }
        refuse_unknown(root, item.name, file.string());
        auto* option = option_of(command, item.name);
        if (!option || option->count() > 0) {
            continue;
        }
        try {
            option->add_result(item.inputs);
            option->run_callback();
        } catch (const CLI::ParseError& error) {
            throw std::runtime_error(file.string() + ": " + item.name + ": " + error.what());
        }
    }
}

}  // namespace linli::app
