#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace infra::http {

// Where a server is: scheme, host and port, and nothing else (RFC 6454). A plain value.
struct Origin {
  bool tls = false;
  std::string host;  // a name or an address; of IPv6 without its brackets
  std::uint16_t port = 0;

  // "https://kartei.example:8443", "http://[::1]:8080"; without a port that of the scheme. None: it
  // is something else, or more than that.
  [[nodiscard]] static std::optional<Origin> parse(std::string_view url);
  // As parse() takes it, always with the port.
  [[nodiscard]] std::string text() const;
  // HOST:PORT, as in a header Host.
  [[nodiscard]] std::string authority() const;

  friend bool operator==(const Origin&, const Origin&) = default;
};

}  // namespace infra::http
