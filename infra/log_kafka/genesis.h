#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// The value of the first record of every partition: which log this is. Frozen:
// {"incarnation":"UUID","partitions":N,"format":1}
[[nodiscard]] std::string genesis_value(const ports::LogIdentity& log);

// What the first record of a partition says.
struct First {
  enum class Kind {
    nothing,         // the partition is empty, or all that is in it was aborted
    genesis,         // `log` is which
    newer_format,    // a genesis that a later version of this program wrote
    something_else,  // a record that does not belong at the beginning
  };
  Kind kind = Kind::nothing;
  std::optional<ports::LogIdentity> log;
};
[[nodiscard]] First first_of(std::string_view key, std::optional<std::string_view> value);

// The first record of each partition of the topic.
[[nodiscard]] std::vector<First> firsts(const std::shared_ptr<const Cluster>& cluster,
                                        InternalTopic topic,
                                        std::int32_t partitions);

}  // namespace infra::log_kafka
