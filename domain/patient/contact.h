#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/core/time.h"
#include "domain/patient/ids.h"

namespace patient {

enum class Channel : std::uint8_t { email, phone, other };
enum class Direction : std::uint8_t { unknown, outgoing, incoming };
[[nodiscard]] std::string_view name(Channel channel);
[[nodiscard]] std::string_view name(Direction direction);
[[nodiscard]] std::optional<Channel> parse_channel(std::string_view text);
[[nodiscard]] std::optional<Direction> parse_direction(std::string_view text);

inline constexpr std::size_t kSourceCharactersMax = 200;

// Where we know a contact from: the id that its sender gave it, so that a repeated delivery is
// recognised. One line (core::is_one_line) of kSourceCharactersMax. The digest is that of the text.
struct ContactSource {
  std::string text;
  Digest digest{0};
  friend bool operator==(const ContactSource&, const ContactSource&) = default;
};

struct Contact {
  core::Timestamp at;
  Channel channel = Channel::other;
  Direction direction = Direction::unknown;
  std::optional<TherapistId> therapist;
  ContactSource source;
  friend bool operator==(const Contact&, const Contact&) = default;
};

}  // namespace patient
