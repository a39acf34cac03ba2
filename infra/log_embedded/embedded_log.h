#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "domain/ports/clock.h"
#include "domain/ports/log.h"

namespace infra::log_embedded {

enum class Access {
  read_write,  // the process holds the directory (DirectoryLock)
  read_only,   // another process may be writing
};

class LogFile;

// The log in one SQLite file, `log.db`, that imitates Apache Kafka where it matters: partitions,
// offsets with gaps, transactions, epochs that fence, genesis, group offsets, compaction. README.md
// has the format. Any thread may call it; a writer and a reader belong to one thread each.
class EmbeddedLog final : public ports::Log {
 public:
  // Whether there is a log in this directory.
  [[nodiscard]] static bool exists(const std::filesystem::path& directory);

  // Makes the log whole or not at all: a crash on the way leaves none. `clock` stamps the records
  // and must outlive the log. Throws core::Broken (io), also when there is one already.
  [[nodiscard]] static std::unique_ptr<EmbeddedLog> create(const std::filesystem::path& directory,
                                                           std::int32_t partitions,
                                                           ports::Incarnation incarnation,
                                                           ports::Clock& clock);

  // Throws core::Broken: io when there is none or it cannot be opened, corrupt when it is damaged
  // where a quick look sees it or has lost records that `log.head` knows of.
  [[nodiscard]] static std::unique_ptr<EmbeddedLog> open(const std::filesystem::path& directory,
                                                         ports::Clock& clock,
                                                         Access access);
  ~EmbeddedLog() override;

  [[nodiscard]] ports::LogIdentity identity() const override;
  [[nodiscard]] std::unique_ptr<ports::LogWriter> open_writer(std::string_view address) override;
  [[nodiscard]] std::unique_ptr<ports::LogReader> open_reader(
      ports::Topic topic, std::span<const ports::Start> starts) const override;
  [[nodiscard]] std::vector<ports::Offset> ends(ports::Topic topic) const override;
  [[nodiscard]] std::vector<ports::Start> group_offsets(std::string_view group) const override;
  void commit_group_offsets(std::string_view group, std::span<const ports::Start> starts) override;
  std::optional<ports::CompactionResult> compact(ports::Topic topic) override;

  // Everything there is to check: SQLite's own check of the file and each record's checksum and
  // place. What is wrong, with the place; nothing: sound. Reads the whole file.
  [[nodiscard]] std::vector<std::string> check() const;

  // Bytes on disk, the write-ahead log included.
  [[nodiscard]] std::uintmax_t size_bytes() const;

 private:
  explicit EmbeddedLog(std::shared_ptr<LogFile> file) : file_(std::move(file)) {}
  std::shared_ptr<LogFile> file_;
};

}  // namespace infra::log_embedded
