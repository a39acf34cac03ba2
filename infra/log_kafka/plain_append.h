#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

struct PlainRecord {
  std::int32_t partition;
  std::string_view key;
  std::string_view value;  // never a tombstone
};

// Appends to an internal topic outside of any transaction and beside whoever writes, and returns
// when the brokers have it all. Throws core::Broken when some of it did not arrive.
void append_plainly(const Cluster& cluster,
                    InternalTopic topic,
                    std::span<const PlainRecord> records);

}  // namespace infra::log_kafka
