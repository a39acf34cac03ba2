#include "projections/fold.h"

#include <algorithm>
#include <future>
#include <memory>
#include <unordered_map>

#include "domain/core/broken.h"
#include "projections/cells.h"
#include "projections/side_by_side.h"

namespace projections {
namespace {

constexpr std::size_t kPollMax = 10'000;
// Decoded together and handed to the stores together. Few, so that states and rows are still in
// the processor's cache when they are written: a step without a checkpoint costs the store nothing.
constexpr std::size_t kPatientsPerStep = 128;
constexpr std::size_t kPatientsPerCommit = 16;
// A reader for so many parts of the partitions. Few, because each maps the log's pages anew; more
// than one, because a log may hand out all partitions of a reader at once: then a quarter of the
// patients are read while a quarter are written.
constexpr std::size_t kReaders = 4;

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
  // Everything before `next` was kept.
  void close(ports::Offset next) {
    checkpoint_.next = next;
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

void write(const FoldedPartition& folded, std::span<PartitionWriter> writers) {
  folded.decode([&](std::span<const FoldedPartition::Decoded> step) {
    side_by_side(writers, [&](PartitionWriter& one) { one.add(step, folded.partition()); });
  });
  side_by_side(writers,
               [&](PartitionWriter& one) { one.finish(folded.partition(), folded.checkpoint()); });
}

// Scans a few partitions of `patient-events` and writes each as soon as all of it was read, while
// the next is being read: reading and writing share nothing. Where a log hands out one partition
// after another, two of them are in memory at a time.
class Folding {
 public:
  Folding(const RebuildParts& parts, std::vector<Target>& targets, Rebuilt& rebuilt)
      : parts_(parts),
        rebuilt_(rebuilt),
        ends_(parts.log.ends(ports::Topic::patient_events)),
        positions_(ends_.size(), ports::Offset{0}),
        writers_(ends_.size()) {
    for (std::size_t at = 0; at < ends_.size(); ++at) {
      const ports::Partition partition{static_cast<std::int32_t>(at)};
      for (Target& target : targets) {
        if (target.checkpoint(partition).next == ports::Offset{0})
          writers_[at].emplace_back(target, parts.code_version);
      }
      if (writers_[at].empty()) positions_[at] = targets.front().checkpoint(partition).next;
    }
  }

  void run() {
    const std::size_t together = (ends_.size() + kReaders - 1) / kReaders;
    for (std::size_t first = 0; first < ends_.size(); first += together)
      scan(first, std::min(first + together, ends_.size()));
    if (writing_.valid()) writing_.get();
  }

 private:
  void scan(std::size_t first, std::size_t last) {
    std::vector<ports::Start> starts;
    std::vector<std::unique_ptr<FoldedPartition>> open(last - first);
    for (std::size_t at = first; at < last; ++at) {
      if (writers_[at].empty()) continue;
      const ports::Partition partition{static_cast<std::int32_t>(at)};
      starts.push_back({partition, ports::Offset{0}});
      open[at - first] = std::make_unique<FoldedPartition>(parts_, partition);
    }
    if (starts.empty()) return;
    const auto reader = parts_.log.open_reader(ports::Topic::patient_events, starts);
    const ports::Sink sink = [&](const ports::Record& record) {
      auto& folded = open[static_cast<std::size_t>(record.partition.get()) - first];
      if (!folded) return;  // What came later is for the catching up.
      if (!ports::is_reserved(record.key)) ++rebuilt_.records;
      folded->keep(record);
    };
    for (std::size_t left = starts.size(); left > 0;) {
      const bool at_end = reader->poll(kPollMax, sink) == 0;
      for (const ports::Start& start : starts) {
        const auto at = static_cast<std::size_t>(start.partition.get());
        if (!open[at - first]) continue;
        positions_[at] = reader->position(start.partition);
        if (!at_end && positions_[at] < ends_[at]) continue;
        open[at - first]->close(positions_[at]);
        write_behind(std::move(open[at - first]), writers_[at]);
        --left;
      }
      parts_.progress({Phase::load, sum(positions_), sum(ends_), rebuilt_.records});
    }
  }

  void write_behind(std::unique_ptr<FoldedPartition> folded,
                    std::vector<PartitionWriter>& writers) {
    rebuilt_.skipped.wrong_partition += folded->skipped().wrong_partition;
    rebuilt_.skipped.unknown_key += folded->skipped().unknown_key;
    if (writing_.valid()) writing_.get();
    writing_ = std::async(std::launch::async,
                          [&writers, folded = std::move(folded)] { write(*folded, writers); });
  }

  const RebuildParts& parts_;
  Rebuilt& rebuilt_;
  std::vector<ports::Offset> ends_;
  std::vector<ports::Offset> positions_;
  std::vector<std::vector<PartitionWriter>> writers_;  // of what is not loaded yet
  std::future<void> writing_;  // last: when it goes, it waits for what it does
};

}  // namespace

void fold_states(const RebuildParts& parts, std::vector<Target>& targets, Rebuilt& rebuilt) {
  Folding{parts, targets, rebuilt}.run();
}

}  // namespace projections
