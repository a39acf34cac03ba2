#pragma once

#include <string_view>

#include "infra/service/host.h"

namespace infra::rest {

// What keeps a host from answering as it should: `broken` (a thread hangs or does not go on),
// `starting`, `rebuilding`, `behind`; `ready` when nothing does.
[[nodiscard]] std::string_view readiness(const service::Host::Health& health);

}  // namespace infra::rest
