#pragma once

#include "projections/projection.h"

namespace projections {

// Every patient on file with all 36 keys, and the text that a search looks through.
[[nodiscard]] Projection directory_projection();

}  // namespace projections
