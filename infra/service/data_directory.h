#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "domain/ports/clock.h"
#include "infra/log_embedded/directory_lock.h"
#include "infra/log_embedded/embedded_log.h"

namespace infra::service {

// The files of one Kartei on the embedded log, and who holds them.
//   log.db        the truth                    log.head, kartei.lock   its companions
//   states.db     the writer's states          read/, catalog.db       read models
// Everything but log.db is a cache.
class DataDirectory {
 public:
  // Creates the directory, takes its lock when nobody holds it, opens the log or, in a directory
  // that holds nothing of ours, creates it. Throws core::Broken: log_mismatch when caches lie
  // beside a missing log, io, corrupt.
  DataDirectory(std::filesystem::path path, ports::Clock& clock, ports::Ids& ids);

  // As above, with `partitions` for a log that is created. For `topics create`.
  DataDirectory(std::filesystem::path path,
                ports::Clock& clock,
                ports::Ids& ids,
                std::int32_t partitions);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] ports::Log& log() { return *log_; }
  [[nodiscard]] log_embedded::EmbeddedLog& embedded_log() { return *log_; }

  // Whether this process may write here. If not: who holds it, as a sentence.
  [[nodiscard]] bool held() const { return lock_.has_value(); }
  [[nodiscard]] const std::string& holder() const { return holder_; }
  // Throws core::Broken (locked, naming the holder) unless held.
  void demand_held() const;

 private:
  void take_lock();
  [[nodiscard]] bool has_caches() const;

  std::filesystem::path path_;
  std::optional<log_embedded::DirectoryLock> lock_;
  std::string holder_;
  std::unique_ptr<log_embedded::EmbeddedLog> log_;
};

}  // namespace infra::service
