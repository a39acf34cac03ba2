#pragma once

#include <optional>
#include <string>

namespace patient {

// What makes a registration the same registration, whenever it is imported again.
struct RegistrationIdentity {
  std::optional<std::string> token;  // 64 hex digits, lower case
  std::string digest;                // SHA-256 of the parsed content, 64 hex digits
  // What to look it up by: the token, or without one the digest.
  [[nodiscard]] const std::string& key() const { return token ? *token : digest; }
  friend bool operator==(const RegistrationIdentity&, const RegistrationIdentity&) = default;
};

// A registration as it was imported: its identity and the evidence of consent, which stays in the
// history and in no state.
struct Registration {
  RegistrationIdentity identity;
  std::optional<std::string> consent;        // `consent_metadata` as JSON, as it was given
  std::optional<std::string> registered_at;  // `registration_timestamp` as it was given
  friend bool operator==(const Registration&, const Registration&) = default;
};

}  // namespace patient
