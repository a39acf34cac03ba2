#include "infra/log_embedded/log_file.h"

#include <algorithm>

#include "domain/core/expects.h"
#include "infra/log_embedded/record_format.h"
#include "infra/sqlite/transaction.h"

namespace infra::log_embedded {
namespace {

using core::Breakage;
using core::Broken;
using sqlite::Connection;
using sqlite::Statement;

// Beyond this many pages the write-ahead log goes into the file, between two commits.
constexpr int kWalPagesMax = 8000;

std::int64_t micros(core::Timestamp at) { return at.time_since_epoch().count(); }

}  // namespace

LogFile::LogFile(const std::filesystem::path& directory, ports::Clock& clock, Access access)
    : path_(directory / "log.db"), clock_(clock), access_(access) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (error) throw Broken(Breakage::io, path_.string() + ": there is no log: " + error.message());
  if (size == 0)
    throw Broken(Breakage::corrupt,
                 path_.string() + ": the log is empty; it was never written or was cut off");
  connect();
  read_identity();
  read_tails();
  if (access_ == Access::read_write) {
    head_ = std::make_unique<HeadFile>(directory / "log.head");
    compare_with_head();
    write_head();
  }
}

void LogFile::connect() {
  select_epoch_.reset();
  for (auto& topic : tails_) topic.clear();
  connection_.reset();
  const bool writes = access_ == Access::read_write;
  connection_.emplace(path_, writes ? sqlite::Open::read_write : sqlite::Open::read_only);
  if (writes) {
    connection_->execute("PRAGMA journal_mode = WAL");
    connection_->execute("PRAGMA synchronous = FULL");
  }
  connection_->execute("PRAGMA cell_size_check = ON");
  connection_->execute("PRAGMA cache_size = -65536");  // kB
}

void LogFile::read_identity() {
  Statement select{*connection_,
                   "SELECT incarnation, partitions, format, checksum FROM log WHERE id = 1"};
  if (!select.step())
    throw Broken(Breakage::corrupt, path_.string() + ": the log does not say which it is");
  const std::string incarnation{select.bytes(0)};
  const std::int64_t partitions = select.integer(1);
  const std::int64_t format = select.integer(2);
  const auto uuid = core::Uuid::parse(incarnation);
  if (select.integer(3) != checksum(incarnation, partitions, format) || !uuid) {
    throw Broken(Breakage::corrupt, path_.string() + ": table log: the checksum is wrong");
  }
  if (format != 1) {
    throw Broken(Breakage::log_mismatch,
                 path_.string() + ": format " + std::to_string(format) +
                     " is newer than this program; update the program");
  }
  identity_ = ports::LogIdentity{ports::Incarnation{*uuid}, static_cast<std::int32_t>(partitions)};
}

