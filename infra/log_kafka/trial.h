#pragma once

#include <chrono>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// Writes a tick to the topic `<prefix>.writer` in a transaction under the id `<prefix>.doctor`, and
// aborts it: nobody is fenced, and no reader sees it. Answers how far the brokers' clock, by the
// time they gave the tick, is ahead of this machine's; the error is below the time it took. Throws
// core::Broken when any step of it fails.
[[nodiscard]] std::chrono::milliseconds try_transaction(const Cluster& cluster);

}  // namespace infra::log_kafka
