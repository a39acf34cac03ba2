#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "domain/ports/clock.h"
#include "domain/ports/log.h"

namespace infra::log_memory {

// What happens to an append that a test wants to go wrong.
enum class Fault {
  none,
  refused,            // core::Broken (io): certainly nothing was appended
  unknown_committed,  // Unknown, and it is in the log
  unknown_lost,       // Unknown, and it is not
  fenced,             // a newer writer was opened just before
};

// Where a memory log keeps everything. It outlives the MemoryLog that uses it, as a disk outlives a
// process: a new MemoryLog on the same disk is a restart.
struct Disk {
  struct StoredRecord {
    std::int64_t offset;
    core::Timestamp at;
    std::string key;
    std::optional<std::string> value;
  };
  std::mutex mutex;  // for everything below
  std::optional<ports::LogIdentity> identity;
  std::array<std::vector<std::vector<StoredRecord>>, ports::kTopicCount> topics;
  std::vector<ports::Announcement> announcements;  // of all topics, as they came
  std::map<std::string, std::map<std::int32_t, std::int64_t>> groups;
  std::int64_t epoch = 0;
  std::map<std::int64_t, Fault> append_faults;  // by number of the append, from 1
  std::int64_t appends = 0;
  std::int64_t openings_to_refuse = 0;  // so many open_writer calls throw core::Broken (io)
};

// The honest in-memory log: the same promises as the real ones, for tests. Any thread may call it.
class MemoryLog final : public ports::Log {
 public:
  // Formats the disk when it is new. `clock` must outlive the log.
  MemoryLog(std::shared_ptr<Disk> disk, ports::LogIdentity identity, ports::Clock& clock);

  [[nodiscard]] ports::LogIdentity identity() const override;
  [[nodiscard]] std::unique_ptr<ports::LogWriter> open_writer(std::string_view address) override;
  [[nodiscard]] std::unique_ptr<ports::LogReader> open_reader(
      ports::Topic topic, std::span<const ports::Start> starts) const override;
  [[nodiscard]] std::vector<ports::Offset> ends(ports::Topic topic) const override;
  [[nodiscard]] std::vector<ports::Start> group_offsets(std::string_view group) const override;
  void commit_group_offsets(std::string_view group, std::span<const ports::Start> starts) override;
  std::optional<ports::CompactionResult> compact(ports::Topic topic) override;

 private:
  std::shared_ptr<Disk> disk_;
  ports::Clock& clock_;
};

}  // namespace infra::log_memory
