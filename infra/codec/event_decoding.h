#pragma once

#include <string_view>

#include "domain/core/result.h"
#include "domain/patient/events.h"
#include "domain/ports/codec.h"

namespace infra::codec {

// A record of the history: envelope and change, of the version this program writes. `patient_id` is
// what a scan of the same bytes found.
[[nodiscard]] core::Result<patient::Recorded, ports::Undecodable> read_recorded(
    std::string_view bytes, std::string_view patient_id);

}  // namespace infra::codec
