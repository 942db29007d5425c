// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Server-sent events: `/api/stream` tells a signed-in page that something it may see has changed. Messages carry no data
/// but topic and a number: the page asks again through the ordinary routes, which apply scope and masking.
#include <functional>
#include <memory>
#include <string>

#include "http/caller.hpp"

namespace linli::http {

struct Event {
    std::string topic;  ///< "record", "inbox", "board", "area"
    std::string data;   ///< short JSON, no personal value
};

/// Thread-safe. Slow listeners lose their oldest events and are told to reload.
class Streams {
   public:
    Streams();
    ~Streams();
    /// Sends to every listener for which `concerns` is true (scope is checked per listener).
    void publish(const Event&, const std::function<bool(const Caller&)>& concerns);
    int listeners() const;

    struct Impl;
    Impl& impl() { return *m_impl; }

   private:
    std::unique_ptr<Impl> m_impl;
};

}  // namespace linli::http
