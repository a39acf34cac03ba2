#pragma once

#include "infra/http/message.h"

namespace infra::http {

// Fills `path` and `query` from `target`: a path with or without query, the same behind
// http://authority, or *. False when it is none of these, or an escape is broken, or what comes out
// is no UTF-8 or holds a NUL.
[[nodiscard]] bool parse_target(Request& request);

}  // namespace infra::http
