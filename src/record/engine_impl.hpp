// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What stands behind record::Engine.
#include "record/engine.hpp"

namespace linli::record {

struct Engine::Impl {
    explicit Impl(Parts parts) : core(std::move(parts)) {}
    const Core core;
};

}  // namespace linli::record
