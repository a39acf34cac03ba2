#include "infra/codec/wire_reader.h"

#include <algorithm>
#include <cstring>

#include "domain/core/text.h"

namespace infra::codec {

namespace {

// Eight characters at a time: nearly every text is, and every text is asked.
bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t seen = 0;
  while (text.size() >= sizeof seen) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), sizeof eight);
    seen |= eight;
    text.remove_prefix(sizeof eight);
  }
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return (seen & kHighBits) == 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  while (true) {
    const std::size_t nul = text.find('\0');
    if (!core::count_characters(text.substr(0, nul))) return false;
    if (nul == std::string_view::npos) return true;
    text.remove_prefix(nul + 1);
  }
}

bool WireReader::next() {
  constexpr std::uint64_t kFieldMax = (1U << 29) - 1;
  if (left_.empty()) return false;
  const std::uint64_t tag = take_varint();
  const std::uint64_t field = tag >> 3;
  if (field == 0 || field > kFieldMax) {
    give_up();
    return false;
  }
  field_ = static_cast<int>(field);
  type_ = static_cast<WireType>(tag & 7);
  switch (type_) {
    case WireType::varint: value_ = take_varint(); return verdict_->sound();
    case WireType::fixed64: value_ = take_fixed(); return verdict_->sound();
    case WireType::delimited: {
      const std::uint64_t length = take_varint();
      if (length > left_.size()) break;
      bytes_ = left_.substr(0, length);
      left_.remove_prefix(length);
      return verdict_->sound();
    }
    case WireType::fixed32:
      if (left_.size() < 4) break;
      left_.remove_prefix(4);
      return verdict_->sound();
  }
  give_up();
  return false;
}

std::uint64_t WireReader::take_long_varint() {
  constexpr std::size_t kDigitsMax = 10;
  std::uint64_t value = 0;
  const std::size_t most = std::min(left_.size(), kDigitsMax);
  for (std::size_t at = 0; at < most; ++at) {
    const auto digit = static_cast<unsigned char>(left_[at]);
    value |= static_cast<std::uint64_t>(digit & 0x7F) << (7 * at);
    if (digit < 0x80) {
      left_.remove_prefix(at + 1);
      return value;
    }
  }
  give_up();
  return 0;
}

std::uint64_t WireReader::take_fixed() {
  constexpr std::size_t kDigits = 8;
  if (left_.size() < kDigits) {
    give_up();
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t at = kDigits; at > 0; --at)
    value = (value << 8) | static_cast<unsigned char>(left_[at - 1]);
  left_.remove_prefix(kDigits);
  return value;
}

void WireReader::give_up() {
  verdict_->refuse("the bytes are no protobuf message");
  left_ = {};
}

}  // namespace infra::codec
