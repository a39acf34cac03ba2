#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace tidy {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 6> kRooms = {
    "domain", "projections", "infra", "proto", "tests", "tools"};

bool is_data(const fs::path& path) {
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) {
    return part == "data" || part == "golden";
  });
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in{path};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<File> read_all() {
  const fs::path root{SOURCE_ROOT};
  std::vector<File> files;
  for (const char* room : kRooms) {
    for (const auto& entry : fs::recursive_directory_iterator{root / room}) {
      const fs::path path = fs::relative(entry.path(), root);
      if (!entry.is_regular_file() || is_data(path)) continue;
      files.push_back({path.generic_string(), lines_of(entry.path())});
    }
  }
  std::sort(files.begin(), files.end(), [](const File& one, const File& other) {
    return one.path < other.path;
  });
  return files;
}

}  // namespace

std::string File::folder() const { return fs::path{path}.parent_path().generic_string(); }

bool File::is_cpp() const { return path.ends_with(".h") || path.ends_with(".cc"); }

bool File::is_code() const {
  const bool script = !lines.empty() && lines.front().starts_with("#!");
  return is_cpp() || script || path.ends_with(".proto") || path.ends_with("CMakeLists.txt") ||
         path.ends_with(".py") || path.ends_with(".sh");
}

const std::vector<File>& all_files() {
  static const std::vector<File> files = read_all();
  return files;
}

std::string text(const Complaints& complaints) {
  std::string text;
  for (const std::string& one : complaints) text += one + '\n';
  return text;
}

std::string complaint(const File& file, std::size_t index, std::string_view what) {
  return file.path + ':' + std::to_string(index + 1) + ": " + std::string{what};
}

}  // namespace tidy
