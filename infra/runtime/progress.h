#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "infra/runtime/status_line.h"

namespace infra::runtime {

// Tells a person how far a long piece of work has come: events a second, percent, time left. On a
// terminal in the status line, four times a second; elsewhere a plain line every three seconds, so
// that a log stays readable. Work that is over sooner says nothing at all.
class ProgressReporter {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  // Both must outlive the reporter; `out` is the stream of the status line.
  ProgressReporter(std::ostream& out, StatusLine& status, Now now = std::chrono::steady_clock::now);
  ProgressReporter(const ProgressReporter&) = delete;
  ProgressReporter& operator=(const ProgressReporter&) = delete;

  // Called as often as the worker likes. Other `what`, or fewer `done`: a new piece of work begins.
  // `total` 0: not known, so neither percent nor time left are said.
  void report(std::string_view what, std::int64_t done, std::int64_t total);
  // Clears the status line, before something else is printed.
  void clear() { status_.clear(); }

 private:
  [[nodiscard]] std::string line(std::chrono::duration<double> elapsed,
                                 std::int64_t done,
                                 std::int64_t total) const;

  std::ostream& out_;
  StatusLine& status_;
  Now now_;
  std::string what_;
  std::int64_t first_ = 0;  // `done` when this piece of work was first heard of
  std::int64_t last_ = 0;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point printed_;
};

}  // namespace infra::runtime
