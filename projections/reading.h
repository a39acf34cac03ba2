#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "domain/ports/codec.h"
#include "domain/ports/log.h"
#include "projections/read_store.h"

namespace projections {

// A patient's record, kept beyond the poll that brought it.
struct Item {
  ports::Partition partition;
  ports::Offset offset;
  core::Timestamp appended_at;
  patient::PatientId patient;
  patient::Sequence sequence;        // 0 in `patient-events`, whose keys have none
  std::optional<std::string> value;  // none: a tombstone
};

// Records that are not applied, and do not stop anything.
struct Skipped {
  std::int64_t wrong_partition = 0;
  std::int64_t unknown_key = 0;  // no patient's, and not reserved
  friend bool operator==(const Skipped&, const Skipped&) = default;
};

// Throws core::Broken (log_mismatch) when the checkpoint cannot be one of this log: another
// incarnation, another number of partitions, or an older copy of it.
void expect_same_log(const ports::Log& log, ports::Topic topic, const Checkpoint& checkpoint);

// Whether a record under this key belongs to a patient and lies where it should; counts it if not.
[[nodiscard]] std::optional<std::pair<patient::PatientId, patient::Sequence>> parse_key(
    ports::Topic topic, const ports::Record& record, std::int32_t partitions, Skipped& skipped);

// Reads one topic from a checkpoint on. Begins with the record at the checkpoint: when the log
// still has it and it is another event, the log is not the one that the checkpoint is of. The log
// and the codec must outlive it. After an exception it has lost its place: throw it away.
class Reading {
 public:
  Reading(const ports::Log& log, ports::EventCodec& codec, ports::Topic topic, Checkpoint from);

  // Up to `limit` records further, and no more than the log has at hand. Throws core::Broken
  // (log_mismatch) before it hands out anything of a partition whose checkpoint does not fit.
  [[nodiscard]] std::vector<Item> next(std::size_t limit) { return take_by(&Poll::poll, limit); }
  // Of those that have come already; at_end() says then that nothing more had.
  [[nodiscard]] std::vector<Item> next_ready(std::size_t limit) {
    return take_by(&Poll::poll_ready, limit);
  }
  // Whether the last one found nothing more.
  [[nodiscard]] bool at_end() const { return at_end_; }

  // Where it stands now, for every partition in which that changed since the last call.
  using Moved = std::vector<std::pair<ports::Partition, PartitionCheckpoint>>;
  [[nodiscard]] Moved moved();

  [[nodiscard]] const Skipped& skipped() const { return skipped_; }
  [[nodiscard]] const Checkpoint& where() const { return where_; }

 private:
  using Poll = ports::LogReader;
  [[nodiscard]] std::vector<Item> take_by(std::size_t (Poll::*poll)(std::size_t,
                                                                    const ports::Sink&),
                                          std::size_t limit);
  void take(const ports::Record& record, std::vector<Item>& items);
  void remember_last(const std::vector<Item>& items);

  ports::EventCodec& codec_;
  ports::Topic topic_;
  Checkpoint where_;
  std::vector<PartitionCheckpoint> reported_;
  std::unique_ptr<ports::LogReader> reader_;
  Skipped skipped_;
  bool at_end_ = false;
  std::optional<ports::Partition> mismatch_;
};

}  // namespace projections
