#pragma once

#include <compare>
#include <functional>
#include <utility>

namespace core {

// A value that means exactly one thing. Wrapping and unwrapping are both written out, so a
// Sequence never compares with an Offset and no bare number passes for a Partition.
template <class Value, class Tag>
class Strong {
 public:
  constexpr explicit Strong(Value value) : value_(std::move(value)) {}
  [[nodiscard]] constexpr const Value& get() const noexcept { return value_; }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Value value_;
};

}  // namespace core

template <class Value, class Tag>
struct std::hash<core::Strong<Value, Tag>> {
  std::size_t operator()(const core::Strong<Value, Tag>& strong) const {
    return std::hash<Value>{}(strong.get());
  }
};
