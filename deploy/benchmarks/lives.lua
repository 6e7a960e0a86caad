-- SPDX-License-Identifier: Apache-2.0
-- Whole lives of work orders: wrk -t1 … -s lives.lua URL. Each answer says which order it is and where it stands; the next step of that
-- order is sent on whichever connection is free. So as many orders are under way as there are connections, and each step has waited for
-- the answer to the one before.

local office = "/v1/tenants/" .. os.getenv("BENCH_TENANT") .. "/work-orders"
local tokens = { seat = os.getenv("BENCH_SEAT_TOKEN"), supervisor = os.getenv("BENCH_TOKEN") }
local waiting, first, last = {}, 1, 0
local made = 0
local mark = string.format("B%d-%d-", os.time(), math.random(1000000))
-- Counted for done(), which reads them from this thread.
lives, refused, example = 0, 0, ""

-- What follows where an order stands: who does it, at which path, with what.
local following = {
  received = { "seat", "/sign", "{}" },
  signed = { "seat", "/verify", '{"community":"village-east"}' },
  verified = { "seat", "/dispatch", '{"department":"environment"}' },
  dispatched = { "seat", "/reply",
    '{"handling":"已派车清运并向物业说明要求。","result":"垃圾已清，后续加强巡查。","media":[{"kind":"photo","reference":"recorder:1"}]}' },
  replied = { "supervisor", "/audit", "{}" },
  audited = { "seat", "/callbacks", '{"contacted":true,"resolution":"solved","satisfaction":"satisfied"}' },
  calledBack = { "seat", "/close", os.getenv("BENCH_CHECKLIST") },
}

local function post(path, who, body, version)
  local headers = { ["Authorization"] = "Bearer " .. tokens[who], ["Content-Type"] = "application/json" }
  if version then headers["If-Match"] = '"' .. version .. '"' end
  return wrk.format("POST", path, headers, body)
end

local function intake()
  made = made + 1
  local number = mark .. made
  return post(office, "seat", '{"source":"city","externalNumber":"' .. number .. '","grade":"7d","category":"环境","area":"东片",'
    .. '"title":"小区北门垃圾未清运","content":"市民反映：小区北门外垃圾堆放三天无人清运，气味很大，影响出行。此前反映过一次，物业答复不归其管。希望尽快处理并回复。流水号'
    .. number .. '","citizen":{"name":"柳絮飞","phone":"010 555' .. string.format("%05d", made % 100000) .. '","address":"东里小区3号楼2单元"}}')
end

function setup(thread)
  worker = thread
end

function request()
  if first > last then return intake() end
  local next = waiting[first]
  waiting[first] = nil
  first = first + 1
  return next
end

function response(status, headers, body)
  local following_step
  if status ~= 200 and status ~= 201 then
    refused = refused + 1
    if example == "" then example = status .. " " .. body:sub(1, 300):gsub('"', "'") end
    return
  elseif body:sub(1, 8) == '{"items"' then
    -- The search that ends a life has answered.
    lives = lives + 1
    return
  end
  local id, version, stage = body:match('"id":"([^"]+)"'), body:match('"version":(%d+)'), body:match('"stage":"(%a+)"')
  if stage == "closed" then
    following_step = wrk.format("GET", office .. "?department=environment&stage=closed&limit=20", { ["Authorization"] = "Bearer " .. tokens.seat })
  else
    local step = following[stage]
    following_step = post(office .. "/" .. id .. step[2], step[1], step[3], version)
  end
  last = last + 1
  waiting[last] = following_step
end

-- One line for the script that reads it; times are in microseconds.
function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('RESULT {"lives": %d, "requests": %d, "microseconds": %d, "failed": %d, "example": "%s", "p50": %.0f, "p99": %.0f}\n',
    worker:get("lives"), summary.requests, summary.duration, errors + worker:get("refused"), worker:get("example"), latency:percentile(50), latency:percentile(99)))
end
