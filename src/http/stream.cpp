// SPDX-License-Identifier: Apache-2.0
#include "http/stream.hpp"

#include <algorithm>
#include <atomic>
#include <vector>

#include "base/error.hpp"

namespace linli::http {

std::optional<std::string> Listener::take() {
    const std::lock_guard lock(m_mutex);
    m_told = false;
    if (m_ended) {
        return std::nullopt;
    }
    std::string text;
    if (m_lost) {
        text = "event: reload\ndata: {}\n\n";
        m_lost = false;
    }
    for (const auto& message : m_waiting) {
        text += message;
    }
    m_waiting.clear();
    return text;
}

void Listener::on_event(std::function<void()> wake) {
    const std::lock_guard lock(m_mutex);
    m_wake = std::move(wake);
    m_told = false;
    if (m_ended || m_lost || !m_waiting.empty()) {
        wake_up();
    }
}

void Listener::put(const std::string& message) {
    const std::lock_guard lock(m_mutex);
    if (m_ended) {
        return;
    }
    if (m_waiting.size() == Streams::most_waiting) {
        m_waiting.pop_front();
        m_lost = true;
    }
    m_waiting.push_back(message);
    wake_up();
}

void Listener::end() {
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    wake_up();
}

/// The wake function only posts to the connection's thread, so it is called under the lock:
/// on_event(nullptr) then promises that no call is under way any more.
void Listener::wake_up() {
    if (m_wake && !m_told) {
        m_told = true;
        m_wake();
    }
}

struct Streams::Impl {
    int most;
    mutable std::mutex mutex;
    std::vector<std::weak_ptr<Listener>> listeners;  ///< the connection owns its listener
    std::atomic<std::int64_t> number = 0;

    std::vector<std::shared_ptr<Listener>> alive() {
        std::vector<std::shared_ptr<Listener>> found;
        std::erase_if(listeners, [&](const auto& weak) {
            auto listener = weak.lock();
            if (listener) {
                found.push_back(std::move(listener));
                return false;
            }
            return true;
        });
        return found;
    }
};

Streams::Streams(int most) : m_impl(std::make_unique<Impl>()) {
    m_impl->most = most;
}
Streams::~Streams() = default;

void Streams::publish(const Event& event, const std::function<bool(const Caller&)>& concerns) {
    std::vector<std::shared_ptr<Listener>> listeners;
    {
        const std::lock_guard lock(m_impl->mutex);
        listeners = m_impl->alive();
    }
    if (listeners.empty()) {
        return;
    }
    std::string data = event.data;
    std::replace(data.begin(), data.end(), '\n', ' ');
    const auto message = "id: " + std::to_string(++m_impl->number) + "\nevent: " + event.topic +
                         "\ndata: " + data + "\n\n";
    for (const auto& listener : listeners) {
        if (concerns(listener->caller)) {
            listener->put(message);
        }
    }
}

void Streams::end_where(const std::function<bool(const Caller&)>& gone) {
    std::vector<std::shared_ptr<Listener>> listeners;
    {
        const std::lock_guard lock(m_impl->mutex);
        listeners = m_impl->alive();
    }
    for (const auto& listener : listeners) {
        if (gone(listener->caller)) {
            listener->end();
        }
    }
}

int Streams::listeners() const {
    const std::lock_guard lock(m_impl->mutex);
    return static_cast<int>(m_impl->alive().size());
}

std::shared_ptr<Listener> Streams::listen(const Caller& caller) {
    const std::lock_guard lock(m_impl->mutex);
    const auto alive = m_impl->alive();
    const auto mine = std::count_if(alive.begin(), alive.end(), [&](const auto& listener) {
        return listener->caller.account == caller.account;
    });
    if (mine >= most_per_account) {
        throw too_many("too_many_streams", 30);
    }
    if (static_cast<int>(alive.size()) >= m_impl->most) {
        throw unavailable("too_many_streams", 30);
    }
    auto listener = std::make_shared<Listener>(caller);
    m_impl->listeners.push_back(listener);
    return listener;
}

}  // namespace linli::http
