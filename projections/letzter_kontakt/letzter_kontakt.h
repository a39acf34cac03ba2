#pragma once

#include "projections/projection.h"

namespace projections {

// When each patient on file was last in contact with us, if ever.
[[nodiscard]] Projection letzter_kontakt_projection();

}  // namespace projections
