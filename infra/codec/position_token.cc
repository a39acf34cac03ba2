#include "infra/codec/position_token.h"

#include <charconv>
#include <cstdint>

namespace infra::codec {
namespace {

constexpr std::string_view kVersion = "1.";
constexpr std::size_t kHexDigits = 32;
// Three numbers of up to 19 digits and their separators for each partition.
constexpr std::size_t kTextMax = kVersion.size() + kHexDigits + ports::kPartitionsMax * 60;

std::string hex_of(const ports::Incarnation& incarnation) {
  std::string hex = incarnation.get().text();
  std::erase(hex, '-');
  return hex;
}

std::optional<ports::Incarnation> parse_incarnation(std::string_view hex) {
  if (hex.size() != kHexDigits) return std::nullopt;
  std::string text{hex};
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  const auto uuid = core::Uuid::parse(text);
  if (!uuid) return std::nullopt;
  return ports::Incarnation{*uuid};
}

// Takes digits off the front; a leading zero or a sign is none.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  Number number{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto length = static_cast<std::size_t>(read.ptr - text.data());
  if (read.ec != std::errc{} || text.front() == '-') return std::nullopt;
  if (text.front() == '0' && length > 1) return std::nullopt;
  text.remove_prefix(length);
  return number;
}

bool take(char c, std::string_view& text) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<ports::PositionToken::Place> take_place(std::string_view& text) {
  if (!take('.', text)) return std::nullopt;
  const auto partition = take_number<std::int32_t>(text);
  if (!partition || *partition >= ports::kPartitionsMax || !take('-', text)) return std::nullopt;
  const auto events = take_number<std::int64_t>(text);
  if (!events || !take('-', text)) return std::nullopt;
  const auto history = take_number<std::int64_t>(text);
  if (!history) return std::nullopt;
  return ports::PositionToken::Place{
      ports::Partition{*partition}, ports::Offset{*events}, ports::Offset{*history}};
}

}  // namespace

std::string format(const ports::PositionToken& token) {
  std::string text{kVersion};
  text += hex_of(token.incarnation);
  const auto append = [&](char before, std::int64_t number) {
    text += before;
    text += std::to_string(number);
  };
  for (const auto& place : token.places) {
    append('.', place.partition.get());
    append('-', place.events.get());
    append('-', place.history.get());
  }
  return text;
}

std::optional<ports::PositionToken> parse_position(std::string_view text) {
  if (text.size() > kTextMax || !text.starts_with(kVersion)) return std::nullopt;
  text.remove_prefix(kVersion.size());
  const std::string_view hex = text.substr(0, kHexDigits);
  const auto incarnation = parse_incarnation(hex);
  if (!incarnation || hex_of(*incarnation) != hex) return std::nullopt;
  text.remove_prefix(kHexDigits);
  ports::PositionToken token{*incarnation, {}};
  while (!text.empty()) {
    const auto place = take_place(text);
    if (!place) return std::nullopt;
    if (!token.places.empty() && token.places.back().partition >= place->partition)
      return std::nullopt;
    token.places.push_back(*place);
  }
  return token;
}

}  // namespace infra::codec
