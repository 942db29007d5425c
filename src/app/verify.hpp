// SPDX-License-Identifier: Apache-2.0
#pragma once
/// `linli verify`: looks at everything that is stored and changes nothing (C84).
#include <functional>

#include "app/application.hpp"
#include "store/verify.hpp"

namespace linli::app {

struct VerifyReport {
    std::vector<store::Check> checks;  ///< storage, chain, records, files, work, timers, keys
    std::int64_t wrong() const;
};
std::string to_json(const VerifyReport&);

/// Checks run beside each other, each on a snapshot of its own; `say` is told of each that ends,
/// from their threads, one at a time. Throws std::runtime_error if there is nothing to look at.
VerifyReport verify(const Settings&, const std::function<void(const store::Check&, double)>& say);

/// 0 = nothing wrong, 1 = something is, 2 = it could not be looked at. Findings go to stdout,
/// progress to stderr.
int verify_command(const Settings&, bool json);

}  // namespace linli::app
