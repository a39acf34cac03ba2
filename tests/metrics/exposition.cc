#include "tests/metrics/exposition.h"

#include <gtest/gtest.h>

#include <regex>
#include <sstream>

namespace testing_metrics {

using infra::metrics::CommandOutcome;
using infra::metrics::TransactionOutcome;

Exposition::Exposition(const std::string& text) {
  EXPECT_TRUE(text.ends_with('\n'));
  static const std::regex comment{R"(# (HELP|TYPE) ([a-z_]+) (.+))"};
  static const std::regex sample{
      R"(([a-z_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\})?) (-?[0-9.e+-]+|\+Inf))"};
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    std::smatch parts;
    if (std::regex_match(line, parts, comment)) {
      if (parts[1] != "TYPE") continue;
      EXPECT_TRUE(types.emplace(parts[2], parts[3]).second) << line;
    } else if (std::regex_match(line, parts, sample)) {
      EXPECT_TRUE(samples.emplace(parts[1], std::stod(parts[5])).second) << line;
    } else {
      ADD_FAILURE() << "no scraper takes this: " << line;
    }
  }
}

double Exposition::at(const std::string& sample) const {
  const auto found = samples.find(sample);
  return found == samples.end() ? -1 : found->second;
}

void count_everything(infra::metrics::Metrics& metrics) {
  metrics.exchanged("GET", "/api/patients/{id}", 200, std::chrono::milliseconds{2});
  metrics.commanded(CommandOutcome::done);
  metrics.appended(std::chrono::milliseconds{2});
  metrics.transacted(TransactionOutcome::committed);
  metrics.published("created");
  metrics.forwarded(infra::metrics::ForwardOutcome::answered);
}

infra::metrics::Snapshot everything() {
  infra::metrics::Snapshot now;
  now.connections = 3;
  now.writer = true;
  now.turns = 2;
  now.commands_waiting = 5;
  now.expected = 8;
  now.consumed = {.recorded = 11, .duplicates = 12, .ignored = 13, .dead = 14};
  now.confirmations = {.sent = 31, .skipped = 32, .refused = 33, .retried = 34, .lag = 35};
  now.import = {.processed = 21, .failed = 22, .imported = 23, .duplicates = 24};
  now.projections.push_back({.name = "directory",
                             .there = true,
                             .lag_events = 7,
                             .lag_time = std::chrono::milliseconds{2500},
                             .lag_by_partition = {{3, std::chrono::milliseconds{500}},
                                                  {4, std::chrono::milliseconds{2500}}},
                             .quarantined = 6});
  now.projections.push_back({.name = "timeline", .there = false, .lag_events = 99});
  return now;
}

}  // namespace testing_metrics
