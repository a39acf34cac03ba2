#include "domain/core/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace core {
namespace {

struct Decoded {
  char32_t character;
  std::size_t length;  // 0: no valid UTF-8 here
};

Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  std::size_t length = 0;
  char32_t character = 0;
  char32_t smallest = 0;  // A longer form than needed is invalid.
  if ((first & 0xE0) == 0xC0) {
    length = 2, character = first & 0x1F, smallest = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    length = 3, character = first & 0x0F, smallest = 0x800;
  } else if ((first & 0xF8) == 0xF0) {
    length = 4, character = first & 0x07, smallest = 0x10000;
  }
  if (length == 0 || text.size() < length) return {0, 0};
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return {0, 0};
    character = (character << 6) | (byte(at) & 0x3F);
  }
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < smallest || surrogate || character > 0x10FFFF) return {0, 0};
  return {character, length};
}

bool is_white_space(char32_t character) {
  if (character >= 0x09 && character <= 0x0D) return true;
  if (character >= 0x2000 && character <= 0x200A) return true;
  constexpr std::array<char32_t, 9> kOthers{
      0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
  return std::find(kOthers.begin(), kOthers.end(), character) != kOthers.end();
}

}  // namespace

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.length == 0 || next.character == 0) return std::nullopt;
    text.remove_prefix(next.length);
    ++count;
  }
  return count;
}

bool is_one_line(std::string_view text, std::size_t characters_max) {
  const auto count = count_characters(text);
  if (!count || *count < 1 || *count > characters_max) return false;
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.character < 0x20 || (next.character >= 0x7F && next.character < 0xA0)) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

bool has_visible_character(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.length == 0) return false;
    if (!is_white_space(next.character)) return true;
    text.remove_prefix(next.length);
  }
  return false;
}

}  // namespace core
