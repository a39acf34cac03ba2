#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "infra/codec/verdict.h"
#include "infra/codec/wire_type.h"

namespace infra::codec {

// Whether protobuf takes it for a string: it has nothing against NUL.
[[nodiscard]] bool is_utf8(std::string_view text);

// Reads the fields of a protobuf message one after another, without building anything.
class WireReader {
 public:
  // What is no message goes to `verdict`, which must outlive the reader, as must the bytes.
  WireReader(std::string_view bytes, Verdict& verdict) : left_(bytes), verdict_(&verdict) {}

  // Goes to the next field. False at the end, and where the bytes stop being a message.
  [[nodiscard]] bool next();

  // The field's number, and its value as the schema has it. Another wire type is malformed.
  [[nodiscard]] int field() const { return field_; }
  [[nodiscard]] std::uint64_t unsigned_number() const { return of(WireType::varint) ? value_ : 0; }
  [[nodiscard]] std::int64_t number() const { return static_cast<std::int64_t>(unsigned_number()); }
  // Of an enumeration or int32: what does not fit becomes −1, which is neither.
  [[nodiscard]] int small_number() const {
    const std::int64_t wide = number();
    return wide >= INT32_MIN && wide <= INT32_MAX ? static_cast<int>(wide) : -1;
  }
  [[nodiscard]] bool flag() const { return unsigned_number() != 0; }
  [[nodiscard]] std::int32_t day() const {
    const auto zigzag = static_cast<std::uint32_t>(unsigned_number());
    return static_cast<std::int32_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
  }
  [[nodiscard]] std::uint64_t fixed() const { return of(WireType::fixed64) ? value_ : 0; }
  [[nodiscard]] std::string_view bytes() const {
    return of(WireType::delimited) ? bytes_ : std::string_view{};
  }
  [[nodiscard]] std::string text() const {
    const std::string_view text = bytes();
    verdict_->demand(is_utf8(text), "a text is not UTF-8");
    return std::string{text};
  }
  // A message inside of this one.
  [[nodiscard]] WireReader message() const { return {bytes(), *verdict_}; }
  [[nodiscard]] Verdict& verdict() const { return *verdict_; }

  // For packed numbers, which have no tags: the bytes are all numbers up to the end.
  [[nodiscard]] bool at_end() const { return left_.empty(); }
  [[nodiscard]] std::uint64_t take_varint() {
    if (left_.empty() || static_cast<unsigned char>(left_.front()) >= 0x80)
      return take_long_varint();
    const auto digit = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    return digit;
  }
  [[nodiscard]] std::uint64_t take_fixed();

 private:
  bool of(WireType type) const {
    return verdict_->demand(type_ == type, "a field has another type than the schema says");
  }
  std::uint64_t take_long_varint();
  void give_up();

  std::string_view left_;
  Verdict* verdict_;
  int field_ = 0;
  WireType type_ = WireType::varint;
  std::uint64_t value_ = 0;
  std::string_view bytes_;
};

}  // namespace infra::codec
