#pragma once

#include <string>

#include "domain/core/raw.h"

namespace projections::directory {

// A document as JSON text without blanks, members in the order they stand: the same document
// always gives the same text. For the four keys that are lists or objects; they hold no fractions.
[[nodiscard]] std::string json_text(const core::Raw& document);

}  // namespace projections::directory
