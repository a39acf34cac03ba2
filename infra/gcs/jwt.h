#pragma once

#include <string>
#include <string_view>

namespace infra::gcs {

// `claims` (JSON) as a JSON Web Token that is signed with RS256 (RFC 7515, RFC 7518 section 3.3).
// The key is RSA in PEM. Throws core::Broken (io) when it cannot be used.
[[nodiscard]] std::string signed_jwt(std::string_view claims, std::string_view private_key_pem);

}  // namespace infra::gcs
