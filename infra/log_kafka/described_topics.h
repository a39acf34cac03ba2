#pragma once

#include <vector>

#include "infra/log_kafka/cluster.h"
#include "infra/log_kafka/topic_settings_check.h"

namespace infra::log_kafka {

// The log's topics and the outbound ones as the brokers describe them; one that is not there has no
// partitions. Throws core::Broken (broker_unavailable) when no broker answers.
[[nodiscard]] std::vector<DescribedTopic> describe_topics(const Cluster& cluster);

// The end of everything that was written to each partition, decided or not. Throws core::Broken.
[[nodiscard]] std::vector<std::int64_t> written_ends(const Cluster& cluster,
                                                     InternalTopic topic,
                                                     std::int32_t partitions);

}  // namespace infra::log_kafka
