// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The change log for people outside: exported lines, and signed checkpoints that leave the machine
/// (C66). src/audit reads both without this server.
#include <iosfwd>

#include "app/application.hpp"
#include "audit/checkpoint.hpp"

namespace linli::app {

/// <data>/keys/audit.key, made on the first use beside audit.pub; 32 bytes.
std::string audit_key(const std::filesystem::path& data, RandomSource&);
/// Where checkpoints go if no setting says otherwise: <data>/audit/checkpoints.jsonl.
std::filesystem::path checkpoint_file(const Settings&);

/// Signs the heads of all counties and keeps the line; nothing if no line was sealed since.
std::optional<audit::Checkpoint> make_checkpoint(store::Tx&, const std::string& key, Instant now);
/// Appends to the file what it does not have yet, durably; how many. Throws std::runtime_error if
/// its last line is none of ours.
int write_checkpoints(store::Database&, const std::filesystem::path& to);
/// Both: what the server does every hour.
int take_checkpoint(
    store::Database&, const std::string& key, Instant now, const std::filesystem::path& to
);

/// Sealed lines of all counties from the first of `from` to the last before `to`.
std::int64_t
export_lines(store::Tx&, std::optional<Instant> from, std::optional<Instant> to, std::ostream&);

int audit_export(
    const Settings&, const std::string& from, const std::string& to, const std::string& out
);
int audit_checkpoint(const Settings&);

}  // namespace linli::app
