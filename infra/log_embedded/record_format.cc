#include "infra/log_embedded/record_format.h"

#include <xxhash.h>

#include <array>
#include <bit>

namespace infra::log_embedded {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

std::int64_t checksum(ports::Topic topic, ports::Partition partition, const Row& row) {
  const std::array<std::int64_t, 7> numbers{
      static_cast<std::int64_t>(topic),
      partition.get(),
      row.offset,
      row.previous,
      row.at,
      static_cast<std::int64_t>(row.key.size()),
      row.value ? static_cast<std::int64_t>(row.value->size()) : -1};
  XXH64_hash_t sum = XXH3_64bits(numbers.data(), sizeof numbers);
  sum = XXH3_64bits_withSeed(row.key.data(), row.key.size(), sum);
  if (row.value) sum = XXH3_64bits_withSeed(row.value->data(), row.value->size(), sum);
  return static_cast<std::int64_t>(sum);
}

std::int64_t checksum(std::string_view text, std::int64_t first, std::int64_t second) {
  const std::array<std::int64_t, 2> numbers{first, second};
  const XXH64_hash_t sum = XXH3_64bits(numbers.data(), sizeof numbers);
  return static_cast<std::int64_t>(XXH3_64bits_withSeed(text.data(), text.size(), sum));
}

}  // namespace infra::log_embedded
