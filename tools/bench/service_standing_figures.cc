#include <sys/resource.h>

#include <algorithm>
#include <stdexcept>

#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"
#include "tools/bench/peer.h"
#include "tools/bench/service.h"

// What the service takes to begin, and to be there.
namespace bench {
namespace {

// For this process and those that it starts.
void raise_open_files(std::size_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < count) {
    throw std::runtime_error("it takes " + std::to_string(count) +
                             " open files, and ulimit -Hn allows fewer");
  }
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, count);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void measure_service_connections(const Bench& bench, const std::filesystem::path& filled) {
  constexpr std::size_t kIdle = 10'000;
  raise_open_files(kIdle + 500);
  const Service service{filled};
  service.await_ready();
  Peer first{service.port()};
  for (int i = 0; i < 1000; ++i) static_cast<void>(first.get("/api/patients/1"));  // Warm.
  const auto before = static_cast<double>(service.resident_bytes());
  std::vector<Peer> peers;
  peers.reserve(kIdle);
  const double cpu = service.cpu_seconds();
  for (std::size_t i = 0; i < kIdle; ++i) {
    peers.emplace_back(service.port());
    if (!is_ok(peers.back().get("/api/patients/1")))
      throw std::runtime_error("connection " + std::to_string(i) + " got no patient");
  }
  const double grown = static_cast<double>(service.resident_bytes()) - before;
  const double took = service.cpu_seconds() - cpu;
  if (!is_ok(peers.front().get("/api/patients/1")))
    throw std::runtime_error("the first connection is no longer held");
  bench.report({"10 000 idle connections, each after one answer",
                "≤ 200 MB",
                grouped(grown / 1e6) + " MB more than without them",
                "–",
                times(grown / 200e6) + " the budget",
                duration(took / kIdle) + " to connect and answer once"});
}

void measure_service_start(const Bench& bench, const std::filesystem::path& filled) {
  constexpr int kStarts = 9;
  std::vector<double> walls;
  std::vector<double> cpus;
  for (int start = 0; start <= kStarts; ++start) {
    const Stopwatch since;
    const Service service{filled};
    service.await_ready();
    if (start == 0) continue;  // Read models that are not there yet are made first.
    walls.push_back(since.wall());
    cpus.push_back(service.cpu_seconds());
  }
  bench.report({"start of `kartei serve` to ready, " +
                    grouped(static_cast<double>(bench.options.patients)) + " patients",
                "≤ 1 s",
                duration(median(walls)),
                "–",
                "–",
                duration(median(cpus))});
}

}  // namespace bench
