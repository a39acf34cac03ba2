#include "infra/http/message.h"

#include <algorithm>

namespace infra::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equal_ignoring_case(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](char a, char b) {
    return lower(a) == lower(b);
  });
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Header& one : headers) {
    if (equal_ignoring_case(one.name, name)) return one.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace infra::http
