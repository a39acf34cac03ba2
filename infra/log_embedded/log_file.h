#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/clock.h"
#include "domain/ports/log.h"
#include "infra/log_embedded/embedded_log.h"
#include "infra/log_embedded/head_file.h"
#include "infra/sqlite/connection.h"
#include "infra/sqlite/statement.h"

namespace infra::log_embedded {

// The table of one partition of one topic.
[[nodiscard]] std::string table_of(ports::Topic topic, ports::Partition partition);

// "patient-events partition 3 offset 17", for error texts.
[[nodiscard]] std::string place_of(ports::Topic topic,
                                   ports::Partition partition,
                                   std::int64_t offset);

// `log.db` with the one connection that writes and checkpoints it. Any thread may call it.
class LogFile {
 public:
  LogFile(const std::filesystem::path& directory, ports::Clock& clock, Access access);
  static void create(const std::filesystem::path& directory,
                     std::int32_t partitions,
                     ports::Incarnation incarnation,
                     core::Timestamp now);

  [[nodiscard]] const ports::LogIdentity& identity() const { return *identity_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Counts the epoch up and returns the new one. Until then a log whose last append ended as
  // unknown takes no other.
  [[nodiscard]] ports::Epoch next_epoch(std::string_view address);
  [[nodiscard]] bool is_current(ports::Epoch epoch);
  [[nodiscard]] ports::Appended append(ports::Epoch epoch,
                                       std::span<const ports::NewRecord> records);

  [[nodiscard]] std::vector<ports::Offset> ends(ports::Topic topic);
  // The end of a partition without looking at the file or waiting for a commit under way; none
  // where another process may be appending.
  [[nodiscard]] std::optional<std::int64_t> known_end(ports::Topic topic,
                                                      ports::Partition partition) const;
  [[nodiscard]] std::vector<ports::Start> group_offsets(std::string_view group);
  void commit_group_offsets(std::string_view group, std::span<const ports::Start> starts);
  [[nodiscard]] ports::CompactionResult compact(ports::Topic topic);

 private:
  struct Tail {
    std::int64_t last = -1;        // offset of the last record
    std::int64_t transaction = 0;  // the last of this LogFile's that touched it
    std::optional<sqlite::Statement> insert;
  };

  void connect();
  void ready();  // replaces a spent connection
  void read_identity();
  void read_tails();
  void compare_with_head() const;
  void publish_ends();
  [[nodiscard]] std::int64_t end_in_file(ports::Topic topic, ports::Partition partition);
  void checkpoint_when_long();
  [[nodiscard]] std::int64_t epoch();
  template <class Work>
  void change(Work work);  // in one transaction
  [[nodiscard]] std::vector<ports::Offset> insert(std::span<const ports::NewRecord> records);
  void insert(const ports::NewRecord& record, std::int64_t offset, std::int64_t at, Tail& tail);
  ports::CompactionResult compact(ports::Topic topic, ports::Partition partition);
  [[nodiscard]] std::size_t place_of_tail(ports::Topic topic, ports::Partition partition) const;
  [[nodiscard]] Tail& tail(ports::Topic topic, ports::Partition partition) {
    return tails_[place_of_tail(topic, partition)];
  }

  const std::filesystem::path path_;
  ports::Clock& clock_;
  const Access access_;
  std::optional<ports::LogIdentity> identity_;
  std::unique_ptr<HeadFile> head_;               // none: read-only
  std::vector<std::atomic<std::int64_t>> ends_;  // as tails_; empty: read-only

  std::mutex mutex_;  // for everything below
  std::optional<sqlite::Connection> connection_;
  std::optional<sqlite::Statement> select_epoch_;
  std::vector<Tail> tails_;  // topic by topic, partition by partition
  std::int64_t transactions_ = 0;
  int checkpointed_pages_ = 0;     // of the write-ahead log as it is now
  bool connection_spent_ = false;  // A transaction failed: nobody knows what it would write next.
  bool undecided_ = false;         // An append ended as unknown; next_epoch() settles it.
};

}  // namespace infra::log_embedded
