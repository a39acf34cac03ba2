#include "infra/access/identity.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "domain/core/text.h"

namespace infra::access {
namespace {

constexpr std::array<std::string_view, 3> kRoles{"reader", "clerk", "operator"};
constexpr std::size_t kNameMax = 100;

}  // namespace

std::string_view name(Role role) { return kRoles[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view name) {
  const auto* const found = std::find(kRoles.begin(), kRoles.end(), name);
  if (found == kRoles.end()) return std::nullopt;
  return static_cast<Role>(found - kRoles.begin());
}

bool is_name(std::string_view text) {
  return core::is_one_line(text, kNameMax) && core::has_visible_character(text);
}

}  // namespace infra::access
