#include "tools/bench/service.h"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "tools/bench/measuring.h"
#include "tools/bench/peer.h"

namespace bench {
namespace {

// Of {"listening":"http://127.0.0.1:PORT"}.
std::uint16_t port_in(const std::string& line) {
  const std::size_t colon = line.rfind(':');
  if (line.find("listening") == std::string::npos || colon == std::string::npos)
    throw std::runtime_error("kartei serve did not say where it listens");
  return static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1)));
}

}  // namespace

Service::Service(const std::filesystem::path& data)
    : child_({KARTEI_PROGRAM,
              "--data",
              data.string(),
              "--json",
              "--log-level",
              "warning",
              "serve",
              "--listen",
              "127.0.0.1:0"}),
      port_(port_in(child_.line().value_or(""))) {}

void Service::await_ready() const {
  constexpr Seconds kPatience = 120;
  const Stopwatch since;
  while (!is_ok(Peer{port_}.get("/health/ready"))) {
    if (since.wall() > kPatience) throw std::runtime_error("kartei serve does not get ready");
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
}

}  // namespace bench
