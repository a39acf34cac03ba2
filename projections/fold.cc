#include "projections/fold.h"

#include <algorithm>
#include <unordered_map>

#include "domain/core/broken.h"
#include "projections/cells.h"

namespace projections {
namespace {

constexpr std::size_t kPollMax = 10'000;
// Few, so that the rows of a step are still in the processor's cache when they are written: a step
// without a checkpoint costs the store nothing.
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

  // Decodes every patient once, in the order of lists, and hands it to `sink`: the id, its last
  // record and what it says.
  template <class OnPatient>
  void decode(OnPatient&& sink) const {
    struct Entry {
      std::int64_t number;
      patient::PatientId id;
      const Latest* latest;
    };
    std::vector<Entry> patients;
    patients.reserve(latest_.size());
    for (const auto& [key, latest] : latest_) {
      if (latest.tombstone) continue;
      auto id = patient::PatientId::parse(key);
      if (id) patients.push_back({list_number(*id), std::move(*id), &latest});
    }
    std::sort(patients.begin(), patients.end(), [](const Entry& a, const Entry& b) {
      return a.number != b.number ? a.number < b.number : a.id < b.id;
    });
    for (const auto& [number, id, latest] : patients) {
      sink(id, *latest, decode_state(parts_.codec, id, latest->bytes));
    }
  }

  [[nodiscard]] const PartitionCheckpoint& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const Skipped& skipped() const { return skipped_; }

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
  explicit PartitionWriter(Target& target) : target_(&target) {}

  void add(const patient::PatientId& id, const patient::State& state) {
    change_.steps.emplace_back(replacement(target_->projection(), id, state));
    if (change_.steps.size() < kPatientsPerCommit) return;
    target_->commit(change_);
    change_.steps.clear();
  }
  void quarantine(Quarantined entry) { quarantined_.push_back(std::move(entry)); }
  void finish(ports::Partition partition, const PartitionCheckpoint& checkpoint) {
    change_.quarantined = std::move(quarantined_);
    change_.checkpoints.emplace_back(partition, checkpoint);
    target_->commit(change_);
  }

 private:
  Target* target_;
  Change change_;
  std::vector<Quarantined> quarantined_;
};

std::int64_t sum(const std::vector<ports::Offset>& offsets) {
  std::int64_t total = 0;
  for (const ports::Offset offset : offsets) total += offset.get();
  return total;
}

}  // namespace

void fold_states(const RebuildParts& parts, std::vector<Target>& targets, Rebuilt& rebuilt) {
  const std::int64_t total = sum(parts.log.ends(ports::Topic::patient_events));
  const std::int32_t count = parts.log.identity().partitions;
  std::int64_t passed = 0;
  for (ports::Partition partition{0}; partition.get() < count;
       partition = ports::Partition{partition.get() + 1}) {
    std::vector<PartitionWriter> writers;
    for (Target& target : targets) {
      if (target.checkpoint(partition).next == ports::Offset{0}) writers.emplace_back(target);
    }
    if (writers.empty()) {
      passed += targets.front().checkpoint(partition).next.get();
      continue;
    }
    FoldedPartition folded{parts, partition};
    folded.scan([&](ports::Offset position, std::size_t read) {
      rebuilt.records += static_cast<std::int64_t>(read);
      parts.progress({Phase::load, passed + position.get(), total, rebuilt.records});
    });
    folded.decode(
        [&](const patient::PatientId& id, const Latest& latest, const DecodedState& state) {
          for (PartitionWriter& writer : writers) {
            if (state) {
              writer.add(id, state.value());
            } else {
              writer.quarantine({id,
                                 partition,
                                 latest.offset,
                                 state.error().why,
                                 latest.appended_at,
                                 parts.code_version});
            }
          }
        });
    for (PartitionWriter& writer : writers) writer.finish(partition, folded.checkpoint());
    passed += folded.checkpoint().next.get();
    rebuilt.skipped.wrong_partition += folded.skipped().wrong_partition;
    rebuilt.skipped.unknown_key += folded.skipped().unknown_key;
  }
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
  while (!reading.at_end()) {
    const auto items = decode(parts.codec, reading.next(kEventsPerCommit));
    const Reading::Moved moved = reading.moved();
    for (Target& target : targets) {
      Change change = history_change(target, parts.log, parts.codec, items, parts.code_version);
      for (const auto& [partition, checkpoint] : moved) {
        if (checkpoint.next > target.checkpoint(partition).next)
          change.checkpoints.emplace_back(partition, checkpoint);
      }
      if (!change.checkpoints.empty()) target.commit(change);
    }
    rebuilt.records += static_cast<std::int64_t>(items.size());
    std::int64_t passed = 0;
    for (const auto& partition : reading.where().partitions) passed += partition.next.get();
    parts.progress({Phase::load, passed, total, rebuilt.records});
  }
  rebuilt.skipped.wrong_partition += reading.skipped().wrong_partition;
  rebuilt.skipped.unknown_key += reading.skipped().unknown_key;
}

}  // namespace projections
