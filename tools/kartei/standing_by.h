#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "infra/http/client.h"
#include "infra/rest/writer_over_http.h"
#include "infra/runtime/settings.h"

namespace kartei {

// How a process that is a standby reaches the one that writes.
struct StandbyOptions {
  // Who is believed about a writer that speaks TLS, PEM; none: whom the system believes.
  std::optional<std::filesystem::path> tls_ca = std::nullopt;
  // With which it hands over what came without a request of its own.
  std::optional<std::string> writer_token = std::nullopt;
};

// Throws the usage error when the token's file cannot be used.
[[nodiscard]] StandbyOptions standby_options(const infra::runtime::Settings& settings);

[[nodiscard]] infra::http::ClientOptions client_options(const StandbyOptions& options);

}  // namespace kartei
