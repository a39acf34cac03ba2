#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bench {

using Words = std::vector<std::string>;

// A program that runs beside the benchmark. Used by one thread.
class Child {
 public:
  // Starts it; its standard output comes here. Throws std::runtime_error.
  explicit Child(const Words& words);
  // Asks it to end (SIGTERM) and waits for that.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next line that it prints; none when it prints no more.
  [[nodiscard]] std::optional<std::string> line();
  // Waits for its end. Throws unless it ends well.
  void wait();

  // Processor time so far, in hundredths of a second; memory that is resident now.
  [[nodiscard]] double cpu_seconds() const;
  [[nodiscard]] std::int64_t resident_bytes() const;

 private:
  std::string name_;
  pid_t id_ = 0;  // 0: it has ended
  int output_;
  std::string unread_;
};

// Runs a program to its end; what it printed. Throws unless it ends well.
std::string output_of(const Words& words);

}  // namespace bench
