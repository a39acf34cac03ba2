#pragma once

#include <string_view>

#include "domain/core/raw.h"
#include "projections/verify.h"

namespace infra::service {

// What a comparison of two stores of a projection found, as `verify`, `preview` and `topics import`
// answer it: {"name", "rows", "drift": [{"patient_id", "table", "column", "live", "rebuilt"}]}.
[[nodiscard]] core::Raw to_raw(std::string_view name, const projections::Comparison& comparison);

}  // namespace infra::service
