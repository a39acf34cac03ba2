#pragma once

#include "projections/projection.h"

namespace projections {

// One line per event, with the record as the log keeps it: who changed what, when, old and new.
[[nodiscard]] Projection timeline_projection();

}  // namespace projections
