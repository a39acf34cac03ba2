#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "infra/codec/wire_type.h"

namespace infra::codec {

// Writes protobuf messages by hand. Fields are given in ascending order, as protobuf's own writer
// has them. Used by one thread; a typical record needs no memory but that of its string.
class WireWriter {
 public:
  WireWriter() = default;
  WireWriter(const WireWriter&) = delete;
  WireWriter& operator=(const WireWriter&) = delete;

  // What was written.
  [[nodiscard]] std::string bytes() const { return {begin_, at_}; }

  // As proto3 wants it of a plain field: zero and the empty text are not written.
  void number(int field, std::int64_t value) {
    if (value != 0) set_number(field, value);
  }
  void day(int field, std::int32_t value) {
    if (value != 0) set_day(field, value);
  }
  void fixed(int field, std::uint64_t value) {
    if (value == 0) return;
    tag(field, WireType::fixed64);
    append_fixed(value);
  }
  void bytes(int field, std::string_view value) {
    if (!value.empty()) set_bytes(field, value);
  }

  // For optional fields and those of a oneof, which are there whatever their value.
  void set_number(int field, std::int64_t value) {
    tag(field, WireType::varint);
    append_varint(static_cast<std::uint64_t>(value));
  }
  void set_day(int field, std::int32_t value) {
    tag(field, WireType::varint);
    append_varint((static_cast<std::uint32_t>(value) << 1) ^
                  static_cast<std::uint32_t>(value >> 31));
  }
  void set_bytes(int field, std::string_view value) {
    tag(field, WireType::delimited);
    append_varint(value.size());
    append(value);
  }

  // `write` writes the inside of the field: a message, or packed numbers.
  template <class Write>
  void message(int field, Write&& write) {
    tag(field, WireType::delimited);
    need(1);
    const auto begin = static_cast<std::size_t>(at_ - begin_);
    ++at_;  // Most lengths take one byte.
    write();
    const std::size_t length = static_cast<std::size_t>(at_ - begin_) - begin - 1;
    if (length < 0x80) {
      begin_[begin] = static_cast<char>(length);
      return;
    }
    std::array<char, kVarintBytesMax> digits;
    const auto count = static_cast<std::size_t>(put_varint(length, digits.data()) - digits.data());
    need(count);
    char* const inside = begin_ + begin + 1;
    std::memmove(inside + count - 1, inside, length);
    std::memcpy(inside - 1, digits.data(), count);
    at_ += count - 1;
  }

  void append_varint(std::uint64_t value) {
    need(kVarintBytesMax);
    at_ = put_varint(value, at_);
  }
  void append_fixed(std::uint64_t value) { append_fixed(std::span{&value, 1}); }
  void append_fixed(std::span<const std::uint64_t> values) {
    static_assert(std::endian::native == std::endian::little, "the wire is little-endian");
    append({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }

 private:
  static constexpr std::size_t kVarintBytesMax = 10;

  static char* put_varint(std::uint64_t value, char* at) {
    while (value >= 0x80) {
      *at++ = static_cast<char>((value & 0x7F) | 0x80);
      value >>= 7;
    }
    *at++ = static_cast<char>(value);
    return at;
  }
  void tag(int field, WireType type) {
    append_varint((static_cast<std::uint64_t>(field) << 3) | static_cast<std::uint64_t>(type));
  }
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    need(bytes.size());
    std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }
  void need(std::size_t more) {
    if (static_cast<std::size_t>(end_ - at_) < more) grow(more);
  }
  void grow(std::size_t more) {
    const auto written = static_cast<std::size_t>(at_ - begin_);
    const std::size_t size = 2 * (written + more);
    auto larger = std::make_unique_for_overwrite<char[]>(size);
    std::memcpy(larger.get(), begin_, written);
    large_ = std::move(larger);
    begin_ = large_.get();
    at_ = begin_ + written;
    end_ = begin_ + size;
  }

  std::array<char, 2048> small_;
  std::unique_ptr<char[]> large_;
  char* begin_ = small_.data();
  char* at_ = begin_;
  char* end_ = begin_ + small_.size();
};

}  // namespace infra::codec
