#pragma once

#include <filesystem>
#include <utility>

namespace infra::read_models {

// Removes an SQLite file with its companions. Nothing happens when there is none. Throws
// core::Broken (io).
void remove_database(const std::filesystem::path& file);

// Removes the database of that name when it goes, also from work that breaks off. Whoever has it
// open must be gone before.
class TemporaryDatabase {
 public:
  explicit TemporaryDatabase(std::filesystem::path file) : file_(std::move(file)) {}
  ~TemporaryDatabase();
  TemporaryDatabase(const TemporaryDatabase&) = delete;
  TemporaryDatabase& operator=(const TemporaryDatabase&) = delete;

 private:
  std::filesystem::path file_;
};

}  // namespace infra::read_models
