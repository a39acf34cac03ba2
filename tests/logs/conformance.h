#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include "tests/logs/log_home.h"

namespace testing_logs {

using MakeHome = std::function<std::unique_ptr<Home>(std::int32_t partitions)>;

// One suite for every log, told in several files. Three partitions, unless a test asks for others.
class LogConformance : public ::testing::TestWithParam<MakeHome> {
 protected:
  static constexpr std::int32_t kPartitions = 3;

  void use_partitions(std::int32_t partitions) {
    log.reset();
    home = GetParam()(partitions);
    log = home->open();
  }
  void open_again() {
    log.reset();
    log = home->open();
  }
  // What was appended, without the genesis records.
  [[nodiscard]] std::vector<Seen> appended(ports::Topic topic) const {
    auto seen = read(*log, topic);
    std::erase_if(seen, [](const Seen& one) { return one.key == ports::kGenesisKey; });
    return seen;
  }

  std::unique_ptr<Home> home = GetParam()(kPartitions);
  std::unique_ptr<ports::Log> log = home->open();
};

}  // namespace testing_logs
