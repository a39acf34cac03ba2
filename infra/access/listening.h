#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "infra/http/origin.h"

namespace infra::access {

// Whether what is sent there stays private: by TLS, or on loopback (127.0.0.0/8, ::1, localhost).
// Tokens and what patients say go nowhere else.
[[nodiscard]] bool keeps_private(const http::Origin& origin);

// Why a service must not listen on `host`, as a sentence for the operator; none: it may. Only on
// loopback may it do so without tokens or without TLS. No name but localhost is looked up, and
// an empty host means every address.
[[nodiscard]] std::optional<std::string> why_not_listen(std::string_view host,
                                                        bool has_tokens,
                                                        bool has_tls);

}  // namespace infra::access
