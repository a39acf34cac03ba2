#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "infra/service/host.h"

namespace kartei {

// What `follow` says of itself in one line: whose turn it is, how far the read models have come and
// how fast, what other services sent, what keeps it from going on.
class FollowStatus {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Called again and again, with a time that does not go back: rates are those of the last whole
  // second or more.
  [[nodiscard]] std::string line(const infra::service::Host::Health& health, Time now);

 private:
  struct Counts {
    std::int64_t read = 0;      // offsets that all read models have passed
    std::int64_t recorded = 0;  // contacts
  };
  void measure(Counts counts, Time now);

  bool measures_ = false;
  Counts before_;
  Time since_;  // when it was so
  Counts rates_;
};

}  // namespace kartei
