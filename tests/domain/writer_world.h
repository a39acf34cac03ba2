#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/handling/writer.h"
#include "infra/codec/event_codec.h"
#include "infra/log_memory/memory_log.h"

// A writer with all its ports, honest and in memory, for the tests of the writer loop.
namespace tests {

class ManualClock final : public ports::Clock {
 public:
  explicit ManualClock(core::Timestamp at) : at_(at) {}
  [[nodiscard]] core::Timestamp now() override { return at_; }
  void set(core::Timestamp at) { at_ = at; }

 private:
  core::Timestamp at_;
};

// Counts upwards; an event's id is made of what it must be made of.
class CountingIds final : public ports::Ids {
 public:
  [[nodiscard]] core::Uuid random() override;
  [[nodiscard]] patient::EventId event_id(const patient::CommandId& command,
                                          const patient::PatientId& patient,
                                          patient::Sequence sequence) override;

 private:
  std::uint8_t last_ = 0;
};

// Everything in maps; what it knows it has been told or has read in the log.
class MapStates final : public ports::States {
 public:
  explicit MapStates(ports::EventCodec& codec) : codec_(codec) {}

  [[nodiscard]] patient::State find(const patient::PatientId& id) override;
  [[nodiscard]] std::optional<patient::PatientId> by_command(
      const patient::CommandId& command) override;
  [[nodiscard]] std::optional<patient::PatientId> by_registration(const std::string& key) override;
  [[nodiscard]] std::int64_t highest_number() override;
  [[nodiscard]] bool quarantined(const patient::PatientId& id) override;
  [[nodiscard]] bool anyone_quarantined() override { return !quarantined_.empty(); }
  void advance(std::vector<Advance> advances) override;
  void catch_up(const ports::Log& log) override;

  [[nodiscard]] const std::map<patient::PatientId, patient::State>& all() const { return states_; }
  // Its state is out of sight, as when its last record cannot be read.
  void quarantine(const patient::PatientId& id);
  // So many calls of catch_up() throw core::Broken.
  void break_catching_up(int times) { to_break_ = times; }

 private:
  ports::EventCodec& codec_;
  std::map<patient::PatientId, patient::State> states_;
  std::map<ports::Partition, ports::Offset> next_;  // where to go on reading
  std::set<patient::PatientId> quarantined_;
  int to_break_ = 0;
};

class World {
 public:
  World();

  // A command with an id of its own; equal commands for the same patient have equal digests.
  [[nodiscard]] handling::Submission submission(const patient::Command& command,
                                                std::optional<patient::PatientId> patient = {});
  [[nodiscard]] handling::Answer handle(const handling::Submission& submission);
  // The same for a fresh submission.
  [[nodiscard]] handling::Answer ask(const patient::Command& command,
                                     std::optional<patient::PatientId> patient = {});
  // Lets the append after the next `later` ones go wrong.
  void plan(infra::log_memory::Fault fault, std::int64_t later = 0);
  // A new process on the same disk, which tells others of each event.
  void restart(std::vector<ports::OutboundContract> outbound = {});

  // What is in `patient-history`, decoded, partition by partition.
  [[nodiscard]] std::vector<patient::Recorded> history() const;
  // The last state of each patient in `patient-events`.
  [[nodiscard]] std::map<patient::PatientId, patient::State> last_states() const;
  [[nodiscard]] std::size_t records(ports::Topic topic) const;

  ManualClock clock;
  CountingIds ids;
  mutable infra::codec::ProtobufEventCodec codec;
  std::shared_ptr<infra::log_memory::Disk> disk;
  infra::log_memory::MemoryLog log;
  std::unique_ptr<MapStates> states;
  std::unique_ptr<handling::Writer> writer;
};

// "created, therapist_excluded", "nothing", "again: created", "already_exists", "outcome_unknown".
[[nodiscard]] std::string said(const handling::Answer& answer);
[[nodiscard]] const handling::Done& done(const handling::Answer& answer);
[[nodiscard]] patient::Create registration(const std::string& token, const std::string& digest);

}  // namespace tests
