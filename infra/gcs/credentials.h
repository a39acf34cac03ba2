#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ports/clock.h"
#include "infra/outgoing/client.h"

namespace infra::gcs {

struct AccessToken {
  std::string value;
  std::chrono::seconds lifetime{};
};

// Asks for a new token. Throws core::Broken (io), in words without secrets.
using TokenSource = std::function<AccessToken()>;

// The key file of a service account, as Google makes it (`type`, `client_email`, `private_key`,
// `token_uri`): its signed word is changed for a token, RFC 7523. The file is read each time, so
// that a new one counts. Client and clock must outlive the source.
[[nodiscard]] TokenSource service_account(std::filesystem::path key_file,
                                          outgoing::Client& client,
                                          ports::Clock& clock);

// The metadata server of a machine in Google's cloud, at HOST or HOST:PORT.
// https://cloud.google.com/compute/docs/access/authenticate-workloads
[[nodiscard]] TokenSource metadata_server(std::string_view host, outgoing::Client& client);

// A token that is asked for when it is needed and kept until a minute before its end.
class Credentials {
 public:
  // `clock` must outlive it.
  Credentials(TokenSource source, ports::Clock& clock)
      : source_(std::move(source)), clock_(clock) {}

  // Throws what the source throws.
  [[nodiscard]] const std::string& token();
  // The token was refused: the next one is asked for anew.
  void forget() { token_.clear(); }

 private:
  TokenSource source_;
  ports::Clock& clock_;
  std::string token_;  // empty: none
  core::Timestamp good_until_;
};

}  // namespace infra::gcs
