#include "infra/access/listening.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "infra/http/message.h"

namespace infra::access {
namespace {

constexpr std::uint8_t kLoopback = 127;  // 127.0.0.0/8

bool is_loopback(std::string_view host) {
  if (http::equal_ignoring_case(host, "localhost")) return true;
  const std::string address{host};
  std::array<std::uint8_t, 4> four{};
  if (::inet_pton(AF_INET, address.c_str(), four.data()) == 1) return four[0] == kLoopback;
  std::array<std::uint8_t, 16> six{};
  if (::inet_pton(AF_INET6, address.c_str(), six.data()) != 1) return false;
  const auto zeros = [&](std::size_t count) {
    return std::all_of(six.begin(), six.begin() + static_cast<std::ptrdiff_t>(count), [](auto b) {
      return b == 0;
    });
  };
  const bool mapped = zeros(10) && six[10] == 0xFF && six[11] == 0xFF;  // ::ffff:127.0.0.1
  return (zeros(15) && six[15] == 1) || (mapped && six[12] == kLoopback);
}

}  // namespace

bool keeps_private(const http::Origin& origin) { return origin.tls || is_loopback(origin.host); }

std::optional<std::string> why_not_listen(std::string_view host, bool has_tokens, bool has_tls) {
  if ((has_tokens && has_tls) || is_loopback(host)) return std::nullopt;
  std::string missing;
  if (!has_tokens) missing = "tokens (--tokens)";
  if (!has_tls) {
    missing += missing.empty() ? "" : " and ";
    missing += "TLS (--tls-certificate, --tls-key)";
  }
  const std::string where = host.empty() ? "every address" : std::string{host};
  return "listening on " + where + " needs " + missing + "; without, only on loopback: 127.0.0.1";
}

}  // namespace infra::access
