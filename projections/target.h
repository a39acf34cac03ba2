#pragma once

#include <span>
#include <unordered_set>

#include "projections/decoding.h"
#include "projections/reading.h"

namespace projections {

// One read model being written: its projection, its store, and what is known of the store without
// asking it again. Takes the store over. Projection and store must outlive it.
class Target {
 public:
  Target(const Projection& projection, ReadStore& store);

  [[nodiscard]] const Projection& projection() const { return projection_; }
  [[nodiscard]] ReadStore& store() const { return store_; }
  [[nodiscard]] const Checkpoint& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const PartitionCheckpoint& checkpoint(ports::Partition partition) const {
    return checkpoint_.partitions[static_cast<std::size_t>(partition.get())];
  }
  [[nodiscard]] bool is_quarantined(const patient::PatientId& id) const {
    return quarantined_.contains(id);
  }
  [[nodiscard]] std::size_t quarantined_count() const { return quarantined_.size(); }
  [[nodiscard]] ports::Topic topic() const { return projection_.topic(); }

  // Throws core::Broken (locked) when another worker has taken the store over.
  void commit(const Change& change);

 private:
  const Projection& projection_;
  ReadStore& store_;
  Checkpoint checkpoint_;
  std::unordered_set<patient::PatientId> quarantined_;
};

// The rows of a state, as the change that replaces the patient's rows.
[[nodiscard]] Change::Replace replacement(const Projection& projection,
                                          const patient::PatientId& id,
                                          const patient::State& state);

// The last item of one patient in `patient-events`, decoded once for all targets. No state: a
// tombstone.
struct DecodedPatient {
  Item item;
  std::optional<DecodedState> state;
};
// Of each patient in `items`, oldest first, the last one; in the order of their ids.
[[nodiscard]] std::vector<DecodedPatient> decode_last(ports::EventCodec& codec,
                                                      std::vector<Item> items);

// What `patients` do to a target.
[[nodiscard]] Change state_change(const Target& target,
                                  std::span<const DecodedPatient> patients,
                                  std::int32_t code_version);

// An item of `patient-history`, decoded once for all targets. No event: a tombstone.
struct DecodedItem {
  Item item;
  std::optional<DecodedEvent> event;
};
[[nodiscard]] std::vector<DecodedItem> decode(ports::EventCodec& codec, std::vector<Item> items);

// What `items` of `patient-history` do to a target. Rows of a patient are those of all its readable
// events, or none as long as its last one cannot be read; so a patient that heals is read again
// from the log's beginning. Items that the target has seen are passed over.
[[nodiscard]] Change history_change(const Target& target,
                                    const ports::Log& log,
                                    ports::EventCodec& codec,
                                    std::span<const DecodedItem> items,
                                    std::int32_t code_version);

// Quarantined records that an older version of the program could not read, read again.
[[nodiscard]] Change read_again(const Target& target,
                                const ports::Log& log,
                                ports::EventCodec& codec,
                                std::int32_t code_version);

}  // namespace projections
