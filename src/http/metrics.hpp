// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Counts of answered requests by route and status and how long they took, as Prometheus text.
/// Thread-safe.
#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "http/router.hpp"

namespace linli::http {

class Metrics {
 public:
    /// `route` null = none matched.
    void count(const Route* route, int status, double milliseconds);
    std::string text(const Router&) const;

    /// One figure of a kind: "gauge", or "counter" for what only grows.
    static void figure(
        std::string& out, const char* type, const char* name, const char* help, double value
    );

 private:
    static constexpr std::array<double, 10> bounds = {1,  2.5, 5,   10,   25,
                                                      50, 100, 250, 1000, 5000};  // ms
    struct Series {
        std::map<int, std::int64_t> by_status;
        std::array<std::int64_t, bounds.size() + 1> buckets{};
        double sum_ms = 0;
    };
    std::int64_t shed() const;  ///< answered 429 or 503; with m_mutex held
    void histogram(std::string& out, const std::string& labels, const Series&) const;

    mutable std::mutex m_mutex;
    std::vector<Series> m_series;  ///< 0 = no route, else route number + 1
};

}  // namespace linli::http
