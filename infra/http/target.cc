#include "infra/http/target.h"

#include "domain/core/text.h"

namespace infra::http {
namespace {

std::optional<unsigned> hex(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

enum class Plus { is_plus, is_space };

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus == Plus::is_space) {
      decoded += ' ';
    } else if (text[at] != '%') {
      decoded += text[at];
    } else {
      if (at + 2 >= text.size()) return std::nullopt;
      const auto high = hex(text[at + 1]);
      const auto low = hex(text[at + 2]);
      if (!high || !low) return std::nullopt;
      decoded += static_cast<char>(*high * 16 + *low);
      at += 2;
    }
  }
  if (!core::count_characters(decoded)) return std::nullopt;
  return decoded;
}

// Takes what stands before the first `mark` from the front of `text`, and the mark.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view taken = text.substr(0, text.find(mark));
  text.remove_prefix(taken.size() < text.size() ? taken.size() + 1 : taken.size());
  return taken;
}

bool parse_path(std::string_view text, Request& request) {
  if (!text.starts_with('/')) return false;
  text.remove_prefix(1);
  if (text.empty()) return true;
  const bool slash_at_the_end = text.ends_with('/');
  while (!text.empty()) {
    auto segment = decode(take_until(text, '/'), Plus::is_plus);
    if (!segment) return false;
    request.path.push_back(std::move(*segment));
  }
  if (slash_at_the_end) request.path.emplace_back();
  return true;
}

bool parse_query(std::string_view text, Request& request) {
  while (!text.empty()) {
    std::string_view value = take_until(text, '&');
    if (value.empty()) continue;
    const std::string_view name = take_until(value, '=');
    auto decoded_name = decode(name, Plus::is_space);
    auto decoded_value = decode(value, Plus::is_space);
    if (!decoded_name || !decoded_value) return false;
    request.query.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
  }
  return true;
}

}  // namespace

bool parse_target(Request& request) {
  request.path.clear();
  request.query.clear();
  std::string_view rest = request.target;
  if (rest == "*") return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!rest.starts_with(scheme)) continue;
    rest.remove_prefix(scheme.size());
    const std::size_t path = rest.find_first_of("/?");
    if (path == std::string_view::npos) return true;
    if (rest[path] == '?') return parse_query(rest.substr(path + 1), request);
    rest.remove_prefix(path);
    break;
  }
  const std::string_view path = take_until(rest, '?');
  return parse_path(path, request) && parse_query(rest, request);
}

}  // namespace infra::http
