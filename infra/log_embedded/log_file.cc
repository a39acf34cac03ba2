#include "infra/log_embedded/log_file.h"

#include "domain/core/expects.h"
#include "infra/log_embedded/record_format.h"
#include "infra/sqlite/transaction.h"

namespace infra::log_embedded {
namespace {

using core::Breakage;
using core::Broken;
using sqlite::Statement;

// Beyond so many new pages the write-ahead log goes into the file, between two commits.
constexpr int kWalPagesMax = 8000;

}  // namespace

std::size_t LogFile::place_of_tail(ports::Topic topic, ports::Partition partition) const {
  core::expects(partition.get() >= 0 && partition.get() < identity_->partitions,
                "the log has this partition");
  return static_cast<std::size_t>(topic) * static_cast<std::size_t>(identity_->partitions) +
         static_cast<std::size_t>(partition.get());
}

// For this process's readers and, in case the file loses its end, for the next opening.
void LogFile::publish_ends() {
  std::vector<std::int64_t> ends;
  ends.reserve(tails_.size());
  for (const Tail& tail : tails_) ends.push_back(tail.last + 2);
  for (std::size_t at = 0; at < ends.size(); ++at) {
    ends_[at].store(ends[at], std::memory_order_release);
  }
  head_->write(identity_->incarnation, ends);
}

std::optional<std::int64_t> LogFile::known_end(ports::Topic topic,
                                               ports::Partition partition) const {
  if (ends_.empty()) return std::nullopt;
  return ends_[place_of_tail(topic, partition)].load(std::memory_order_acquire);
}

void LogFile::ready() {
  if (!connection_spent_) return;
  connect();
  read_tails();
  connection_spent_ = false;
}

template <class Work>
void LogFile::change(Work work) {
  core::expects(access_ == Access::read_write, "only who holds the directory changes the log");
  ready();
  connection_spent_ = true;  // Unless all goes well.
  sqlite::Transaction transaction{*connection_};
  work();
  transaction.commit();
  connection_spent_ = false;
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

// Its commit also settles an append that ended as unknown: it overwrites, in the write-ahead log,
// what a failed commit may have left there, so that no crash can bring that back later.
ports::Epoch LogFile::next_epoch(std::string_view address) {
  const std::lock_guard lock{mutex_};
  std::int64_t next = 0;
  change([&] {
    next = epoch() + 1;
    Statement update{*connection_,
                     "UPDATE writer SET epoch = ?1, address = ?2, checksum = ?3 WHERE id = 1"};
    update.bind(1, next).bind(2, address).bind(3, checksum("writer", next, 0)).run();
  });
  undecided_ = false;
  publish_ends();  // What was undecided may be there: whoever looks for it must be let look.
  return ports::Epoch{next};
}

bool LogFile::is_current(ports::Epoch mine) {
  const std::lock_guard lock{mutex_};
  if (undecided_) return false;
  ready();
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

std::vector<ports::Offset> LogFile::insert(std::span<const ports::NewRecord> records) {
  const std::int64_t at = clock_.now().time_since_epoch().count();
  const std::int64_t transaction = ++transactions_;
  std::vector<ports::Offset> offsets;
  offsets.reserve(records.size());
  for (const ports::NewRecord& record : records) {
    Tail& end = tail(record.topic, record.partition);
    // The marker of the transaction before consumed an offset; within one there is no gap.
    const bool first = end.transaction != transaction;
    end.transaction = transaction;
    offsets.emplace_back(end.last + (first ? 2 : 1));
    insert(record, offsets.back().get(), at, end);
  }
  return offsets;
}

ports::Appended LogFile::append(ports::Epoch mine, std::span<const ports::NewRecord> records) {
  const std::lock_guard lock{mutex_};
  core::expects(access_ == Access::read_write, "only who holds the directory appends");
  if (undecided_) return ports::Fenced{};  // A new writer decides what became of the last append.
  ready();
  ports::Committed committed;
  bool committing = false;
  connection_spent_ = true;  // Unless all goes well.
  try {
    sqlite::Transaction transaction{*connection_};
    if (epoch() != mine.get()) {
      connection_spent_ = false;
      return ports::Fenced{};
    }
    committed.offsets = insert(records);
    committing = true;
    transaction.commit();
  } catch (const sqlite::Error& error) {
    // A full disk stops before the last page of a transaction, the one that makes it count.
    if (!committing || error.disk_full()) throw;
    undecided_ = true;
    return ports::Unknown{error.what()};
  }
  connection_spent_ = false;
  publish_ends();
  checkpoint_when_long();
  return committed;
}

// A reader in the way can keep the write-ahead log from starting over. Then only what came since
// the last checkpoint counts: one for each commit would cost two syncs each.
void LogFile::checkpoint_when_long() {
  const int pages = connection_->wal_pages();
  if (pages < checkpointed_pages_) checkpointed_pages_ = 0;  // It started over.
  if (pages - checkpointed_pages_ < kWalPagesMax) return;
  try {
    connection_->checkpoint_passive();
  } catch (const sqlite::Error&) {
    // What was committed is safe in the write-ahead log; a later checkpoint tries again.
  }
  checkpointed_pages_ = pages;
}

std::vector<ports::Offset> LogFile::ends(ports::Topic topic) {
  std::vector<ports::Offset> ends;
  ends.reserve(static_cast<std::size_t>(identity_->partitions));
  for (std::int32_t number = 0; number < identity_->partitions; ++number) {
    const ports::Partition partition{number};
    const auto known = known_end(topic, partition);
    ends.emplace_back(known ? *known : end_in_file(topic, partition));
  }
  return ends;
}

std::int64_t LogFile::end_in_file(ports::Topic topic, ports::Partition partition) {
  const std::lock_guard lock{mutex_};
  ready();
  const std::string select = "SELECT max(\"offset\") FROM " + table_of(topic, partition);
  return connection_->number(select, tail(topic, partition).last) + 2;
}

std::vector<ports::Start> LogFile::group_offsets(std::string_view group) {
  const std::lock_guard lock{mutex_};
  ready();
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
  change([&] {
    Statement upsert{*connection_, "INSERT OR REPLACE INTO group_offset VALUES (?1, ?2, ?3, ?4)"};
    for (const ports::Start& start : starts) {
      const std::int64_t partition = start.partition.get();
      upsert.bind(1, group).bind(2, partition).bind(3, start.offset.get());
      upsert.bind(4, checksum(group, partition, start.offset.get())).run();
    }
  });
}

ports::CompactionResult LogFile::compact(ports::Topic topic) {
  ports::CompactionResult whole;
  for (std::int32_t partition = 0; partition < identity_->partitions; ++partition) {
    const std::lock_guard lock{mutex_};
    change([&] {
      const ports::CompactionResult part = compact(topic, ports::Partition{partition});
      whole.kept += part.kept;
      whole.removed += part.removed;
    });
    checkpoint_when_long();
  }
  return whole;
}

}  // namespace infra::log_embedded
