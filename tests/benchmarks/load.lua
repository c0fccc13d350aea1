-- Sends random lines of a file: method, path, headers ("Name: value" joined by "|"), body, parted by tabs. Prints one line of JSON.
local lines, thread = {}, nil

function init(args)
  math.randomseed(os.time())
  for line in io.lines(args[1]) do
    local method, path, head, body = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)")
    local headers = {}
    for name, value in head:gmatch("([^|:]+): ([^|]*)") do headers[name] = value end
    lines[#lines + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  return lines[math.random(#lines)]
end

function done(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('JSON{"requests": %d, "seconds": %f, "failed": %d, "refused": %d, "bytes": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, failed, summary.errors.status, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
