#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/outbound.h"

namespace infra::service {

// A contract with other services: on which topics they read which form of an event. Each form is a
// file of infra/codec.
enum class Outbound { curavani };

[[nodiscard]] std::optional<Outbound> parse_outbound(std::string_view name);
[[nodiscard]] std::string known_outbound();  // their names, for messages

[[nodiscard]] std::vector<std::string> topics_of(Outbound outbound);  // whole names
[[nodiscard]] ports::OutboundContract contract_of(Outbound outbound);

}  // namespace infra::service