void LogFile::read_tails() {
  const bool writes = access_ == Access::read_write;
  for (std::size_t topic = 0; topic < ports::kTopicCount; ++topic) {
    tails_[topic] = std::vector<Tail>(static_cast<std::size_t>(identity_->partitions));
    for (std::int32_t partition = 0; partition < identity_->partitions; ++partition) {
      const std::string table =
          table_of(static_cast<ports::Topic>(topic), ports::Partition{partition});
      Tail& tail = tails_[topic][static_cast<std::size_t>(partition)];
      tail.last = connection_->number("SELECT max(\"offset\") FROM " + table, -1);
      if (tail.last < 0) {
        throw Broken(
            Breakage::corrupt,
            path_.string() + ": " +
                place_of(static_cast<ports::Topic>(topic), ports::Partition{partition}, 0) +
                ": the partition has lost its genesis");
      }
      if (writes)
        tail.insert.emplace(*connection_,
                            "INSERT INTO " + table + " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    }
  }
  select_epoch_.emplace(*connection_, "SELECT epoch, checksum FROM writer WHERE id = 1");
}

void LogFile::compare_with_head() {
  const auto head = head_->read();
  if (!head) return;
  if (head->incarnation != identity_->incarnation) {
    throw Broken(Breakage::log_mismatch,
                 path_.string() +
                     ": log.head beside it is of another log; put the right log.db back, or "
                     "remove log.head and all read models if this log is the one you want");
  }
  for (std::size_t topic = 0; topic < ports::kTopicCount; ++topic) {
    for (std::size_t partition = 0; partition < tails_[topic].size(); ++partition) {
      const std::size_t at = topic * tails_[topic].size() + partition;
      if (at >= head->ends.size() || head->ends[at] <= tails_[topic][partition].last + 2) continue;
      throw Broken(Breakage::corrupt,
                   path_.string() + ": " +
                       place_of(static_cast<ports::Topic>(topic),
                                ports::Partition{static_cast<std::int32_t>(partition)},
                                tails_[topic][partition].last + 2) +
                       ": records up to offset " + std::to_string(head->ends[at]) +
                       " were committed and are gone (the write-ahead log lost its tail, or log.db "
                       "is an older "
                       "copy); restore log.db and log.db-wal together, or remove log.head to go on "
                       "without them");
    }
  }
}

void LogFile::write_head() {
  std::vector<std::int64_t> ends;
  ends.reserve(ports::kTopicCount * tails_[0].size());
  for (const auto& topic : tails_) {
    for (const Tail& tail : topic) ends.push_back(tail.last + 2);
  }
  head_->write(identity_->incarnation, ends);
}

LogFile::Tail& LogFile::tail(ports::Topic topic, ports::Partition partition) {
  core::expects(partition.get() >= 0 && partition.get() < identity_->partitions,
                "the log has this partition");
  return tails_[static_cast<std::size_t>(topic)][static_cast<std::size_t>(partition.get())];
}

std::int64_t LogFile::epoch() {
  const bool found = select_epoch_->step();
  const std::int64_t epoch = found ? select_epoch_->integer(0) : -1;
  const bool sound = found && select_epoch_->integer(1) == checksum("writer", epoch, 0);
  select_epoch_->reset();
  if (!sound)
    throw Broken(Breakage::corrupt, path_.string() + ": table writer: the checksum is wrong");
  return epoch;
}

ports::Epoch LogFile::next_epoch(std::string_view address) {
  const std::lock_guard lock{mutex_};
  if (connection_spent_) {
    connect();
    read_tails();
    connection_spent_ = false;
  }
  sqlite::Transaction transaction{*connection_};
  const std::int64_t next = epoch() + 1;
  Statement update{*connection_,
                   "UPDATE writer SET epoch = ?1, address = ?2, checksum = ?3 WHERE id = 1"};
  update.bind(1, next).bind(2, address).bind(3, checksum("writer", next, 0)).run();
  transaction.commit();
  return ports::Epoch{next};
}

bool LogFile::is_current(ports::Epoch mine) {
  const std::lock_guard lock{mutex_};
  return epoch() == mine.get();
}

void LogFile::insert(const ports::NewRecord& record,
                     std::int64_t offset,
                     std::int64_t at,
                     Tail& tail) {
  Row row{offset, tail.last, at, record.key, std::nullopt};
  if (record.value) row.value = *record.value;
  Statement& insert = *tail.insert;
  insert.bind(1, row.offset).bind(2, row.previous).bind(3, row.at).bind_blob(4, row.key);
  row.value ? insert.bind_blob(5, *row.value) : insert.bind_null(5);
  insert.bind(6, checksum(record.topic, record.partition, row));
  insert.run();
  tail.last = offset;
}

ports::Appended LogFile::append(ports::Epoch mine, std::span<const ports::NewRecord> records) {
  const std::lock_guard lock{mutex_};
  core::expects(access_ == Access::read_write, "only who holds the directory appends");
  if (connection_spent_) return ports::Fenced{};  // Its outcome is a new writer's to decide.
  std::vector<ports::Offset> offsets;
  offsets.reserve(records.size());
  std::vector<std::pair<Tail*, std::int64_t>> before;  // to go back to when nothing is appended
  const auto go_back = [&] {
    for (auto entry = before.rbegin(); entry != before.rend(); ++entry)
      entry->first->last = entry->second;
  };
  bool committing = false;
  try {
    sqlite::Transaction transaction{*connection_};
    if (epoch() != mine.get()) return ports::Fenced{};
    const std::int64_t at = micros(clock_.now());
    for (const ports::NewRecord& record : records) {
      Tail& end = tail(record.topic, record.partition);
      const bool first = std::none_of(
          before.begin(), before.end(), [&](const auto& entry) { return entry.first == &end; });
      // The marker of the transaction before consumed an offset; within one there is no gap.
      const std::int64_t offset = end.last + (first ? 2 : 1);
      if (first) before.emplace_back(&end, end.last);
      insert(record, offset, at, end);
      offsets.emplace_back(offset);
    }
    committing = true;
    transaction.commit();
  } catch (const sqlite::Error& error) {
    go_back();
    // A full disk stops before the last page of a transaction, the one that makes it count.
    if (!committing || error.disk_full()) throw;
    connection_spent_ = true;
    return ports::Unknown{error.what()};
  }
  write_head();
  checkpoint_when_long();
  return ports::Committed{std::move(offsets)};
}

void LogFile::checkpoint_when_long() {
  if (connection_->wal_pages() < kWalPagesMax) return;
  try {
    connection_->checkpoint_passive();
  } catch (const sqlite::Error&) {
    // What was committed is safe in the write-ahead log; the next commit tries again.
  }
}

std::vector<ports::Offset> LogFile::ends(ports::Topic topic) {
  const std::lock_guard lock{mutex_};
  std::vector<ports::Offset> ends;
  const auto& tails = tails_[static_cast<std::size_t>(topic)];
  for (std::size_t partition = 0; partition < tails.size(); ++partition) {
    std::int64_t last = tails[partition].last;
    if (access_ == Access::read_only) {  // Another process appends.
      last = connection_->number(
          "SELECT max(\"offset\") FROM " +
              table_of(topic, ports::Partition{static_cast<std::int32_t>(partition)}),
          last);
    }
    ends.emplace_back(last + 2);
  }
  return ends;
}

std::vector<ports::Start> LogFile::group_offsets(std::string_view group) {
  const std::lock_guard lock{mutex_};
  Statement select{
      *connection_,
      "SELECT partition, next, checksum FROM group_offset WHERE name = ?1 ORDER BY partition"};
  select.bind(1, group);
  std::vector<ports::Start> starts;
  while (select.step()) {
    if (select.integer(2) != checksum(group, select.integer(0), select.integer(1))) {
      throw Broken(Breakage::corrupt, path_.string() + ": table group_offset: a checksum is wrong");
    }
    starts.push_back({ports::Partition{static_cast<std::int32_t>(select.integer(0))},
                      ports::Offset{select.integer(1)}});
  }
  return starts;
}

void LogFile::commit_group_offsets(std::string_view group, std::span<const ports::Start> starts) {
  const std::lock_guard lock{mutex_};
  sqlite::Transaction transaction{*connection_};
  Statement upsert{*connection_, "INSERT OR REPLACE INTO group_offset VALUES (?1, ?2, ?3, ?4)"};
  for (const ports::Start& start : starts) {
    const std::int64_t partition = start.partition.get();
    upsert.bind(1, group).bind(2, partition).bind(3, start.offset.get());
    upsert.bind(4, checksum(group, partition, start.offset.get())).run();
  }
  transaction.commit();
}

ports::CompactionResult LogFile::compact(ports::Topic topic) {
  ports::CompactionResult whole;
  for (std::int32_t partition = 0; partition < identity_->partitions; ++partition) {
    const std::lock_guard lock{mutex_};
    const ports::CompactionResult part = compact(topic, ports::Partition{partition});
    whole.kept += part.kept;
    whole.removed += part.removed;
    checkpoint_when_long();
  }
  return whole;
}

}  // namespace infra::log_embedded
