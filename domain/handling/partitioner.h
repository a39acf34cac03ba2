#pragma once

#include <cstdint>
#include <string_view>

#include "domain/ports/log.h"

namespace handling {

// MurmurHash2, 32 bits, as Apache Kafka's Java client computes it (seed 0x9747b28c): other clients
// find our partitions by it. Source: org.apache.kafka.common.utils.Utils.murmur2.
[[nodiscard]] std::uint32_t murmur2(std::string_view bytes);

// The partition that a patient's records live in, on every topic and every log. Frozen:
// (murmur2(patient_id) & 0x7fffffff) % partitions.
[[nodiscard]] ports::Partition partition_of(std::string_view patient_id, std::int32_t partitions);

}  // namespace handling
