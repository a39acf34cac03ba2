#pragma once

#include "domain/patient/state.h"
#include "infra/codec/value_coding.h"

namespace infra::codec {

// The whole state. `id` and `ausgeschlossene_therapeuten` live beside the fields and are not among
// them.
void write(const patient::State& state, WireWriter& out);

// Sets `state`, which must be a fresh one. Every key that is never null has a value, or the verdict
// says so.
void read_state(WireReader in, patient::State& state);

}  // namespace infra::codec
