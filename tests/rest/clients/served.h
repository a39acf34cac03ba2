#pragma once

#include <cstdint>
#include <string>

#include "tests/whole/process.h"

namespace testing_rest {

// `kartei serve` as a process, on a port that was free. Killed when it goes out of scope.
class Served {
 public:
  // Returns when it listens. Throws std::runtime_error with what it said when it does not.
  explicit Served(whole::Place& place, const whole::Words& options = {});
  ~Served();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::uint16_t port() const;
  // Waits until it has told the operator so.
  [[nodiscard]] bool await(const std::string& text) const;
  // The most memory that it has had at a time, in kB.
  [[nodiscard]] std::int64_t memory_peak_kb() const;
  // SIGKILL. Any thread.
  void strike() const;
  // Waits for its end, and how it ended.
  whole::Ran end();
  // SIGTERM, and how it ended.
  whole::Ran stop();

 private:
  whole::Place& place_;
  pid_t pid_;
  std::string url_;
};

// Runs `command` of a shell to its end; everything it says is `out`.
[[nodiscard]] whole::Ran run_command(const std::string& command);

// A client that was written from the document alone, against the service there.
[[nodiscard]] whole::Ran morning(const std::string& url);

}  // namespace testing_rest
