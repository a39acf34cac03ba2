#pragma once

#include "domain/core/time.h"
#include "domain/patient/ids.h"

namespace ports {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual core::Timestamp now() = 0;
};

// Names for new things.
class Ids {
 public:
  virtual ~Ids() = default;
  // Random (UUIDv4), for commands and correlations that came without one, and incarnations.
  [[nodiscard]] virtual core::Uuid random() = 0;
  // UUIDv5 of command id, patient id and sequence: the same command always makes the same event id.
  [[nodiscard]] virtual patient::EventId event_id(const patient::CommandId& command,
                                                  const patient::PatientId& patient,
                                                  patient::Sequence sequence) = 0;
};

}  // namespace ports
