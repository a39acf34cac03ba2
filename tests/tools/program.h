#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tests {

// A folder of its own, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Writes a file and returns its path as text.
  std::string write(const std::string& name, const std::string& bytes) const;

 private:
  std::filesystem::path path_;
};

struct Ran {
  int status;
  std::string out;
  std::string err;
};

// Runs `kartei ARGS…` in this process: data directory `data` inside a folder of its own, none of
// the environment's settings, the clock at 2026-02-01T09:00:00Z.
class Program {
 public:
  Program();

  [[nodiscard]] Ran run(std::vector<std::string> arguments, const std::string& in = "") const;
  [[nodiscard]] bool has_data() const { return std::filesystem::exists(data_); }
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path data_;
};

}  // namespace tests
