#pragma once

#include <algorithm>
#include <string_view>

#include "domain/core/raw.h"

namespace infra::codec {

// The member of that name, or null.
[[nodiscard]] inline const core::Raw* find(const core::Raw::Object& object, std::string_view name) {
  const auto found = std::find_if(
      object.begin(), object.end(), [&](const auto& member) { return member.first == name; });
  return found != object.end() ? &found->second : nullptr;
}

// The same, but a member that is JSON's null counts as not there.
[[nodiscard]] inline const core::Raw* find_given(const core::Raw::Object& object,
                                                 std::string_view name) {
  const core::Raw* found = find(object, name);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

}  // namespace infra::codec
