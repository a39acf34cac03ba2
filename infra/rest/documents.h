#pragma once

#include <string_view>

namespace infra::rest {

// The files openapi.json and docs.html beside this one, as the build found them.
extern const std::string_view kOpenApi;
extern const std::string_view kReadable;

}  // namespace infra::rest
