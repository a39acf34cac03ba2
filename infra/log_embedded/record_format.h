#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/ports/log.h"

namespace infra::log_embedded {

// One record as `log.db` keeps it: a row of the table of its topic and partition.
struct Row {
  std::int64_t offset = 0;
  std::int64_t previous = -1;  // offset of the record before it in the partition; -1: the first
  std::int64_t at = 0;         // appended at, microseconds since 1970 UTC
  std::string_view key;
  std::optional<std::string_view> value;  // none: a tombstone
};

// The checksum kept with each record, over all of the row and the place it stands in. On disk,
// frozen: XXH3-64 of the seven little-endian numbers topic, partition, offset, previous, at, key
// size, value size (-1: none); that as the seed for the key; that as the seed for the value.
[[nodiscard]] std::int64_t checksum(ports::Topic topic, ports::Partition partition, const Row& row);

// The same for a row of numbers and a text, for the log's own few facts.
[[nodiscard]] std::int64_t checksum(std::string_view text, std::int64_t first, std::int64_t second);

}  // namespace infra::log_embedded
