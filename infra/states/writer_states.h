#pragma once

#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "domain/ports/codec.h"
#include "domain/ports/states.h"
#include "infra/read_models/sqlite_store.h"
#include "projections/rebuild.h"

namespace infra::states {

// The writer's states: the projection `states` on disk, and in memory what was decided since it was
// last written there, with a bounded cache. Losing the memory loses nothing: the log has it all.
class WriterStates final : public ports::States {
 public:
  struct Limits {
    std::size_t cached = 20'000;    // states kept because they were used lately
    std::size_t unwritten = 1'000;  // above so many they are written, in one transaction
  };

  // Takes over a loaded store of the projection `states`. `codec` must outlive it.
  WriterStates(std::unique_ptr<read_models::SqliteStore> store,
               ports::EventCodec& codec,
               Limits limits);
  WriterStates(std::unique_ptr<read_models::SqliteStore> store, ports::EventCodec& codec)
      : WriterStates(std::move(store), codec, Limits{}) {}

  [[nodiscard]] patient::State find(const patient::PatientId& id) override;
  [[nodiscard]] std::optional<patient::PatientId> by_command(
      const patient::CommandId& command) override;
  [[nodiscard]] std::optional<patient::PatientId> by_registration(const std::string& key) override;
  [[nodiscard]] std::int64_t highest_number() override;
  [[nodiscard]] bool quarantined(const patient::PatientId& id) override;
  [[nodiscard]] bool anyone_quarantined() override { return !quarantined_.empty(); }
  void advance(std::vector<Advance> advances) override;
  void catch_up(const ports::Log& log) override;

  // How many patients have contacts and were never created.
  [[nodiscard]] std::size_t expected_patients() const { return expected_.size(); }

  // Writes what is not yet on disk, with the checkpoint, in one transaction. Throws core::Broken;
  // nothing is lost then, and a later flush tries again.
  void flush();
  [[nodiscard]] std::size_t unwritten() const { return unwritten_.size(); }

 private:
  struct Kept {
    patient::State state;
    std::list<patient::PatientId>::iterator use;
  };

  [[nodiscard]] const patient::State* in_memory(const patient::PatientId& id);
  [[nodiscard]] std::optional<patient::State> on_disk(const patient::PatientId& id);
  void keep(const patient::PatientId& id, patient::State state);
  // One look at the file lasts from one write to the next: taking and dropping its locks for each
  // question cost more than the answer.
  void look();
  void look_away();
  void reload();

  ports::EventCodec& codec_;
  Limits limits_;
  projections::Projection projection_;
  std::unique_ptr<read_models::SqliteStore> store_;
  sqlite::Connection reader_;
  sqlite::Statement select_state_;
  sqlite::Statement select_command_;
  sqlite::Statement select_registration_;
  bool looking_ = false;

  std::list<patient::PatientId> uses_;  // latest first, of what is kept
  std::unordered_map<patient::PatientId, Kept> kept_;
  std::unordered_map<patient::PatientId, patient::State> unwritten_;
  std::unordered_map<core::Uuid, patient::PatientId> unwritten_commands_;
  std::unordered_map<std::string, patient::PatientId> unwritten_registrations_;
  std::map<ports::Partition, projections::PartitionCheckpoint> unwritten_checkpoints_;
  std::unordered_set<patient::PatientId> quarantined_;
  std::unordered_set<patient::PatientId> expected_;
  std::int64_t highest_number_ = 0;
  std::size_t next_flush_;  // after a failed flush it waits for more
};

struct Opened {
  std::unique_ptr<WriterStates> states;
  std::optional<std::string> rebuilt_because;  // for the operator; none: they were there, or empty
};

// The same as a store, for whoever only keeps it up with the log (standby.h).
struct Loaded {
  std::unique_ptr<read_models::SqliteStore> store;
  std::optional<std::string> rebuilt_because;
};
[[nodiscard]] Loaded load_or_rebuild(const std::filesystem::path& folder,
                                     const ports::Log& log,
                                     ports::EventCodec& codec,
                                     const projections::OnProgress& progress);

// The states of the data directory `folder` (`states.db`), at the head of the log when they had to
// be rebuilt, else where they stand: catch_up() does the rest. A file that is missing, damaged or
// of another version is rebuilt by the fold; an interrupted rebuild goes on. Throws core::Broken:
// log_mismatch when the file is of another log.
[[nodiscard]] Opened open_or_rebuild(const std::filesystem::path& folder,
                                     const ports::Log& log,
                                     ports::EventCodec& codec,
                                     const projections::OnProgress& progress);

}  // namespace infra::states
