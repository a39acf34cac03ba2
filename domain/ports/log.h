#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/core/expects.h"
#include "domain/core/strong.h"
#include "domain/core/time.h"
#include "domain/core/uuid.h"

// The log: the truth. Bytes cross this port; what they mean is the business of ports::EventCodec.
// Three adapters pass one conformance suite: embedded, in memory, Apache Kafka.
namespace ports {

// `patient-events`: key patient_id, value with the whole state, compacted to the last of each key.
// `patient-history`: key patient_id/sequence, keys never repeat.
enum class Topic : std::uint8_t { patient_events, patient_history };
inline constexpr std::size_t kTopicCount = 2;
[[nodiscard]] constexpr std::string_view name(Topic topic) {
  return topic == Topic::patient_events ? "patient-events" : "patient-history";
}

using Partition = core::Strong<std::int32_t, struct PartitionTag>;
using Offset = core::Strong<std::int64_t, struct OffsetTag>;
using Incarnation = core::Strong<core::Uuid, struct IncarnationTag>;
using Epoch = core::Strong<std::int64_t, struct EpochTag>;

inline constexpr std::int32_t kPartitionsDefault = 12;
inline constexpr std::int32_t kPartitionsMax = 1024;
// A larger record (key and value, in bytes) is refused before it is appended, on every log.
inline constexpr std::size_t kRecordBytesMax = 900'000;

// Keys that begin so are the log's own (`__genesis`, `__writer`, `__tick`); projections skip them.
inline constexpr std::string_view kReservedPrefix = "__";
inline constexpr std::string_view kGenesisKey = "__genesis";
inline constexpr std::string_view kTickKey = "__tick";
[[nodiscard]] inline bool is_reserved(std::string_view key) {
  return key.starts_with(kReservedPrefix);
}

// Which log this is. It never changes while the log lives; a recreated log has another incarnation.
struct LogIdentity {
  Incarnation incarnation;
  std::int32_t partitions;  // N, the same for every topic
  friend bool operator==(const LogIdentity&, const LogIdentity&) = default;
};

struct NewRecord {
  Topic topic;
  Partition partition;
  std::string key;
  std::optional<std::string> value;  // none: a tombstone
};

// What other services are told about an event, in their own words, on a topic of theirs that may
// have another number of partitions: the log chooses by murmur2 of the key.
struct Announcement {
  std::string topic;  // the whole name
  std::string key;
  std::string value;
};

// One record as a reader sees it. The views hold until the sink returns.
struct Record {
  Partition partition;
  Offset offset;
  core::Timestamp appended_at;
  std::string_view key;
  std::optional<std::string_view> value;
};
using Sink = std::function<void(const Record&)>;

struct Committed {
  std::vector<Offset> offsets;  // one for each record, in the order they were given
};
struct Fenced {
};                // A newer writer was opened. Nothing of this append is, or ever becomes, visible.
struct Unknown {  // It may have happened. Open a new writer and look (domain/handling).
  std::string why;
};
using Appended = std::variant<Committed, Fenced, Unknown>;

// The one that appends. Used by one thread at a time.
class LogWriter {
 public:
  virtual ~LogWriter() = default;

  // Appends all of `records` as one transaction, or none. In every partition touched the records
  // get consecutive offsets in the order given, and the transaction's marker consumes the offset
  // behind them. Throws core::Broken only where certainly nothing was appended.
  [[nodiscard]] virtual Appended append(std::span<const NewRecord> records) = 0;

  // The same, and `announcements` with it: the one is never there without the other. Only a log
  // that other services read takes any.
  [[nodiscard]] virtual Appended append_and_announce(std::span<const NewRecord> records,
                                                     std::span<const Announcement> announcements) {
    core::expects(announcements.empty(), "this log has readers of its own alone");
    return append(records);
  }

  // Whether this writer still owns the log, so that an answer from its states is not stale. The
  // embedded log compares the epoch, Kafka commits a tick.
  [[nodiscard]] virtual bool still_owner() = 0;

  [[nodiscard]] virtual Epoch epoch() const = 0;
};

// Reads the partitions it was opened for. Sees nothing uncommitted, everything committed, each
// partition in offset order. Used by one thread at a time.
class LogReader {
 public:
  virtual ~LogReader() = default;

  // Hands up to `limit` records to `sink` and returns how many. 0: every partition is at the end
  // that it had when the call began. Never waits for new records. Throws core::Broken (corrupt,
  // with the place) on a record whose bytes are not what was written.
  virtual std::size_t poll(std::size_t limit, const Sink& sink) = 0;

  // The same with what has come already. Never asks where the end is, where that takes long: 0 says
  // nothing of it.
  virtual std::size_t poll_ready(std::size_t limit, const Sink& sink) { return poll(limit, sink); }

  // The offset that the next poll goes on from: behind everything handed out and, at the end,
  // behind the last marker, so that position == end means caught up.
  [[nodiscard]] virtual Offset position(Partition partition) const = 0;
};

struct Start {
  Partition partition;
  Offset offset;  // any: in the middle of a gap, or the end
};

struct CompactionResult {
  std::int64_t kept = 0;
  std::int64_t removed = 0;
};

class Log {
 public:
  virtual ~Log() = default;

  [[nodiscard]] virtual LogIdentity identity() const = 0;

  // Fences the writer before it and returns when all that it did is decided and readable.
  // `address` tells others where this writer can be reached; may be empty.
  [[nodiscard]] virtual std::unique_ptr<LogWriter> open_writer(std::string_view address) = 0;

  // The reader keeps what it needs; the log must outlive it.
  [[nodiscard]] virtual std::unique_ptr<LogReader> open_reader(
      Topic topic, std::span<const Start> starts) const = 0;

  // The offset behind the last one used, for each partition (markers count). Records appended
  // later have offsets >= these.
  [[nodiscard]] virtual std::vector<Offset> ends(Topic topic) const = 0;

  // Where a consumer group is to go on, for each partition that it has committed; kept with the
  // log.
  [[nodiscard]] virtual std::vector<Start> group_offsets(std::string_view group) const = 0;
  virtual void commit_group_offsets(std::string_view group, std::span<const Start> starts) = 0;

  // Removes from `topic` every record whose key has a later one in its partition, and tombstones
  // that are not among the newest. Never touches reserved keys' latest records, the genesis, or the
  // last record of a partition. Offsets of what stays do not change. None: it was asked for, and
  // happens in the log's own time.
  virtual std::optional<CompactionResult> compact(Topic topic) = 0;
};

// Every partition of `log` from its beginning.
[[nodiscard]] std::vector<Start> from_the_beginning(const Log& log);

}  // namespace ports
