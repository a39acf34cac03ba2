#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace core {

// The number of characters (Unicode code points) in `text`, or nothing when it is no valid UTF-8
// (overlong forms, surrogates and values above U+10FFFF are invalid) or holds a NUL.
[[nodiscard]] std::optional<std::size_t> count_characters(std::string_view text);

// Whether `text` is 1 to `characters_max` characters, none of them a control character (C0, DEL,
// C1): what a name or an id from elsewhere may be.
[[nodiscard]] bool is_one_line(std::string_view text, std::size_t characters_max);

// Whether any character is something other than Unicode white space. `text` is valid UTF-8.
[[nodiscard]] bool has_visible_character(std::string_view text);

}  // namespace core
