#pragma once

#include <optional>
#include <string>

#include "domain/patient/state.h"

namespace infra::codec {

// An event as the original system's services read it on their topic `patient-events`: JSON, every
// name of the envelope in camelCase, as their code reads it, and in snake_case, as their documents
// say; `eventId` is the event's own id. `after` is the state behind the event. A contact, a revoked
// exclusion and whatever else they have no type for is `patient.updated`. None: nothing happened
// that they know of, because the patient is only expected or a state was merely written again.
[[nodiscard]] std::optional<std::string> curavani_message(const patient::Recorded& recorded,
                                                          const patient::State& after);

}  // namespace infra::codec
