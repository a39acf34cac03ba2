#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace infra::service {

// One thread's signs of life, for whoever looks after the process. Any thread may call it.
class Signs {
 public:
  // The thread is alive: called several times a second, also in the middle of long work.
  void beat() noexcept { beat_.store(std::chrono::steady_clock::now()); }
  [[nodiscard]] std::chrono::steady_clock::duration since_beat() const noexcept {
    return std::chrono::steady_clock::now() - beat_.load();
  }
  // What keeps it from going on; empty: nothing does.
  void set_trouble(std::string why);
  [[nodiscard]] std::string trouble() const;

 private:
  std::atomic<std::chrono::steady_clock::time_point> beat_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;  // for the next one
  std::string trouble_;
};

}  // namespace infra::service
