#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "tests/whole/process.h"

namespace testing_kafka {

// Waits until it has happened, looking again whenever a file in `folder` changes. False: it has
// not, in that time.
[[nodiscard]] bool await_change(const std::filesystem::path& folder,
                                const std::function<bool()>& happened,
                                std::chrono::milliseconds limit);

// `kartei follow`, running. Killed when it goes out of scope.
class Following {
 public:
  explicit Following(whole::Place& place);
  ~Following();
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;

  void send(int signal) const;
  // Waits until it has told the operator so, behind what was waited for before.
  [[nodiscard]] bool await(const std::string& text,
                           std::chrono::milliseconds limit = std::chrono::seconds{60});
  // SIGTERM, and how it ended.
  whole::Ran stop();

  // Its process, as the members of the group are called.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::string said() const;

 private:
  whole::Place& place_;
  pid_t pid_;
  std::size_t read_ = 0;  // of what it said
};

}  // namespace testing_kafka
