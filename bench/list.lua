-- SPDX-License-Identifier: Apache-2.0
-- wrk: lists. PATHS (separated by blanks) and COOKIE come from the environment.
dofile(os.getenv("BENCH") .. "/report.lua")
local paths, n = {}, 0
for path in os.getenv("PATHS"):gmatch("%S+") do paths[#paths + 1] = path end
local headers = {["Cookie"] = os.getenv("COOKIE")}
function request()
    n = n + 1
    return wrk.format("GET", paths[n % #paths + 1], headers)
end
function done(summary, latency) report(summary, latency) end
