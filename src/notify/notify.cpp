// SPDX-License-Identifier: Apache-2.0
#include "notify/notify.hpp"

#include <condition_variable>
#include <mutex>

#include "base/log.hpp"
#include "notify/sender.hpp"

namespace linli::notify {

Notify::Notify(Parts parts) : m_parts(std::make_shared<const Parts>(std::move(parts))) {
    check(m_parts->settings);
    first_line(m_parts->settings.mail.password_file);
    first_line(m_parts->settings.sms.secret_file);
    m_sender = std::make_unique<Sender>(m_parts);
}

Notify::~Notify() {
    stop();
}

void Notify::routes(http::Router& router) {
    account_routes(router, m_parts);
    outbox_routes(router, m_parts);
}

store::Follower::Handle Notify::filler() const {
    return [parts = m_parts](store::Tx& tx, const std::vector<store::SealedChange>& lines) {
        fill(*parts, tx, lines);
    };
}

void Notify::start() {
    m_thread = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void Notify::stop() {
    m_thread = {};
}

int Notify::send_due() {
    return m_sender->send_due([] { return false; });
}

/// Every second what is due; once an hour what is old goes.
void Notify::run(std::stop_token stop) {
    constexpr int hour = 3600;
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    bool failed = false;
    for (int second = 1; !stop.stop_requested(); second = (second + 1) % hour) {
        try {
            m_sender->send_due([&] { return stop.stop_requested(); });
            if (second == 0) {
                m_sender->forget_old();
            }
            failed = false;
        } catch (const std::exception& error) {
            if (!failed) {
                log::warning("notify.stuck", obj({{"error", error.what()}}));
            }
            failed = true;
        }
        wake.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    }
}

}  // namespace linli::notify
