#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace infra::access {

// Who may ask for what, from the least to the most: each may all that the ones before it may.
// A reader asks, a clerk changes patients, an operator looks after the machinery.
enum class Role { reader, clerk, operator_ };
[[nodiscard]] std::string_view name(Role role);  // `reader`, `clerk`, `operator`
[[nodiscard]] std::optional<Role> parse_role(std::string_view name);
// Whether somebody with role `has` may do what needs `needed`.
[[nodiscard]] constexpr bool may(Role has, Role needed) { return has >= needed; }

// Somebody whose token was found. The name is the actor of the events that come of it.
struct Identity {
  std::string name;  // 1 to 100 printable characters
  Role role;
  friend bool operator==(const Identity&, const Identity&) = default;
};

// 1 to 100 characters of UTF-8, none of them a control character, one of them visible.
[[nodiscard]] bool is_name(std::string_view text);

}  // namespace infra::access
