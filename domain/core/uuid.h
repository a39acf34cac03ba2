#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace core {

// 128 bits that name one thing for ever (RFC 9562). Making one needs randomness or a hash and is
// the business of ports::Ids; this type only holds, reads and prints them.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // Reads the 36-character form, upper or lower case; anything else is no UUID.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
  // The 36-character form in lower case.
  [[nodiscard]] std::string text() const;

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

}  // namespace core

template <>
struct std::hash<core::Uuid> {
  std::size_t operator()(const core::Uuid& uuid) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, uuid.bytes.data(), sizeof halves);
    return static_cast<std::size_t>(halves[0] ^ (halves[1] * 0x9E3779B97F4A7C15ULL));
  }
};
