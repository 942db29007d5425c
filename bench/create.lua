-- SPDX-License-Identifier: Apache-2.0
-- wrk: creates of requests. AREA, COOKIE and CSRF come from the environment.
dofile(os.getenv("BENCH") .. "/report.lua")
local n = 0
local headers = {["Content-Type"] = "application/json", ["Cookie"] = os.getenv("COOKIE"), ["X-CSRF"] = os.getenv("CSRF")}
function request()
    n = n + 1
    local body = string.format('{"area":"%s","fields":{"category":"%s","description":"楼道三层的灯坏了一个多星期，晚上老人上下楼看不清 %d",' ..
        '"address":"花园路%d号","phone":"138%08d"}}', os.getenv("AREA"), os.getenv("CATEGORY"), n, n % 900, n)
    return wrk.format("POST", "/api/records/request", headers, body)
end
function done(summary, latency) report(summary, latency) end
