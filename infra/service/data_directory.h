#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "infra/log_embedded/directory_lock.h"

namespace infra::service {

// The files of one Kartei, and who holds them.
//   log.db        the truth, when the log is embedded   log.head, kartei.lock   its companions
//   states.db     the writer's states                   read/                   read models
// Everything but log.db is a cache.
class DataDirectory {
 public:
  // Creates the directory when it is not there and takes its lock when nobody holds it. Throws
  // core::Broken (io).
  explicit DataDirectory(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Whether this process may write here. If not: who holds it, as a sentence.
  [[nodiscard]] bool held() const { return lock_.has_value(); }
  [[nodiscard]] const std::string& holder() const { return holder_; }
  // Throws core::Broken (locked, naming the holder) unless held.
  void demand_held() const;

  // Whether anything of an embedded log that is gone lies here.
  [[nodiscard]] bool has_caches() const;

 private:
  std::filesystem::path path_;
  std::optional<log_embedded::DirectoryLock> lock_;
  std::string holder_;
};

}  // namespace infra::service
