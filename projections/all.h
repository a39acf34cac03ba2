#pragma once

#include <vector>

#include "domain/ports/codec.h"
#include "projections/projection.h"

namespace projections {

// The six read models that people query. `states`, the writer's own, is not among them.
[[nodiscard]] std::vector<Projection> read_models();
// These and `states`, last. `codec` must outlive them.
[[nodiscard]] std::vector<Projection> all(ports::EventCodec& codec);

}  // namespace projections
