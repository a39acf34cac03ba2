#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace infra::runtime {

// Tells a person how far a long piece of work has come: events a second, percent, time left. On a
// terminal one line that is rewritten four times a second; elsewhere a plain line every three
// seconds, so that a log stays readable. Work that is over sooner says nothing at all.
class ProgressReporter {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  // `out` must outlive the reporter.
  ProgressReporter(std::ostream& out, bool terminal, Now now = std::chrono::steady_clock::now);
  // Leaves the cursor on a fresh line.
  ~ProgressReporter();
  ProgressReporter(const ProgressReporter&) = delete;
  ProgressReporter& operator=(const ProgressReporter&) = delete;

  // Called as often as the worker likes. Other `what`, or fewer `done`: a new piece of work begins.
  // `total` 0: not known, so neither percent nor time left are said.
  void report(std::string_view what, std::int64_t done, std::int64_t total);
  // Clears the rewritten line, before something else is printed.
  void clear();

 private:
  [[nodiscard]] std::string line(std::chrono::duration<double> elapsed,
                                 std::int64_t done,
                                 std::int64_t total) const;

  std::ostream& out_;
  bool terminal_;
  Now now_;
  std::string what_;
  std::int64_t first_ = 0;  // `done` when this piece of work was first heard of
  std::int64_t last_ = 0;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point printed_;
  bool on_screen_ = false;
};

}  // namespace infra::runtime
