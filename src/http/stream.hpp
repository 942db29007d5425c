// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Server-sent events: `/api/stream` tells a signed-in page that something it may see has changed.
/// Messages carry no data but topic and a number: the page asks again through the ordinary routes,
/// which apply scope and masking.
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/caller.hpp"

namespace linli::http {

struct Event {
    std::string topic;  ///< "record", "inbox", "board", "figures"
    std::string data;   ///< short JSON, no personal value
};

/// One open stream: a bounded buffer between publishers and the connection. Thread-safe.
class Listener {
 public:
    explicit Listener(Caller of) : caller(std::move(of)) {}
    const Caller caller;

    /// What waits, in the wire format; empty = nothing. Nothing at all = the stream has ended.
    std::optional<std::string> take();
    /// `wake` is called, from any thread, after something came or the stream ended; once per
    /// take(). Null to stop.
    void on_event(std::function<void()> wake);
    void put(const std::string& message);
    void end();

 private:
    void wake_up();

    std::mutex m_mutex;
    std::deque<std::string> m_waiting;
    std::function<void()> m_wake;
    bool m_told = false;
    bool m_lost = false;  ///< older events were dropped: the page must reload what it shows
    bool m_ended = false;
};

/// Thread-safe. Slow listeners lose their oldest events and are told to reload.
class Streams {
 public:
    static constexpr int most_per_account = 5, most_waiting = 64;
    explicit Streams(int most = 5'000);
    ~Streams();
    /// Sends to every listener for which `concerns` is true (scope is checked per listener).
    void publish(const Event&, const std::function<bool(const Caller&)>& concerns);
    /// Ends the streams of callers who signed out, were disabled or lost a role (C08).
    void end_where(const std::function<bool(const Caller&)>&);
    int listeners() const;
    /// A new stream; throws 429 `too_many_streams` per account, 503 beyond the total.
    std::shared_ptr<Listener> listen(const Caller&);

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace linli::http
