#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "infra/log_kafka/settings.h"

namespace testing_kafka {

// A program of this folder, running: that of appending.cc, or another. Killed when it goes out of
// scope.
class AppendingProcess {
 public:
  AppendingProcess(const infra::log_kafka::Settings& settings, std::int64_t first);
  explicit AppendingProcess(std::vector<std::string> words);
  ~AppendingProcess();
  AppendingProcess(const AppendingProcess&) = delete;
  AppendingProcess& operator=(const AppendingProcess&) = delete;

  void send(int signal) const;
  // Waits until it has said so many lines in all, or has ended. False: neither, in that time.
  [[nodiscard]] bool await_lines(std::size_t count, std::chrono::milliseconds time);
  // Waits until it has ended by itself.
  [[nodiscard]] bool await_end(std::chrono::milliseconds time);

  // The transactions that it said this of.
  [[nodiscard]] std::vector<std::int64_t> said(const std::string& word) const;
  [[nodiscard]] const std::string& output() const { return output_; }

 private:
  // Takes what it has written, waiting for it until then. False: it has ended.
  bool take(std::chrono::steady_clock::time_point until);

  pid_t pid_ = 0;
  int pipe_ = -1;
  std::string output_;
  bool ended_ = false;
};

}  // namespace testing_kafka
