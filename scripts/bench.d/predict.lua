-- wrk: POSTs one bitmap after the other, as hexadecimal digits, and prints what came of it as one line of JSON.
--
--     wrk … -s predict.lua URL -- FILE-OF-BITMAPS      (64 hexadecimal digits a line)

local requests = {}
local position = 0
local thread_count = 0

-- Each thread starts somewhere else in the file.
function setup(thread)
    thread:set("thread_number", thread_count)
    thread_count = thread_count + 1
end

-- Requests are put together beforehand, so that the load costs as little as it can.
function init(arguments)
    local headers = {["Content-Type"] = "text/plain"}
    for line in io.lines(arguments[1]) do
        requests[#requests + 1] = wrk.format("POST", nil, headers, line)
    end
    position = thread_number * 397 % #requests
end

function request()
    position = position % #requests + 1
    return requests[position]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"seconds":%.6f,"failures":%d,"p50_microseconds":%d,"p99_microseconds":%d}\n',
        summary.requests, summary.duration / 1e6,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
