#include "infra/http/origin.h"

#include <algorithm>
#include <charconv>

namespace infra::http {
namespace {

constexpr std::string_view kPlain = "http://";
constexpr std::string_view kTls = "https://";
constexpr std::size_t kHostMax = 253;  // of a name (RFC 1035)

bool is_host(std::string_view text, bool six) {
  return !text.empty() && text.size() <= kHostMax &&
         std::all_of(text.begin(), text.end(), [six](char c) {
           const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           const bool digit = c >= '0' && c <= '9';
           return letter || digit || c == '.' || (six ? c == ':' : c == '-' || c == '_');
         });
}

}  // namespace

std::optional<Origin> Origin::parse(std::string_view url) {
  Origin origin;
  origin.tls = url.starts_with(kTls);
  if (!origin.tls && !url.starts_with(kPlain)) return std::nullopt;
  url.remove_prefix(origin.tls ? kTls.size() : kPlain.size());
  origin.port = origin.tls ? 443 : 80;

  const bool six = url.starts_with('[');
  const std::size_t end = six ? url.find(']') : std::min(url.find(':'), url.size());
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view host = url.substr(six ? 1 : 0, six ? end - 1 : end);
  if (!is_host(host, six)) return std::nullopt;
  origin.host = host;

  const std::string_view rest = url.substr(six ? end + 1 : end);
  if (rest.empty()) return origin;
  const char* last = rest.data() + rest.size();
  const auto [stopped, error] = std::from_chars(rest.data() + 1, last, origin.port);
  const bool whole = rest.front() == ':' && error == std::errc{} && stopped == last;
  if (!whole || origin.port == 0) return std::nullopt;
  return origin;
}

std::string Origin::text() const { return std::string{tls ? kTls : kPlain} + authority(); }

std::string Origin::authority() const {
  const bool six = host.find(':') != std::string::npos;
  return (six ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

}  // namespace infra::http
