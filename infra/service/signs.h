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
  // A read model of a million patients has its indexes built in one go.
  static constexpr std::chrono::minutes kLongWorkWithin{10};

  // The thread is alive: called several times a second.
  void beat() noexcept { beat(false); }
  // It is, in the middle of making a read model again, where it may say nothing for longer.
  void beat_at_long_work() noexcept { beat(true); }
  // Whether it gave a sign of life within that time, or kLongWorkWithin.
  [[nodiscard]] bool alive(std::chrono::milliseconds within) const noexcept {
    const std::chrono::milliseconds limit = at_long_work_ ? kLongWorkWithin : within;
    return std::chrono::steady_clock::now() - beat_.load() < limit;
  }
  // What keeps it from going on; empty: nothing does.
  void set_trouble(std::string why);
  [[nodiscard]] std::string trouble() const;

 private:
  void beat(bool at_long_work) noexcept {
    at_long_work_ = at_long_work;
    beat_ = std::chrono::steady_clock::now();
  }

  std::atomic<bool> at_long_work_ = false;
  std::atomic<std::chrono::steady_clock::time_point> beat_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;  // for the next one
  std::string trouble_;
};

}  // namespace infra::service
