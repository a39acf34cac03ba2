#pragma once

#include "projections/projection.h"

namespace projections {

// Every contact of a patient once, however often it was delivered.
[[nodiscard]] Projection contacts_projection();

}  // namespace projections
