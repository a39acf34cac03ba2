#pragma once

#include <string_view>

#include "domain/core/raw.h"
#include "infra/read_models/sqlite_store.h"
#include "infra/service/kartei.h"
#include "projections/verify.h"

namespace infra::service {

// What a comparison of two stores of a projection found, as `verify`, `preview` and `topics import`
// answer it: {"name", "rows", "drift": [{"patient_id", "table", "column", "live", "rebuilt"}]}.
[[nodiscard]] core::Raw to_raw(std::string_view name, const projections::Comparison& comparison);

// Compares `rebuilt`, which is loaded, with the live read model, both at one place of the log,
// while that goes on: the live one holds still, and `rebuilt` is brought to where it stands. Damage
// is mended first, or reported by a guest. Problems: those of LiveModels::view.
[[nodiscard]] Outcome<projections::Comparison> compare_with_live(
    Kartei::Parts& parts,
    const projections::Projection& projection,
    read_models::SqliteStore& rebuilt);

}  // namespace infra::service
