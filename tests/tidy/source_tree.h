#pragma once

#include <string>
#include <string_view>
#include <vector>

// The checkout as the tidy tests see it.
namespace tidy {

struct File {
  std::string path;  // from the root, with slashes
  std::vector<std::string> lines;

  [[nodiscard]] std::string folder() const;
  [[nodiscard]] bool is_cpp() const;  // .h or .cc
  // Something a person writes and reads as code: C++, CMake, schemas, scripts.
  [[nodiscard]] bool is_code() const;
};

using Complaints = std::vector<std::string>;

// Every file under the rooms of the repository, by path; sample and golden data are left out.
[[nodiscard]] const std::vector<File>& all_files();

// `complaints` as one text for a test's message.
[[nodiscard]] std::string text(const Complaints& complaints);

// "path:line: what".
[[nodiscard]] std::string complaint(const File& file, std::size_t index, std::string_view what);

}  // namespace tidy
