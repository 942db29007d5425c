// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Builds the order in which LaneSearch goes up and down. Once for a network: some milliseconds for
/// a town, some seconds for the greatest city.
#include "spatial/network.hpp"

namespace linli::spatial {

void add_hierarchy(Network&);

}  // namespace linli::spatial
