#include "domain/handling/partitioner.h"

#include "domain/core/expects.h"

namespace handling {

std::uint32_t murmur2(std::string_view bytes) {
  constexpr std::uint32_t kSeed = 0x9747b28c;
  constexpr std::uint32_t kMix = 0x5bd1e995;
  constexpr int kShift = 24;
  const auto byte = [&](std::size_t at) {
    return std::uint32_t{static_cast<std::uint8_t>(bytes[at])};
  };

  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(bytes.size());
  const std::size_t whole = bytes.size() / 4 * 4;
  for (std::size_t at = 0; at < whole; at += 4) {
    std::uint32_t word = byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24;
    word *= kMix;
    word ^= word >> kShift;
    word *= kMix;
    hash *= kMix;
    hash ^= word;
  }
  const std::size_t rest = bytes.size() - whole;
  if (rest > 2) hash ^= byte(whole + 2) << 16;
  if (rest > 1) hash ^= byte(whole + 1) << 8;
  if (rest > 0) {
    hash ^= byte(whole);
    hash *= kMix;
  }
  hash ^= hash >> 13;
  hash *= kMix;
  hash ^= hash >> 15;
  return hash;
}

ports::Partition partition_of(std::string_view patient_id, std::int32_t partitions) {
  core::expects(partitions > 0, "a log has at least one partition");
  const auto positive = static_cast<std::int32_t>(murmur2(patient_id) & 0x7fffffff);
  return ports::Partition{positive % partitions};
}

}  // namespace handling
