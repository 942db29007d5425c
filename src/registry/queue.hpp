// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Which persons may be one: found county by county, kept until somebody decides.
#include "record/engine.hpp"
#include "registry/pairs.hpp"

namespace linli::registry {

struct Found {
    std::int64_t persons = 0, pairs = 0, fresh = 0;  ///< fresh: not known before
    double read_seconds = 0, compare_seconds = 0;
};
/// Looks through the persons of a county and keeps what is likely. What was decided stays decided;
/// open pairs that are not likely any more go.
Found find_duplicates(store::Database&, const Readings&, County, Instant now);

/// The persons of a county as they are compared; numbers by their blind digests, nothing is
/// deciphered.
std::vector<Person> read_persons(store::Tx&, County);

std::vector<store::SchemaStep> schema();

}  // namespace linli::registry
