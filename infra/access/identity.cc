#include "infra/access/identity.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "domain/core/text.h"

namespace infra::access {
namespace {

constexpr std::array<std::string_view, 3> kRoles{"reader", "clerk", "operator"};
constexpr std::size_t kNameMax = 100;

// C0, DEL and C1; `text` is valid UTF-8.
bool has_control_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
  }
  return false;
}

}  // namespace

std::string_view name(Role role) { return kRoles[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view name) {
  const auto* const found = std::find(kRoles.begin(), kRoles.end(), name);
  if (found == kRoles.end()) return std::nullopt;
  return static_cast<Role>(found - kRoles.begin());
}

bool is_name(std::string_view text) {
  const auto characters = core::count_characters(text);
  return characters && *characters >= 1 && *characters <= kNameMax &&
         core::has_visible_character(text) && !has_control_character(text);
}

}  // namespace infra::access
