// SPDX-License-Identifier: Apache-2.0
#include "http/pace.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "http/dispatch.hpp"
#include "http/target.hpp"

namespace linli::http {

namespace {

struct Allowance {
    double per_second;
    double burst;
};

/// A person reads and clicks far below these; a page asks about fifteen things. An address may be
/// that of a whole office.
constexpr Allowance allowance_of(Pace pace) {
    switch (pace) {
        case Pace::address:
            return {300, 3000};
        case Pace::nobody:
            return {50, 500};
        case Pace::reading:
            return {30, 300};
        case Pace::writing:
            return {5, 100};
        case Pace::bulk:
            return {0.5, 20};
    }
    return {1, 1};
}

constexpr double micro = 1e6;

std::uint64_t mixed(std::uint64_t seed, std::string_view text) {
    std::uint64_t hash = seed;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
        hash ^= hash >> 29;
    }
    hash *= 0xbf58476d1ce4e5b9U;
    return hash ^ hash >> 32;
}

Pace pace_of(const Route& route) {
    if (route.lane == Lane::bulk) {
        return Pace::bulk;
    }
    return safe_method(route.method) ? Pace::reading : Pace::writing;
}

}  // namespace

std::string_view network_of(std::string_view address) {
    constexpr int groups_of_a_network = 4;
    if (address.find(':') == std::string_view::npos || address.starts_with("::")) {
        return address;  // IPv4, or IPv4 in the dress of IPv6
    }
    std::size_t end = 0;
    for (int i = 0; i < groups_of_a_network && end != std::string_view::npos; ++i) {
        end = address.find(':', i == 0 ? 0 : end + 1);
    }
    return address.substr(0, std::min(end, address.find("::")));
}

Paces::Paces(double factor) : m_factor(factor), m_full_at(new std::atomic<std::int64_t>[slots]()) {
    SystemRandom().fill(&m_seed, sizeof m_seed);
}

void Paces::take(Pace pace, std::string_view who, Instant now) {
    const auto allowance = allowance_of(pace);
    const auto cost = static_cast<std::int64_t>(micro / (allowance.per_second * m_factor));
    const auto saved = static_cast<std::int64_t>(allowance.burst / allowance.per_second * micro);
    const auto at = now.ms * 1000;
    auto& slot = m_full_at[(mixed(m_seed, who) + static_cast<std::uint64_t>(pace)) % slots];
    auto full_at = slot.load(std::memory_order_relaxed);
    while (true) {
        // A clock that was set back must not shut anybody out for longer than a burst takes.
        if (full_at > at + saved) {
            slot.compare_exchange_weak(full_at, at + saved, std::memory_order_relaxed);
            full_at = std::min(full_at, at + saved);
        }
        const auto from = std::max(full_at, at);
        if (from + cost > at + saved) {
            const auto wait = static_cast<double>(from + cost - at - saved) / micro;
            throw too_many("too_fast", static_cast<int>(wait) + 1);
        }
        if (slot.compare_exchange_weak(full_at, from + cost, std::memory_order_relaxed)) {
            return;
        }
    }
}

void Paces::arrive(const Request& request, Instant now) {
    if (m_factor > 0 && !loopback(request.peer)) {
        take(Pace::address, network_of(request.peer), now);
    }
}

void Paces::admit(const Request& request, const Caller& caller, const Route& route, Instant now) {
    if (m_factor <= 0) {
        return;
    }
    if (caller.signed_in()) {
        take(pace_of(route), std::to_string(caller.account.value), now);
    } else if (!loopback(request.peer)) {
        take(Pace::nobody, network_of(request.peer), now);
    }
}

}  // namespace linli::http
