#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/ports/log.h"
#include "projections/projection.h"

namespace projections {

// Where a read model stands in one partition. `last` and `event` are the last record of ours that
// was applied: when the log still has that record and it is another event, the log is another one.
struct PartitionCheckpoint {
  ports::Offset next{0};
  std::optional<ports::Offset> last;
  std::optional<patient::EventId> event;
  friend bool operator==(const PartitionCheckpoint&, const PartitionCheckpoint&) = default;
};
struct Checkpoint {
  ports::Incarnation incarnation;
  std::vector<PartitionCheckpoint> partitions;  // index: partition
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// A patient whose last record could not be applied. Its rows are gone until a good record comes.
struct Quarantined {
  patient::PatientId patient;
  ports::Partition partition;
  ports::Offset offset;
  std::string error;          // why, without content
  core::Timestamp since;      // when the record was appended
  std::int32_t code_version;  // of the decoder that could not read it
  friend bool operator==(const Quarantined&, const Quarantined&) = default;
};

// What one transaction of a read model does.
struct Change {
  struct Replace {  // state projection: all rows of the patient are replaced by these
    patient::PatientId patient;
    Rows rows;
  };
  struct Add {  // history projection: rows of one more event
    Rows rows;
  };
  struct RemoveEvent {  // history projection: a tombstone came
    patient::PatientId patient;
    patient::Sequence sequence;
  };
  struct RemovePatient {  // history projection: an `erased` event, or quarantine: all rows go
    patient::PatientId patient;
  };
  using Step = std::variant<Replace, Add, RemoveEvent, RemovePatient>;

  std::vector<Step> steps;  // in this order
  std::vector<Quarantined> quarantined;
  std::vector<patient::PatientId> healed;
  std::vector<std::pair<ports::Partition, PartitionCheckpoint>> checkpoints;
};

// Rows, one after another. Holds as long as its store lives and commits nothing.
class RowCursor {
 public:
  virtual ~RowCursor() = default;
  // False: there are no more.
  [[nodiscard]] virtual bool next(std::vector<Cell>& row) = 0;
};

// One generation of one read model: rows, quarantine, checkpoint and fence epoch in one place that
// commits them together. Used by one thread at a time.
class ReadStore {
 public:
  virtual ~ReadStore() = default;

  [[nodiscard]] virtual Checkpoint checkpoint() const = 0;

  // Takes the store over: whoever held it before commits nothing any more.
  virtual void take_over() = 0;

  // All of `change`, or nothing. False: another worker has taken over. Throws core::Broken.
  // While loading, a change without checkpoints is only provisional: it counts when the next change
  // with a checkpoint is committed, and is gone when the store is reopened or taken over before.
  // So a load in bounded steps resumes without a row lost or doubled.
  [[nodiscard]] virtual bool commit(const Change& change) = 0;

  // While loading, a store has no indexes (but those that a `first_wins` table needs), Replace does
  // not look for older rows, and removals may take effect only in finish_loading. A new generation
  // begins loading; finish_loading builds the indexes once. Loading survives the process: a
  // reopened store is still loading.
  [[nodiscard]] virtual bool loading() const = 0;
  virtual void finish_loading() = 0;

  [[nodiscard]] virtual std::vector<Quarantined> quarantined() const = 0;
  [[nodiscard]] virtual std::optional<Quarantined> quarantined(
      const patient::PatientId& patient) const = 0;

  [[nodiscard]] virtual std::int64_t row_count() const = 0;

  // Every row of a table, ordered by its key columns, bytewise. For comparisons.
  [[nodiscard]] virtual std::unique_ptr<RowCursor> rows(std::size_t table) const = 0;
  using RowSink = std::function<void(const std::vector<Cell>&)>;
  void scan(std::size_t table, const RowSink& sink) const {
    const auto cursor = rows(table);
    for (std::vector<Cell> row; cursor->next(row);) sink(row);
  }
};

}  // namespace projections
