#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kartei {

// How many columns of a terminal `text` takes: combining marks take none, East Asian wide
// characters and emoji two. `text` should be UTF-8; a byte that is none counts as one column.
[[nodiscard]] std::size_t display_width(std::string_view text);

// The text in one line that a terminal can be trusted with: control characters become U+FFFD, so
// that nobody's name moves the cursor.
[[nodiscard]] std::string printable(std::string_view text);

// Rows under a header, columns two blanks apart, numbers to the right. No cell is cut off.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  // Shorter rows are filled up with empty cells.
  void add(std::vector<std::string> row);
  // Columns that hold numbers are set to the right.
  void align_right(std::size_t column);
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the first is the header
  std::vector<bool> right_;
};

}  // namespace kartei
