#include "projections/reading.h"

#include "domain/core/broken.h"
#include "domain/handling/partitioner.h"
#include "projections/decoding.h"

namespace projections {
namespace {

[[noreturn]] void mismatch(ports::Topic topic, const std::string& what) {
  throw core::Broken(
      core::Breakage::log_mismatch,
      std::string{ports::name(topic)} + ": " + what +
          "; if this log is the right one, delete the read models (the folder read) and states.db: "
          "they come back from the log");
}

std::string in_partition(std::size_t partition) {
  return " in partition " + std::to_string(partition);
}

std::unique_ptr<ports::LogReader> open_at(const ports::Log& log,
                                          ports::Topic topic,
                                          const Checkpoint& from) {
  std::vector<ports::Start> starts;
  for (std::size_t at = 0; at < from.partitions.size(); ++at) {
    const PartitionCheckpoint& checkpoint = from.partitions[at];
    starts.push_back({ports::Partition{static_cast<std::int32_t>(at)},
                      checkpoint.last.value_or(checkpoint.next)});
  }
  return log.open_reader(topic, starts);
}

}  // namespace

void expect_same_log(const ports::Log& log, ports::Topic topic, const Checkpoint& checkpoint) {
  const ports::LogIdentity identity = log.identity();
  if (identity.incarnation != checkpoint.incarnation) {
    mismatch(topic, "a read model was built from another log");
  }
  if (static_cast<std::size_t>(identity.partitions) != checkpoint.partitions.size()) {
    mismatch(topic, "a read model was built from a log with another number of partitions");
  }
  const std::vector<ports::Offset> ends = log.ends(topic);
  for (std::size_t at = 0; at < ends.size(); ++at) {
    if (checkpoint.partitions[at].next > ends[at]) {
      mismatch(topic, "a read model knows more than this older copy of the log" + in_partition(at));
    }
  }
}

std::optional<std::pair<patient::PatientId, patient::Sequence>> parse_key(
    ports::Topic topic, const ports::Record& record, std::int32_t partitions, Skipped& skipped) {
  std::optional<std::pair<patient::PatientId, patient::Sequence>> known;
  if (topic == ports::Topic::patient_events) {
    if (auto id = patient::PatientId::parse(record.key))
      known.emplace(std::move(*id), patient::Sequence{0});
  } else if (auto key = parse_history_key(record.key)) {
    known.emplace(std::move(key->patient), key->sequence);
  }
  if (!known) {
    ++skipped.unknown_key;
  } else if (handling::partition_of(known->first.text(), partitions) != record.partition) {
    ++skipped.wrong_partition;
    known.reset();
  }
  return known;
}

Reading::Reading(const ports::Log& log,
                 ports::EventCodec& codec,
                 ports::Topic topic,
                 Checkpoint from)
    : codec_(codec), topic_(topic), where_(std::move(from)), reported_(where_.partitions) {
  expect_same_log(log, topic, where_);
  reader_ = open_at(log, topic, where_);
}

std::vector<Item> Reading::take_by(std::size_t (Poll::*poll)(std::size_t, const ports::Sink&),
                                   std::size_t limit) {
  std::vector<Item> items;
  const ports::Sink sink = [&](const ports::Record& record) { take(record, items); };
  at_end_ = false;
  for (std::size_t read = 0; read < limit && !at_end_;) {
    const std::size_t asked = limit - read;
    const std::size_t now = (reader_.get()->*poll)(asked, sink);
    if (mismatch_) {
      mismatch(topic_,
               "a read model was built from another history of this log" +
                   in_partition(static_cast<std::size_t>(mismatch_->get())));
    }
    at_end_ = now == 0;
    read += now;
    if (now < asked) break;  // Probably the end: what is here is shown before anyone looks again.
  }
  remember_last(items);
  return items;
}

void Reading::take(const ports::Record& record, std::vector<Item>& items) {
  const PartitionCheckpoint& before = reported_[static_cast<std::size_t>(record.partition.get())];
  if (record.offset < before.next) {
    if (record.offset != before.last || !before.event) return;
    const bool same = record.value && codec_.event_id(*record.value) == before.event;
    if (!same) mismatch_ = record.partition;
    return;
  }
  if (mismatch_ || ports::is_reserved(record.key)) return;
  const auto count = static_cast<std::int32_t>(where_.partitions.size());
  auto known = parse_key(topic_, record, count, skipped_);
  if (!known) return;
  items.push_back({record.partition,
                   record.offset,
                   record.appended_at,
                   std::move(known->first),
                   known->second,
                   record.value ? std::optional<std::string>{*record.value} : std::nullopt});
}

void Reading::remember_last(const std::vector<Item>& items) {
  std::vector<const Item*> last(where_.partitions.size());
  for (const Item& item : items) last[static_cast<std::size_t>(item.partition.get())] = &item;
  for (std::size_t at = 0; at < last.size(); ++at) {
    PartitionCheckpoint& partition = where_.partitions[at];
    const ports::Offset position =
        reader_->position(ports::Partition{static_cast<std::int32_t>(at)});
    if (position > partition.next) partition.next = position;
    if (last[at] == nullptr) continue;
    partition.last = last[at]->offset;
    partition.event = last[at]->value ? codec_.event_id(*last[at]->value) : std::nullopt;
  }
}

Reading::Moved Reading::moved() {
  Moved moved;
  for (std::size_t at = 0; at < reported_.size(); ++at) {
    if (where_.partitions[at] == reported_[at]) continue;
    reported_[at] = where_.partitions[at];
    moved.emplace_back(ports::Partition{static_cast<std::int32_t>(at)}, reported_[at]);
  }
  return moved;
}

}  // namespace projections
