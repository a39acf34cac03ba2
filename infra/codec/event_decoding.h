#pragma once

#include "domain/core/result.h"
#include "domain/patient/events.h"
#include "domain/ports/codec.h"
#include "infra/codec/value_coding.h"

namespace infra::codec {

// A record of the history: envelope and change, of the version this program writes.
[[nodiscard]] core::Result<patient::Recorded, ports::Undecodable> read_recorded(
    const wire::Record& in);

}  // namespace infra::codec
