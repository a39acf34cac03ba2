#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace bench {

using Seconds = double;

// Wall time, and beside it the processor time of the whole process: on a machine that others use,
// too, the second says what the first hides.
class Stopwatch {
 public:
  Stopwatch() : begun_(std::chrono::steady_clock::now()), cpu_(processor()) {}
  [[nodiscard]] Seconds wall() const {
    return std::chrono::duration<Seconds>(std::chrono::steady_clock::now() - begun_).count();
  }
  [[nodiscard]] Seconds cpu() const { return processor() - cpu_; }

 private:
  static Seconds processor() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
      return static_cast<Seconds>(time.tv_sec) + static_cast<Seconds>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }

  std::chrono::steady_clock::time_point begun_;
  Seconds cpu_;
};

// The value that `part` (0 … 1) of all are not above. There is at least one.
[[nodiscard]] inline double percentile(std::vector<double> values, double part) {
  const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}
[[nodiscard]] inline double median(std::vector<double> values) {
  return percentile(std::move(values), 0.5);
}

}  // namespace bench
