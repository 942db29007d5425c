// SPDX-License-Identifier: Apache-2.0
#pragma once
/// How often one account or one address may ask (C79). A request costs its share of an allowance
/// that refills evenly and may be saved up to a burst (a leaky bucket kept as the one instant at
/// which it will be full again). The buckets are a fixed table: memory does not grow with callers,
/// and two whose keys meet in it share an allowance; the table's seed is secret, so that nobody
/// chooses whom he meets. Thread-safe, without locks.
#include <array>
#include <atomic>
#include <memory>
#include <string_view>

#include "base/crypto.hpp"
#include "base/time.hpp"
#include "http/caller.hpp"
#include "http/router.hpp"

namespace linli::http {

enum class Pace : std::uint8_t { address, nobody, reading, writing, bulk };
constexpr auto names(Pace) {
    return std::array{"address", "nobody", "reading", "writing", "bulk"};
}

class Paces {
 public:
    /// `factor` times the usual allowances; 0 = none.
    explicit Paces(double factor);
    /// Before anything is looked up for it. An address of this machine has no limit of its own: it
    /// is the operator, or a proxy that was not told of.
    void arrive(const Request&, Instant now);
    /// Before the handler. Both throw too_many("too_fast") with the seconds to wait.
    void admit(const Request&, const Caller&, const Route&, Instant now);

 private:
    void take(Pace, std::string_view who, Instant now);

    static constexpr std::size_t slots = 1 << 16;
    double m_factor;
    std::uint64_t m_seed = 0;
    std::unique_ptr<std::atomic<std::int64_t>[]> m_full_at;  ///< microseconds; one table for all
};

/// The part of an address that one customer of a network has: of IPv6 the first 64 bits.
std::string_view network_of(std::string_view address);

}  // namespace linli::http
