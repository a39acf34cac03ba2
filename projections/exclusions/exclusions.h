#pragma once

#include "projections/projection.h"

namespace projections {

// Which patient must never be offered which therapist.
[[nodiscard]] Projection exclusions_projection();

}  // namespace projections
