#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ports/position.h"

namespace infra::codec {

// A position as clients carry it: URL-safe, opaque, the same text for the same position.
//   1.<incarnation, 32 hex digits>{.<partition>-<offset in events>-<offset in history>}
[[nodiscard]] std::string format(const ports::PositionToken& token);

// Reads exactly what `format` writes.
[[nodiscard]] std::optional<ports::PositionToken> parse_position(std::string_view text);

}  // namespace infra::codec
