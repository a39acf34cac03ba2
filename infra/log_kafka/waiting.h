#pragma once

#include <chrono>

#include "infra/log_kafka/settings.h"

namespace infra::log_kafka {

// A wait for brokers that begins now. Asked between two questions to them. The settings must
// outlive it.
class Waiting {
 public:
  explicit Waiting(const Settings& settings, int patiences = 1)
      : settings_(settings),
        until_(std::chrono::steady_clock::now() + patiences * settings.patience) {}
  // Their time is over, or whoever waits has given up.
  [[nodiscard]] bool is_over() const {
    return std::chrono::steady_clock::now() > until_ ||
           (settings_.gives_up && settings_.gives_up());
  }

 private:
  const Settings& settings_;
  std::chrono::steady_clock::time_point until_;
};

}  // namespace infra::log_kafka
