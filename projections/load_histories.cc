#include <future>
#include <memory>

#include "projections/fold.h"
#include "projections/side_by_side.h"

namespace projections {
namespace {

constexpr std::size_t kEventsPerCommit = 20'000;

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

}  // namespace

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
