#pragma once

#include <string>
#include <string_view>

namespace projections::directory {

// `text` in lower case, for a search that takes Ä and ä for the same: ASCII, Latin-1, Latin
// Extended-A, Greek and Cyrillic, letter by letter. ẞ becomes ß and ς becomes σ; ß stays ß, İ
// becomes i, ı stays. Other letters, and bytes that are no UTF-8, stay as they are; a letter and a
// combining accent are not put together. Folding twice is folding once.
[[nodiscard]] std::string fold_case(std::string_view text);

}  // namespace projections::directory
