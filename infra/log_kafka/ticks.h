#pragma once

#include <chrono>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// Appends a `__tick` to every partition of the topic, outside of any transaction and beside
// whoever writes: a tick decides nothing and projections skip it. Throws core::Broken when one of
// them did not arrive.
void append_ticks(const Cluster& cluster, InternalTopic topic, std::int32_t partitions);

// How often the topic wants them: its newest segment, which is never compacted, is closed by a
// record that comes later than this (`segment.ms`). Throws core::Broken.
[[nodiscard]] std::chrono::milliseconds tick_interval(const Cluster& cluster, InternalTopic topic);

}  // namespace infra::log_kafka
