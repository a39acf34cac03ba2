#include "projections/fold.h"

#include <algorithm>
#include <future>
#include <memory>
#include <unordered_map>

#include "domain/core/broken.h"
#include "projections/cells.h"

namespace projections {
namespace {

constexpr std::size_t kPollMax = 10'000;
// Decoded together and handed to the stores together. Few, so that states and rows are still in
// the processor's cache when they are written: a step without a checkpoint costs the store nothing.
constexpr std::size_t kPatientsPerStep = 128;
constexpr std::size_t kPatientsPerCommit = 16;
constexpr std::size_t kEventsPerCommit = 20'000;

struct ViewHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

// A patient's last record so far. Kept as bytes: most records are superseded before anyone asks.
struct Latest {
  ports::Offset offset{0};
  core::Timestamp appended_at;
  bool tombstone = false;
  std::string bytes;
};

// One partition of `patient-events`, folded.
class FoldedPartition {
 public:
  FoldedPartition(const RebuildParts& parts, ports::Partition partition)
      : parts_(parts), partition_(partition), count_(parts.log.identity().partitions) {}

  template <class OnPoll>
  void scan(OnPoll&& on_poll) {
    const ports::Start start{partition_, ports::Offset{0}};
    const auto reader = parts_.log.open_reader(ports::Topic::patient_events, std::span{&start, 1});
    const ports::Sink sink = [this](const ports::Record& record) { keep(record); };
    while (const std::size_t read = reader->poll(kPollMax, sink)) {
      on_poll(reader->position(partition_), read);
    }
    checkpoint_.next = reader->position(partition_);
    if (last_ == nullptr) return;
    checkpoint_.last = last_->second.offset;
    if (!last_->second.tombstone) checkpoint_.event = parts_.codec.event_id(last_->second.bytes);
  }

  // A patient, its last record and, once it is decoded, what that says.
  struct Patient {
    std::int64_t number;
    patient::PatientId id;
    const Latest* latest;
  };
  struct Decoded {
    const Patient* patient;
    DecodedState state;
  };
  // Every patient once, in the order of lists, decoded in steps of a few.
  template <class OnStep>
  void decode(OnStep&& sink) const {
    std::vector<Patient> patients;
    patients.reserve(latest_.size());
    for (const auto& [key, latest] : latest_) {
      if (latest.tombstone) continue;
      auto id = patient::PatientId::parse(key);
      if (id) patients.push_back({list_number(*id), std::move(*id), &latest});
    }
    std::sort(patients.begin(), patients.end(), [](const Patient& a, const Patient& b) {
      return a.number != b.number ? a.number < b.number : a.id < b.id;
    });
    std::vector<Decoded> step;
    step.reserve(kPatientsPerStep);
    for (const Patient& one : patients) {
      step.push_back({&one, decode_state(parts_.codec, one.id, one.latest->bytes)});
      if (step.size() < kPatientsPerStep) continue;
      sink(step);
      step.clear();
    }
    if (!step.empty()) sink(step);
  }

  [[nodiscard]] const PartitionCheckpoint& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const Skipped& skipped() const { return skipped_; }
  [[nodiscard]] ports::Partition partition() const { return partition_; }

 private:
  void keep(const ports::Record& record) {
    if (ports::is_reserved(record.key)) return;
    auto known = latest_.find(record.key);
    if (known == latest_.end()) {
      if (!parse_key(ports::Topic::patient_events, record, count_, skipped_)) return;
      known = latest_.emplace(std::string{record.key}, Latest{}).first;
    }
    Latest& latest = known->second;
    latest.offset = record.offset;
    latest.appended_at = record.appended_at;
    latest.tombstone = !record.value;
    if (record.value) latest.bytes.assign(*record.value);
    last_ = &*known;
  }

  using Map = std::unordered_map<std::string, Latest, ViewHash, std::equal_to<>>;
  const RebuildParts& parts_;
  ports::Partition partition_;
  std::int32_t count_;
  Map latest_;
  const Map::value_type* last_ = nullptr;
  PartitionCheckpoint checkpoint_;
  Skipped skipped_;
};

// Writes the patients of one partition to one target, in bounded steps. Only the last step carries
// the checkpoint, so a target never shows half a partition.
class PartitionWriter {
 public:
  PartitionWriter(Target& target, std::int32_t code_version)
      : target_(&target), code_version_(code_version) {}

  void add(std::span<const FoldedPartition::Decoded> step, ports::Partition partition) {
    for (const auto& [known, state] : step) {
      if (!state) {
        quarantined_.push_back({known->id,
                                partition,
                                known->latest->offset,
                                state.error().why,
                                known->latest->appended_at,
                                code_version_});
        continue;
      }
      change_.steps.emplace_back(replacement(target_->projection(), known->id, state.value()));
      if (change_.steps.size() == kPatientsPerCommit) commit();
    }
  }
  void finish(ports::Partition partition, const PartitionCheckpoint& checkpoint) {
    change_.quarantined = std::move(quarantined_);
    change_.checkpoints.emplace_back(partition, checkpoint);
    commit();
  }

 private:
  void commit() {
    target_->commit(change_);
    change_.steps.clear();
  }

