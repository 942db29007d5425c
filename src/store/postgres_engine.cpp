// SPDX-License-Identifier: Apache-2.0
#include "store/jobs.hpp"
#include "store/testing.hpp"

namespace linli::store {

std::unique_ptr<Database> open_postgres(const Options&, TimeSource&, RandomSource&) {
    throw std::runtime_error("PostgreSQL is not supported by this version");
}

namespace testing {
ScratchPostgres::ScratchPostgres() {
    throw std::runtime_error("PostgreSQL is not supported by this version");
}
ScratchPostgres::~ScratchPostgres() = default;
}  // namespace testing

}  // namespace linli::store
