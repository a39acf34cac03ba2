#pragma once

#include <cstdint>

#include "domain/ports/codec.h"
#include "projections/projection.h"

namespace projections {

// What the writer needs to decide: every patient's state, whatever its standing, found by id, by
// one of its remembered commands, or by its registration. `codec` must outlive the projection.
[[nodiscard]] Projection states_projection(ports::EventCodec& codec);

// The `number` of an expected patient in the table `state`: below all that are ever given.
inline constexpr std::int64_t kExpectedNumber = -1;

// 64 bits of a command id, which `command` is indexed by. Two commands may share them: whoever
// finds a patient by them looks into its state.
[[nodiscard]] std::int64_t command_digest(const patient::CommandId& command);

}  // namespace projections
