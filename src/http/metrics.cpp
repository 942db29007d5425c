// SPDX-License-Identifier: Apache-2.0
#include "http/metrics.hpp"

#include <algorithm>
#include <cstdio>

namespace linli::http {

namespace {

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

std::string labels_of(const Route* route) {
    return route ? "method=\"" + route->method + "\",route=\"" + route->path + "\""
                 : "method=\"\",route=\"\"";
}

}  // namespace

void Metrics::count(const Route* route, int status, double milliseconds) {
    const std::size_t slot = route ? route->number + 1 : 0;
    const auto bucket =
        std::lower_bound(bounds.begin(), bounds.end(), milliseconds) - bounds.begin();
    const std::lock_guard lock(m_mutex);
    if (m_series.size() <= slot) {
        m_series.resize(slot + 1);
    }
    auto& series = m_series[slot];
    ++series.by_status[status];
    ++series.buckets[static_cast<std::size_t>(bucket)];
    series.sum_ms += milliseconds;
}

void Metrics::figure(
    std::string& out, const char* type, const char* name, const char* help, double value
) {
    out += "# HELP " + std::string(name) + " " + help + "\n# TYPE " + name + " " + type + "\n" +
           name + " " + number(value) + "\n";
}

std::int64_t Metrics::shed() const {
    std::int64_t all = 0;
    for (const auto& series : m_series) {
        for (const int status : {429, 503}) {
            const auto found = series.by_status.find(status);
            all += found == series.by_status.end() ? 0 : found->second;
        }
    }
    return all;
}

void Metrics::histogram(std::string& out, const std::string& labels, const Series& series) const {
    std::int64_t below = 0;
    const std::string name = "linli_http_request_seconds";
    for (std::size_t i = 0; i < series.buckets.size(); ++i) {
        below += series.buckets[i];
        const auto bound = i < bounds.size() ? number(bounds[i] / 1000) : std::string("+Inf");
        out +=
            name + "_bucket{" + labels + ",le=\"" + bound + "\"} " + std::to_string(below) + "\n";
    }
    out += name + "_sum{" + labels + "} " + number(series.sum_ms / 1000) + "\n";
    out += name + "_count{" + labels + "} " + std::to_string(below) + "\n";
}

std::string Metrics::text(const Router& router) const {
    const std::lock_guard lock(m_mutex);
    auto route_of = [&](std::size_t slot) {
        return slot == 0 ? nullptr : router.routes()[slot - 1].get();
    };
    std::string out =
        "# HELP linli_http_requests_total Answered requests\n# TYPE linli_http_requests_total "
        "counter\n";
    for (std::size_t slot = 0; slot < m_series.size(); ++slot) {
        for (const auto& [status, count] : m_series[slot].by_status) {
            out += "linli_http_requests_total{" + labels_of(route_of(slot)) + ",status=\"" +
                   std::to_string(status) + "\"} " + std::to_string(count) + "\n";
        }
    }
    out +=
        "# HELP linli_http_request_seconds Time from the parsed request to its answer\n"
        "# TYPE linli_http_request_seconds histogram\n";
    for (std::size_t slot = 0; slot < m_series.size(); ++slot) {
        if (!m_series[slot].by_status.empty()) {
            histogram(out, labels_of(route_of(slot)), m_series[slot]);
        }
    }
    figure(
        out, "counter", "linli_http_shed_total", "Requests answered 429 or 503",
        static_cast<double>(shed())
    );
    return out;
}

}  // namespace linli::http
