#pragma once

#include <memory>

#include "infra/log_kafka/cluster.h"
#include "infra/log_kafka/genesis.h"

namespace infra::log_kafka {

// What the topics of a prefix hold, as far as their beginnings tell.
struct Found {
  Cluster::Layout layout;
  std::optional<ports::LogIdentity> log;  // none: no partition has a record
  bool is_complete = false;               // every topic is there, every partition has its genesis
};

// Throws core::Broken (log_mismatch) when it is not, and cannot become, one log.
[[nodiscard]] Found look(const std::shared_ptr<const Cluster>& cluster);

}  // namespace infra::log_kafka
