#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace infra::service {

// Where one thread sleeps until there is something to do. Any thread may wake it.
class Wakeup {
 public:
  void wake();
  // Returns at once when it was woken since it last slept. Whether it was.
  bool sleep(std::chrono::milliseconds limit);

 private:
  std::mutex mutex_;  // for the next ones
  std::condition_variable changed_;
  bool woken_ = false;
};

}  // namespace infra::service
