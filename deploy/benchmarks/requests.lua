-- SPDX-License-Identifier: Apache-2.0
-- What wrk asks of a server: wrk … -s requests.lua URL -- static | row | list | insert | paths; the environment gives the rest.
-- Requests are put together before the clock runs wherever they can be, so that the load generator stays light.

local kind
local ready = {}
local asked = 0
local session = { ["Authorization"] = "Bearer " .. (os.getenv("BENCH_TOKEN") or "") }
local incidents = "/v1/tenants/" .. (os.getenv("BENCH_TENANT") or "") .. "/incidents"

function init(arguments)
  kind = arguments[1]
  math.randomseed(os.time())
  if kind == "static" then
    ready[1] = wrk.format("GET", os.getenv("BENCH_PATH") or "/healthz")
  elseif kind == "list" then
    ready[1] = wrk.format("GET", incidents .. "?limit=50", session)
  elseif kind == "row" then
    -- A number of twelve digits ends the id; the rest is the same for all.
    local first, rows = 100000000001, tonumber(os.getenv("BENCH_ROWS"))
    for n = 1, rows do
      ready[n] = wrk.format("GET", incidents .. "/" .. os.getenv("BENCH_ID_PREFIX") .. string.format("%.0f", first + n - 1), session)
    end
    for n = rows, 2, -1 do
      local other = math.random(n)
      ready[n], ready[other] = ready[other], ready[n]
    end
  elseif kind == "insert" then
    local headers = {
      ["Authorization"] = session["Authorization"],
      ["Content-Type"] = "application/json",
      ["Idempotency-Key"] = "@",
    }
    local whole = wrk.format("POST", incidents, headers, os.getenv("BENCH_BODY"))
    local at = whole:find("Idempotency%-Key: @")
    local mark = at + #"Idempotency-Key: "
    ready[1] = whole:sub(1, mark - 1) .. string.format("%d-%d-", os.time(), math.random(1000000000))
    ready[2] = whole:sub(mark + 1)
  elseif kind == "paths" then
    for path in os.getenv("BENCH_PATHS"):gmatch("[^\n]+") do ready[#ready + 1] = wrk.format("GET", path, session) end
  else
    error("unknown kind of request: " .. tostring(kind))
  end
end

function request()
  asked = asked + 1
  if kind == "insert" then
    return ready[1] .. asked .. ready[2]
  end
  return ready[(asked - 1) % #ready + 1]
end

-- One line for the script that reads it; times are in microseconds.
function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.status
  io.write(string.format('RESULT {"requests": %d, "microseconds": %d, "failed": %d, "p50": %.0f, "p90": %.0f, "p99": %.0f, "max": %.0f}\n',
    summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
