#pragma once

#include <string_view>
#include <vector>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// Where the consumer group `<prefix>.<group>` goes on in `patient-history`, without joining it:
// reactors and their progress. While it has members only they may commit.
[[nodiscard]] std::vector<ports::Start> read_group_offsets(const Cluster& cluster,
                                                           std::string_view group,
                                                           std::int32_t partitions);
void write_group_offsets(const Cluster& cluster,
                         std::string_view group,
                         std::span<const ports::Start> starts);

}  // namespace infra::log_kafka