  Target* target_;
  std::int32_t code_version_;
  Change change_;
  std::vector<Quarantined> quarantined_;
};

// `work` for the first writer in a thread of its own, for the others in this one: the widest read
// model comes first, and takes about as long as the rest. The first failure is thrown, after both
// have ended.
template <class Writer, class Work>
void side_by_side(std::span<Writer> writers, const Work& work) {
  std::future<void> first;
  if (writers.size() > 1) {
    first = std::async(std::launch::async, [&work, &one = writers.front()] { work(one); });
    writers = writers.subspan(1);
  }
  for (Writer& writer : writers) work(writer);
  if (first.valid()) first.get();
}

void write(const FoldedPartition& folded, std::span<PartitionWriter> writers) {
  folded.decode([&](std::span<const FoldedPartition::Decoded> step) {
    side_by_side(writers, [&](PartitionWriter& one) { one.add(step, folded.partition()); });
  });
  side_by_side(writers,
               [&](PartitionWriter& one) { one.finish(folded.partition(), folded.checkpoint()); });
}

// Events of `patient-history`, decoded, and where the reading stood behind them.
struct HistoryBatch {
  std::vector<DecodedItem> items;
  Reading::Moved moved;
};

void write(const RebuildParts& parts, const HistoryBatch& batch, Target& target) {
  Change change = history_change(target, parts.log, parts.codec, batch.items, parts.code_version);
  for (const auto& [partition, checkpoint] : batch.moved) {
    if (checkpoint.next > target.checkpoint(partition).next)
      change.checkpoints.emplace_back(partition, checkpoint);
  }
  if (!change.checkpoints.empty()) target.commit(change);
}

ports::Partition following(ports::Partition partition) {
  return ports::Partition{partition.get() + 1};
}

std::int64_t sum(const std::vector<ports::Offset>& offsets) {
  std::int64_t total = 0;
  for (const ports::Offset offset : offsets) total += offset.get();
  return total;
}

}  // namespace

// One partition is scanned while the one before is written: reading and writing share nothing.
void fold_states(const RebuildParts& parts, std::vector<Target>& targets, Rebuilt& rebuilt) {
  const std::int64_t total = sum(parts.log.ends(ports::Topic::patient_events));
  const std::int32_t count = parts.log.identity().partitions;
  std::vector<std::vector<PartitionWriter>> to_do(static_cast<std::size_t>(count));
  std::int64_t passed = 0;
  for (ports::Partition partition{0}; partition.get() < count; partition = following(partition)) {
    auto& writers = to_do[static_cast<std::size_t>(partition.get())];
    for (Target& target : targets) {
      if (target.checkpoint(partition).next == ports::Offset{0})
        writers.emplace_back(target, parts.code_version);
    }
    if (writers.empty()) passed += targets.front().checkpoint(partition).next.get();
  }
  std::future<void> writing;  // Waits, when it goes, for what it does.
  for (ports::Partition partition{0}; partition.get() < count; partition = following(partition)) {
    auto& writers = to_do[static_cast<std::size_t>(partition.get())];
    if (writers.empty()) continue;
    auto folded = std::make_unique<FoldedPartition>(parts, partition);
    folded->scan([&](ports::Offset position, std::size_t read) {
      rebuilt.records += static_cast<std::int64_t>(read);
      parts.progress({Phase::load, passed + position.get(), total, rebuilt.records});
    });
    passed += folded->checkpoint().next.get();
    rebuilt.skipped.wrong_partition += folded->skipped().wrong_partition;
    rebuilt.skipped.unknown_key += folded->skipped().unknown_key;
    if (writing.valid()) writing.get();
    writing = std::async(std::launch::async,
                         [&writers, folded = std::move(folded)] { write(*folded, writers); });
  }
  if (writing.valid()) writing.get();
}

void load_histories(const RebuildParts& parts, std::vector<Target>& targets, Rebuilt& rebuilt) {
  const std::int64_t total = sum(parts.log.ends(ports::Topic::patient_history));
  Checkpoint from = targets.front().checkpoint();
  for (const Target& target : targets) {
    for (std::size_t at = 0; at < from.partitions.size(); ++at) {
      const PartitionCheckpoint& other = target.checkpoint().partitions[at];
      if (other.next < from.partitions[at].next) from.partitions[at] = other;
    }
  }
  Reading reading{parts.log, parts.codec, ports::Topic::patient_history, from};
  std::future<void> writing;  // Waits, when it goes, for what it does.
  while (!reading.at_end()) {
    auto batch = std::make_unique<HistoryBatch>();
    batch->items = decode(parts.codec, reading.next(kEventsPerCommit));
    batch->moved = reading.moved();
    rebuilt.records += static_cast<std::int64_t>(batch->items.size());
    std::int64_t passed = 0;
    for (const auto& partition : reading.where().partitions) passed += partition.next.get();
    parts.progress({Phase::load, passed, total, rebuilt.records});
    if (writing.valid()) writing.get();
    writing = std::async(std::launch::async, [&parts, &targets, batch = std::move(batch)] {
      side_by_side(std::span{targets}, [&](Target& target) { write(parts, *batch, target); });
    });
  }
  if (writing.valid()) writing.get();
  rebuilt.skipped.wrong_partition += reading.skipped().wrong_partition;
  rebuilt.skipped.unknown_key += reading.skipped().unknown_key;
}

}  // namespace projections
