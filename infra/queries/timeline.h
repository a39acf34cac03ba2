#pragma once

#include <optional>

#include "domain/core/raw.h"
#include "domain/core/time.h"
#include "domain/patient/state.h"
#include "domain/ports/codec.h"
#include "infra/sqlite/connection.h"

namespace infra::queries {

// From `timeline`: [{"sequence", "type", "occurred_at", "recorded_at", "actor", "changes": {key:
// [old, new]}}], oldest first. Throws core::Broken(corrupt) when a kept record cannot be decoded.
[[nodiscard]] core::Raw history(sqlite::Connection& timeline,
                                ports::EventCodec& codec,
                                const patient::PatientId& id);

// The patient's state after everything recorded at or before `as_of`.
[[nodiscard]] patient::State fold_until(sqlite::Connection& timeline,
                                        ports::EventCodec& codec,
                                        const patient::PatientId& id,
                                        std::optional<core::Timestamp> as_of);

}  // namespace infra::queries
