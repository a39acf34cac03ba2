#include "projections/directory/fold_case.h"

#include <cstdint>

namespace projections::directory {
namespace {

constexpr bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

char32_t fold_latin(char32_t c) {
  if (within(c, 0x00C0, 0x00DE)) return c == 0x00D7 ? c : c + 32;
  if (c == 0x0130) return U'i';
  if (c == 0x0178) return 0x00FF;
  if (c == 0x017F) return U's';
  const bool even_is_upper = within(c, 0x0100, 0x0137) || within(c, 0x014A, 0x0177);
  if (even_is_upper) return c % 2 == 0 ? c + 1 : c;
  const bool odd_is_upper = within(c, 0x0139, 0x0148) || within(c, 0x0179, 0x017E);
  if (odd_is_upper) return c % 2 == 1 ? c + 1 : c;
  return c;
}

char32_t fold_greek(char32_t c) {
  if (c == 0x0386) return 0x03AC;
  if (within(c, 0x0388, 0x038A)) return c + 37;
  if (c == 0x038C) return 0x03CC;
  if (within(c, 0x038E, 0x038F)) return c + 63;
  if (within(c, 0x0391, 0x03AB) && c != 0x03A2) return c + 32;
  if (c == 0x03C2) return 0x03C3;
  return c;
}

char32_t fold_cyrillic(char32_t c) {
  if (within(c, 0x0400, 0x040F)) return c + 80;
  if (within(c, 0x0410, 0x042F)) return c + 32;
  if (c == 0x04C0) return 0x04CF;
  if (within(c, 0x04C1, 0x04CE)) return c % 2 == 1 ? c + 1 : c;
  const bool even_is_upper =
      within(c, 0x0460, 0x0481) || within(c, 0x048A, 0x04BF) || within(c, 0x04D0, 0x052F);
  return even_is_upper && c % 2 == 0 ? c + 1 : c;
}

char32_t fold(char32_t c) {
  if (c < 0x0180) return fold_latin(c);
  if (within(c, 0x0370, 0x03FF)) return fold_greek(c);
  if (within(c, 0x0400, 0x052F)) return fold_cyrillic(c);
  return c == 0x1E9E ? 0x00DF : c;
}

std::uint8_t byte(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (byte(text, at) & 0xC0) == 0x80;
}

void append_two_bytes(std::string& out, char32_t c) {
  out += static_cast<char>(0xC0 | (c >> 6));
  out += static_cast<char>(0x80 | (c & 0x3F));
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::uint8_t lead = byte(text, at);
    if (lead >= 'A' && lead <= 'Z') {
      out += static_cast<char>(lead + 32);
    } else if (lead >= 0xC2 && lead <= 0xDF && continues(text, at + 1)) {
      const char32_t c =
          fold(static_cast<char32_t>(lead & 0x1F) << 6 | (byte(text, at + 1) & 0x3F));
      if (c < 0x80) {
        out += static_cast<char>(c);
      } else {
        append_two_bytes(out, c);
      }
      ++at;
    } else if (text.substr(at, 3) == "\xE1\xBA\x9E") {  // ẞ
      append_two_bytes(out, fold(0x1E9E));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace projections::directory
