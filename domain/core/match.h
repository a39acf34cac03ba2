#pragma once

#include <utility>
#include <variant>

namespace core {

template <class... Arms>
struct Overloaded : Arms... {
  using Arms::operator()...;
};
template <class... Arms>
Overloaded(Arms...) -> Overloaded<Arms...>;

// Every alternative needs an arm: a new event that some fold forgot does not compile.
template <class Variant, class... Arms>
decltype(auto) match(Variant&& variant, Arms&&... arms) {
  return std::visit(Overloaded{std::forward<Arms>(arms)...}, std::forward<Variant>(variant));
}

}  // namespace core
