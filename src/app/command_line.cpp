// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

#include "app/backup.hpp"

namespace linli::app {

namespace {

void add_passphrase_option(CLI::App& command, std::filesystem::path& file) {
    command.add_option("--passphrase-file", file, "File whose first line is the passphrase")
        ->envname("LINLI_PASSPHRASE_FILE");
}

void add_backup(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    static BackupOrder order;
    static std::filesystem::path verify;
    static bool unverified = false;
    auto* command = root.add_subcommand(
        "backup", "Back up database and files while the server runs, or verify a backup"
    );
    add_data_options(*command, settings);
    add_passphrase_option(*command, order.passphrase);
    auto* ways = command->add_option_group("what");
    ways->add_option("--to", order.to, "New file, or folder in which it gets a name");
    ways->add_option("--verify", verify, "Restore this backup into a temporary place and compare")
        ->check(CLI::ExistingFile);
    ways->require_option(1);
    command->add_flag(
        "--with-keys", order.with_keys, "Put the keys of the encrypted fields into it too"
    );
    command->add_flag("--no-verify", unverified, "Do not try to restore what was written");
    command->add_option("--keep", order.keep, "In a folder: remove older backups beyond that many")
        ->check(CLI::Range(1, 10000));
    command->callback([&] {
        todo = [&] {
            order.verify = !unverified;
            return verify.empty() ? backup(settings, order)
                                  : verify_backup(settings, verify, order.passphrase);
        };
    });
}

void add_restore(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    static std::filesystem::path from, passphrase;
    auto* command =
        root.add_subcommand("restore", "Bring a backup back into an empty place, checking all");
    add_data_options(*command, settings);
    add_passphrase_option(*command, passphrase);
    command->add_option("--from", from, "Backup file")->required()->check(CLI::ExistingFile);
    command->callback([&] { todo = [&] { return restore(settings, from, passphrase); }; });
}

void add_rollback(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    static std::filesystem::path snapshot;
    auto* command = root.add_subcommand(
        "rollback", "Go back to the snapshot made before an upgrade; the server must not run"
    );
    add_data_options(*command, settings);
    command->add_option("--snapshot", snapshot, "Which (default: the latest in DATA/snapshots)")
        ->check(CLI::ExistingFile);
    command->callback([&] { todo = [&] { return roll_back(settings, snapshot); }; });
}

}  // namespace

void add_catalogue_option(CLI::App& command, Settings& settings) {
    command.add_option("--catalogue", settings.catalogue, "Folder of the catalogue")
        ->envname("LINLI_CATALOGUE")
        ->capture_default_str();
}

void add_data_options(CLI::App& command, Settings& settings) {
    command.add_option("--data", settings.data, "Folder of the database, files and keys")
        ->envname("LINLI_DATA")
        ->capture_default_str();
    command
        .add_option(
            "--db", settings.db, "postgresql://... or an SQLite file (default: DATA/linli.db)"
        )
        ->envname("LINLI_DB");
}

void add_operating_commands(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    add_backup(root, settings, todo);
    add_restore(root, settings, todo);
    add_rollback(root, settings, todo);
}

}  // namespace linli::app
