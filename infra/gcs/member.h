#pragma once

#include <string_view>

#include "infra/codec/members.h"

namespace infra::gcs {

// The member of an answer's object; null: there is none of that name and type.
template <class T>
[[nodiscard]] const T* member(const core::Raw& document, std::string_view name) {
  const auto* object = document.as<core::Raw::Object>();
  const core::Raw* found = object != nullptr ? codec::find(*object, name) : nullptr;
  return found != nullptr ? found->template as<T>() : nullptr;
}

}  // namespace infra::gcs
