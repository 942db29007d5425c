-- SPDX-License-Identifier: Apache-2.0
-- wrk: hints while a request is written. AREAS (separated by blanks), COOKIE and CSRF come from the environment.
dofile(os.getenv("BENCH") .. "/report.lua")
local areas, n = {}, 0
for area in os.getenv("AREAS"):gmatch("%S+") do areas[#areas + 1] = area end
local headers = {["Content-Type"] = "application/json", ["Cookie"] = os.getenv("COOKIE"), ["X-CSRF"] = os.getenv("CSRF")}
function request()
    n = n + 1
    local body = string.format('{"area":"%s","fields":{"category":"public_toilet","description":"公厕门口的路灯坏了，垃圾也没有清运",' ..
        '"place":{"lat":31.67,"lon":118.5}}}', areas[n % #areas + 1])
    return wrk.format("POST", "/api/records/request/duplicates", headers, body)
end
function done(summary, latency) report(summary, latency) end
