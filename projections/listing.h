#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A list of numbers as one cell: eight bytes each, little-endian. What Table::listing is made from.
namespace projections {

[[nodiscard]] inline std::string pack(std::span<const std::int64_t> numbers) {
  std::string bytes;
  bytes.reserve(numbers.size() * 8);
  for (const std::int64_t number : numbers) {
    auto bits = static_cast<std::uint64_t>(number);
    for (int byte = 0; byte < 8; ++byte, bits >>= 8) bytes += static_cast<char>(bits & 0xFF);
  }
  return bytes;
}

// Bytes behind the last whole number are no number.
[[nodiscard]] inline std::vector<std::int64_t> unpack(std::string_view bytes) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(bytes.size() / 8);
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t bits = 0;
    for (std::size_t byte = 8; byte-- > 0;)
      bits = bits << 8 | static_cast<std::uint8_t>(bytes[byte]);
    numbers.push_back(static_cast<std::int64_t>(bits));
  }
  return numbers;
}

}  // namespace projections
