#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace infra::access {

// 127.0.0.0/8, ::1, localhost.
[[nodiscard]] bool is_loopback(std::string_view host);

// Why a service must not listen on `host`, as a sentence for the operator; none: it may. Only on
// loopback may it do so without tokens or without TLS. No name but
// localhost is looked up, and an empty host means every address.
[[nodiscard]] std::optional<std::string> why_not_listen(std::string_view host,
                                                        bool has_tokens,
                                                        bool has_tls);

}  // namespace infra::access
