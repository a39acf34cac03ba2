#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/core/raw.h"
#include "domain/core/result.h"

// JSON text ↔ core::Raw.
namespace infra::codec {

// Where a text stops being JSON that we take, and why. The message repeats nothing of the text but
// the name of a member that is there twice, and that only when the name is plain.
struct JsonError {
  std::int64_t line;    // from 1
  std::int64_t column;  // from 1, in characters
  std::string message;
  friend bool operator==(const JsonError&, const JsonError&) = default;
};

// The log takes no record over 900 kB, so nothing sensible is longer.
inline constexpr std::size_t kJsonBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kJsonDepthMax = 64;

// Exactly one document, strictly RFC 8259. Refused as well: invalid UTF-8, NUL (escaped or not),
// members with the same name, numbers too large for a double. Whole numbers that fit become
// int64, others double.
[[nodiscard]] core::Result<core::Raw, JsonError> read_json(std::string_view bytes);

// All three are deterministic and leave UTF-8 as it is. Members stand in the order of the object; a
// double is written so that it is read back as the same double.
[[nodiscard]] std::string write_json(const core::Raw& raw);
[[nodiscard]] std::string write_json_pretty(const core::Raw& raw);  // two spaces; ends in a newline
// As write_json writes it, or one text of it, appended to `out`.
void append_json(const core::Raw& raw, std::string& out);
void append_json(std::string_view text, std::string& out);

// One text for all documents that mean the same: members sorted by the bytes of their names, whole
// doubles written as integers. What digests are made of, so it never changes.
[[nodiscard]] std::string canonical_json(const core::Raw& raw);

}  // namespace infra::codec
