#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/patient/state.h"
#include "domain/ports/log.h"

namespace ports {

// What the writer knows: the current state of every patient, at least up to the last append. Used
// by the writer's thread alone.
class States {
 public:
  virtual ~States() = default;

  // The state of a patient never heard of is the empty State.
  [[nodiscard]] virtual patient::State find(const patient::PatientId& id) = 0;
  // Who remembers this command among its last 16.
  [[nodiscard]] virtual std::optional<patient::PatientId> by_command(
      const patient::CommandId& command) = 0;
  // Whose registration has this key (RegistrationIdentity::key).
  [[nodiscard]] virtual std::optional<patient::PatientId> by_registration(
      const std::string& key) = 0;
  // The highest number any patient was ever created with; 0: none.
  [[nodiscard]] virtual std::int64_t highest_number() = 0;
  // Whether the patient's last record could not be applied: no command is decided for it.
  [[nodiscard]] virtual bool quarantined(const patient::PatientId& id) = 0;
  // Whether any patient is. Its commands and its registration are out of sight until it is mended.
  [[nodiscard]] virtual bool anyone_quarantined() = 0;

  struct Advance {
    patient::PatientId id;
    patient::State state;
    Partition partition;
    Offset offset;  // of the record in patient-events
    patient::EventId event_id;
  };
  // Takes over what was committed, oldest first. Must not fail: what it cannot write to disk now it
  // keeps and writes later.
  virtual void advance(std::vector<Advance> advances) = 0;

  // Reads the log from where the states stand up to its end. Called when a writer is opened.
  virtual void catch_up(const Log& log) = 0;
};

}  // namespace ports
