// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What stands behind record::Engine.
#include "record/engine.hpp"

namespace linli::record {

struct Engine::Impl {
    explicit Impl(Parts parts) : core(std::move(parts)) {}
    const Core core;
    /// The core, kept alive by whoever holds a route.
    static std::shared_ptr<const Core> share(const std::shared_ptr<Impl>& impl) {
        return {impl, &impl->core};
    }
};

}  // namespace linli::record
