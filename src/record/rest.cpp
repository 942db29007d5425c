// SPDX-License-Identifier: Apache-2.0
#include "record/engine_impl.hpp"
namespace linli::record {
store::Follower::Handle Engine::indexer() const {
    return [](store::Tx&, const std::vector<store::SealedChange>&) {};
}
Value Engine::openapi_paths() const {
    return Value(Value::Object{});
}
Value Engine::openapi_schemas() const {
    return Value(Value::Object{});
}
}  // namespace linli::record
