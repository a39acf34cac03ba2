#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

// What `wrk` (one thread) sends to a server on this machine, and for how long.
struct Load {
  int connections = 64;
  int seconds = 5;
  // How long a connection waits after an answer before it asks again, on average: never twice the
  // same, or all of them would come at once.
  int pause_milliseconds = 0;
  // The bodies of POSTs, one after another and then again; none: GET.
  std::vector<std::string> bodies = {};
};

struct Loaded {
  double requests = 0;
  double wall = 0;  // seconds, as the next ones
  double p50 = 0;
  double p99 = 0;
  double cpu = 0;  // of the server, for each request; whoever knows the server sets it
  [[nodiscard]] double rate() const { return requests / wall; }
};

// Runs it; files that it needs are in `folder`. Throws std::runtime_error when it cannot, or when
// any answer was no success.
[[nodiscard]] Loaded load(const std::filesystem::path& folder,
                          std::uint16_t port,
                          const std::string& target,
                          const Load& load);

// The same with any server that has a port() and tells its cpu_seconds().
template <class Server>
[[nodiscard]] Loaded load_on(const Server& server,
                             const std::filesystem::path& folder,
                             const std::string& target,
                             const Load& what) {
  const double before = server.cpu_seconds();
  Loaded loaded = load(folder, server.port(), target, what);
  loaded.cpu = (server.cpu_seconds() - before) / loaded.requests;
  return loaded;
}

}  // namespace bench
