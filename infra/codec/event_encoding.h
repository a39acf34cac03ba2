#pragma once

#include "domain/patient/events.h"
#include "infra/codec/wire_writer.h"

namespace infra::codec {

// Which of the two topics a record is for.
enum class Destination { events, history };

// Envelope and change. For `events`, a `created` is written bare: the state beside it has the
// fields and the registration's identity, and the evidence of consent belongs in the history alone.
void write(const patient::Recorded& recorded, Destination destination, WireWriter& out);

}  // namespace infra::codec
