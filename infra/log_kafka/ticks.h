#pragma once

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// Appends a `__tick` to every partition of the topic, outside of any transaction and beside
// whoever writes: a tick decides nothing and projections skip it. Throws core::Broken when one of
// them did not arrive.
void append_ticks(const Cluster& cluster, InternalTopic topic, std::int32_t partitions);

}  // namespace infra::log_kafka
