#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "domain/patient/commands.h"
#include "domain/ports/clock.h"
#include "domain/ports/codec.h"
#include "domain/ports/log.h"
#include "infra/codec/event_codec.h"
#include "infra/log_memory/memory_log.h"
#include "tests/projections/memory_store.h"

namespace testing_projections {

// A log that fills with a random but legal history: many patients, decided and folded by the real
// domain, with expected, deleted and erased ones, and, when asked, records that nobody can read,
// lie in the wrong partition or have a key that is no patient's. The same seed gives the same log.
class World {
  struct HandClock final : ports::Clock {
    core::Timestamp at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
    core::Timestamp now() override { return at; }
  };
  HandClock clock_;

 public:
  explicit World(std::uint64_t seed, int patients = 12);

  // One more command, event or damage. `damage`: also what a healthy log has none of.
  void act(bool damage);
  void act_many(int times, bool damage) {
    for (int i = 0; i < times; ++i) act(damage);
  }
  void append_unreadable(const patient::PatientId& id);
  // Writes the known state again, as `events repair` does.
  void restate(const patient::PatientId& id);
  void erase(const patient::PatientId& id);
  void command(const patient::PatientId& id, const patient::Command& command);
  void append_to_wrong_partition();
  void append_unknown_key();

  // What a projection must show now, computed from what was appended, in the plainest way.
  [[nodiscard]] Snapshot expected(const projections::Projection& projection) const;

  [[nodiscard]] const patient::State& state(const patient::PatientId& id) { return states_[id]; }
  [[nodiscard]] const std::map<patient::PatientId, patient::State>& states() const {
    return states_;
  }
  [[nodiscard]] patient::PatientId random_patient();

  infra::codec::ProtobufEventCodec codec;
  infra::log_memory::MemoryLog log;
  std::mt19937_64 random;

 private:
  struct HistoryEntry {
    std::optional<patient::Recorded> recorded;  // none: unreadable
    std::string bytes;
  };
  struct Known {
    bool any_record = false;
    bool last_unreadable = false;
    ports::Partition partition{0};
    ports::Offset offset{0};          // of the last record, in patient-events
    ports::Offset history_offset{0};  // and in patient-history
    std::map<std::int64_t, HistoryEntry> history;
  };

  [[nodiscard]] core::Uuid next_uuid();
  [[nodiscard]] patient::Command random_command();
  [[nodiscard]] ports::Partition partition_of(const patient::PatientId& id) const;
  void append(const patient::PatientId& id, std::vector<patient::Happening> happenings);
  std::vector<ports::Offset> append(std::vector<ports::NewRecord> records);

  int patients_;
  std::uint64_t uuids_ = 0;
  std::unique_ptr<ports::LogWriter> writer_;
  std::map<patient::PatientId, patient::State> states_;
  std::map<patient::PatientId, Known> known_;
};

}  // namespace testing_projections
