#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "infra/codec/wire_type.h"

namespace infra::codec {

// Writes protobuf messages straight into a string. Fields are given in ascending order, as
// protobuf's own writer has them.
class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

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
    out_.append(value);
  }

  // `write` writes the inside of the field: a message, or packed numbers.
  template <class Write>
  void message(int field, Write&& write) {
    tag(field, WireType::delimited);
    const std::size_t begin = out_.size();
    out_ += '\0';
    write();
    const std::size_t length = out_.size() - begin - 1;
    if (length < 0x80) {
      out_[begin] = static_cast<char>(length);
      return;
    }
    std::array<char, 10> digits{};
    const std::size_t count = put_varint(length, digits.data());
    out_.replace(begin, 1, digits.data(), count);
  }

  void append_varint(std::uint64_t value) {
    if (value < 0x80) {  // Most lengths and tags.
      out_ += static_cast<char>(value);
      return;
    }
    std::array<char, 10> digits{};
    out_.append(digits.data(), put_varint(value, digits.data()));
  }
  void append_fixed(std::uint64_t value) {
    std::array<char, 8> digits{};
    for (char& digit : digits) {
      digit = static_cast<char>(value & 0xFF);
      value >>= 8;
    }
    out_.append(digits.data(), digits.size());
  }
  void append_fixed(std::span<const std::uint64_t> values) {
    static_assert(std::endian::native == std::endian::little, "the wire is little-endian");
    if (!values.empty())
      out_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }

 private:
  static std::size_t put_varint(std::uint64_t value, char* digits) {
    std::size_t count = 0;
    while (value >= 0x80) {
      digits[count++] = static_cast<char>((value & 0x7F) | 0x80);
      value >>= 7;
    }
    digits[count++] = static_cast<char>(value);
    return count;
  }
  void tag(int field, WireType type) {
    append_varint((static_cast<std::uint64_t>(field) << 3) | static_cast<std::uint64_t>(type));
  }

  std::string& out_;
};

}  // namespace infra::codec
