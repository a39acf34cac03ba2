#pragma once

#include <filesystem>

namespace infra::log_embedded {

// One process holds a data directory. The lock is the kernel's (flock on `kartei.lock`), so that it
// ends with its holder, however that one ends; the file's text says who it is.
class DirectoryLock {
 public:
  // Throws core::Broken: locked, naming the holder's process, or io.
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int file_;
};

}  // namespace infra::log_embedded
