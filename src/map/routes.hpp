// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The map and what is worked out on it, for the web and for programs.
#include <filesystem>
#include <memory>

#include "map/asked.hpp"

namespace linli::map {

using SharedRoom = std::shared_ptr<const Room>;

/// `folder`: where the towns are; `walking`: foot.yaml and circles.yaml of the catalogue.
void routes(http::Router&, const std::filesystem::path& folder, const std::filesystem::path& walking, area::Areas&, identity::Identity&);
void layer_routes(http::Router&, const SharedRoom&);    ///< what is drawn
void circle_routes(http::Router&, const SharedRoom&);   ///< who is covered, and what if
void job_routes(http::Router&, const SharedRoom&);      ///< where to build, how to divide
void feature_routes(http::Router&, const SharedRoom&);  ///< OGC API Features

}  // namespace linli::map
