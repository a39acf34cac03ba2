#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "domain/ports/log.h"

namespace infra::log_embedded {

// `log.head`: how far the log had come, rewritten in place after each commit and never synced.
// SQLite drops a damaged tail of its write-ahead log without a word; a head that is ahead of the
// log gives that away. A head that is behind, missing or unreadable says nothing.
class HeadFile {
 public:
  struct Head {
    ports::Incarnation incarnation;
    std::vector<std::int64_t> ends;  // topic by topic, partition by partition
  };

  // Throws core::Broken (io).
  explicit HeadFile(const std::filesystem::path& path);
  ~HeadFile();
  HeadFile(const HeadFile&) = delete;
  HeadFile& operator=(const HeadFile&) = delete;

  [[nodiscard]] std::optional<Head> read() const;
  // A head that cannot be written is only a weaker check: no error.
  void write(const ports::Incarnation& incarnation, const std::vector<std::int64_t>& ends) noexcept;

 private:
  int file_;
  std::vector<std::int64_t> buffer_;
};

}  // namespace infra::log_embedded
