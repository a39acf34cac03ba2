#pragma once

#include "projections/projection.h"

namespace projections {

// Every status that a patient ever had and when it began; a null status when the patient went.
[[nodiscard]] Projection status_history_projection();

}  // namespace projections
