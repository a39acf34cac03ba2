#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "tools/bench/figures.h"
#include "tools/bench/measuring.h"

namespace bench {

struct Latencies {
  std::vector<double> seconds;
  double wall = 0;
  double cpu = 0;
  [[nodiscard]] double rate() const { return static_cast<double>(seconds.size()) / wall; }
};

// Keeps `in_flight` of `count` under way: the oldest is waited for, then the next is sent.
template <class Send>
Latencies keep_in_flight(std::size_t count, std::size_t in_flight, const Send& send) {
  using Future = decltype(send(std::size_t{0}));
  struct Sent {
    Future done;
    Stopwatch since;
  };
  Latencies latencies;
  latencies.seconds.reserve(count);
  std::deque<Sent> sent;
  const Stopwatch whole;
  for (std::size_t next = 0; next < count || !sent.empty();) {
    if (next < count && sent.size() < in_flight) {
      const Stopwatch now;
      sent.push_back({send(next++), now});
      continue;
    }
    sent.front().done.get();
    latencies.seconds.push_back(sent.front().since.wall());
    sent.pop_front();
  }
  latencies.wall = whole.wall();
  latencies.cpu = whole.cpu();
  return latencies;
}

[[nodiscard]] inline std::string p50_p99(const Latencies& latencies) {
  return "p50 " + duration(median(latencies.seconds)) + ", p99 " +
         duration(percentile(latencies.seconds, 0.99));
}

// The run whose rate is the median of all.
[[nodiscard]] inline const Latencies& middle(std::vector<Latencies>& runs) {
  std::sort(runs.begin(), runs.end(), [](const Latencies& a, const Latencies& b) {
    return a.rate() < b.rate();
  });
  return runs[runs.size() / 2];
}

}  // namespace bench
