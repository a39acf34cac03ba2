#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// Where the consumer group `<prefix>.<group>` goes on in a topic, without joining it: reactors and
// ingest and their progress. While it has members only they may commit. Used by one thread; throws
// core::Broken.
class GroupOffsets {
 public:
  GroupOffsets(const Cluster& cluster, std::string_view group, std::string topic);

  // Of partitions 0 to `partitions` - 1 those that the group has committed.
  [[nodiscard]] std::vector<ports::Start> read(std::int32_t partitions) const;
  void write(std::span<const ports::Start> starts) const;

 private:
  std::string group_;
  std::string topic_;
  int patience_;  // in milliseconds
  Client client_;
};

}  // namespace infra::log_kafka
