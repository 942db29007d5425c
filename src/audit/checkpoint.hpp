// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Signed checkpoints of the change log: the Merkle root over the heads of all counties, with an
/// Ed25519 signature, each naming the one before (C66). Kept off the machine, they prove that
/// nothing before them was altered later, whoever holds the database.
#include <string>
#include <vector>

#include "audit/chain.hpp"
#include "base/crypto.hpp"
#include "base/time.hpp"

namespace linli::audit {

struct Checkpoint {
    std::int64_t number = 0;  ///< from 1, without gaps
    Instant at;
    std::string previous;     ///< digest of the checkpoint before; 64 zeros before the first
    std::vector<Head> heads;  ///< ascending by county
    std::string root;
    std::string signature;  ///< hex
};

/// As in RFC 6962: leaf = SHA-256(0 ‖ "county:position:hash"), node = SHA-256(1 ‖ left ‖ right);
/// hex.
std::string merkle_root(const std::vector<Head>&);
std::string digest(const Checkpoint&);
std::string to_json(const Checkpoint&);  ///< one line
/// Throws std::runtime_error if it is none.
Checkpoint read_checkpoint(const std::string& json);

/// An Ed25519 key; `seed` has 32 bytes.
std::string public_key(const std::string& seed);
void sign(Checkpoint&, const std::string& seed);  ///< sets root and signature
bool signed_by(const Checkpoint&, const std::string& public_key);

}  // namespace linli::audit
