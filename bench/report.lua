-- SPDX-License-Identifier: Apache-2.0
-- Shared end of the wrk scripts: one line of figures.
function report(summary, latency)
    local seconds = summary.duration / 1e6
    local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    io.write(string.format("RESULT %.1f %.2f %.2f %d\n", summary.requests / seconds, latency:percentile(50) / 1000,
        latency:percentile(99) / 1000, bad))
end
