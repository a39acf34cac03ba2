#pragma once

#include <optional>
#include <string>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// No answer of a broker has its release in it, and librdkafka keeps ApiVersions, by which it could
// be guessed, to itself. What tells is a setting of Apache Kafka, inter.broker.protocol.version:
// unless somebody has set it, it is the newest that the release knows, and 4.0 has it no more.
struct ProtocolSetting {
  std::string value;  // as "3.9-IV0"
  bool is_default;    // nobody has set it
};
// "3.9", "3.6 or newer", "4.0 or newer"; none: a broker that has no such setting.
[[nodiscard]] std::string release_by(const std::optional<ProtocolSetting>& setting);

// For the operator: "release 3.9", of several releases all of them, or why it is not known. Asks
// each broker once, and waits for them as long as the settings' patience. Throws core::Broken when
// it is not told which brokers there are.
[[nodiscard]] std::string broker_releases(const Cluster& cluster);

}  // namespace infra::log_kafka
