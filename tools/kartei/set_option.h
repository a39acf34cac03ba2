#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/core/raw.h"

namespace kartei {

// A document from `bytes`, which must be a JSON object; throws `invalid` with line and column.
[[nodiscard]] core::Raw::Object object_of(std::string_view bytes);

// Puts each KEY=VALUE of --set into `document`, over what it says already. For keys of text, a day
// or a choice VALUE is taken as it stands and `null` clears; for the others it is JSON. Throws the
// usage error for what is no KEY=VALUE or comes twice, and `invalid`, naming all keys at once, for
// what is no JSON. Unknown keys are left to the domain, which refuses them.
void apply_sets(const std::vector<std::string>& sets, core::Raw::Object& document);

}  // namespace kartei
