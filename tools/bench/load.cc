#include "tools/bench/load.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tools/bench/child.h"

namespace bench {
namespace {

// wrk's own report is for people. Requests are put together once, before the load begins.
constexpr const char* kScript = R"(
local requests = {}
local at = 0

function init(args)
  for line in io.lines(args[1]) do
    local headers = { ["Content-Type"] = "application/json" }
    requests[#requests + 1] = wrk.format("POST", nil, headers, line)
  end
  if #requests == 0 then requests[1] = wrk.format("GET") end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("%s %d %d %d %d %d", "measured", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
)";

std::filesystem::path written(const std::filesystem::path& file, const std::string& text) {
  std::ofstream{file, std::ios::binary} << text;
  return file;
}

std::string script(const Load& load) {
  std::string text = kScript;
  if (load.pause_milliseconds > 0)
    text += "function delay() return math.random(1, " +
            std::to_string(2 * load.pause_milliseconds) + ") end\n";
  return text;
}

Loaded measured(const std::string& output) {
  const std::size_t begin = output.find("measured ");
  if (begin == std::string::npos) throw std::runtime_error("wrk did not say what it measured");
  std::istringstream words{output.substr(begin)};
  std::string word;
  Loaded loaded;
  double errors = 0;
  words >> word >> loaded.requests >> loaded.wall >> loaded.p50 >> loaded.p99 >> errors;
  if (errors > 0 || loaded.requests < 1)
    throw std::runtime_error("not every answer to wrk was a success:\n" + output);
  for (double* seconds : {&loaded.wall, &loaded.p50, &loaded.p99}) *seconds /= 1e6;
  return loaded;
}

}  // namespace

Loaded load(const std::filesystem::path& folder,
            std::uint16_t port,
            const std::string& target,
            const Load& load) {
  std::string bodies;
  for (const std::string& body : load.bodies) bodies += body + '\n';
  return measured(output_of({"wrk",
                             "--threads",
                             "1",
                             "--connections",
                             std::to_string(load.connections),
                             "--duration",
                             std::to_string(load.seconds) + 's',
                             "--timeout",
                             "10s",
                             "--script",
                             written(folder / "load.lua", script(load)).string(),
                             "http://127.0.0.1:" + std::to_string(port) + target,
                             "--",
                             written(folder / "load.bodies", bodies).string()}));
}

}  // namespace bench
