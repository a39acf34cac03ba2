#pragma once

#include <functional>
#include <optional>

#include "domain/patient/state.h"
#include "domain/ports/log.h"

namespace ports {

// What an event is to the services of one contract; `after` is the state behind it. None: nothing
// that they know of. Pure, and called by the writer's thread.
using OutboundContract = std::function<std::optional<Announcement>(
    const patient::Recorded& recorded, const patient::State& after)>;

}  // namespace ports
