#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/core/result.h"
#include "domain/patient/state.h"

namespace ports {

// Why bytes are no record of ours: a decision by a pure function of the bytes and the program's
// version. Names the reason, never the content.
struct Undecodable {
  std::string why;
};

// A record of `patient-events`: who, which event, and the whole state after it.
struct StateRecord {
  patient::EventId event_id;
  patient::PatientId patient_id;
  patient::State state;
};

// Bytes ↔ domain values. Stateless: any thread may call it.
class EventCodec {
 public:
  virtual ~EventCodec() = default;

  // The value for `patient-history`: envelope and change.
  [[nodiscard]] virtual std::string encode_history(const patient::Recorded& recorded) = 0;
  // The value for `patient-events`: envelope, change (for `created` without what the state says
  // already, and without consent evidence) and the state after the event.
  [[nodiscard]] virtual std::string encode_event(const patient::Recorded& recorded,
                                                 const patient::State& after) = 0;

  // Reading upcasts old versions for ever; a version from the future is undecodable.
  [[nodiscard]] virtual core::Result<patient::Recorded, Undecodable> decode_history(
      std::string_view bytes) = 0;
  [[nodiscard]] virtual core::Result<StateRecord, Undecodable> decode_event(
      std::string_view bytes) = 0;

  // The event id alone, of a value of either topic, without decoding the rest.
  [[nodiscard]] virtual std::optional<patient::EventId> event_id(std::string_view bytes) = 0;

  // A state as a compact snapshot for the writer's own states, and back. Other versions of the
  // snapshot are undecodable: states are rebuilt from the log then.
  [[nodiscard]] virtual std::string encode_snapshot(const patient::State& state) = 0;
  [[nodiscard]] virtual core::Result<patient::State, Undecodable> decode_snapshot(
      std::string_view bytes) = 0;
};

}  // namespace ports
