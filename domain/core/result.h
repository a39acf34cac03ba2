#pragma once

#include <utility>
#include <variant>

namespace core {

template <class Error>
struct Failure {
  Error error;
};
template <class Error>
Failure(Error) -> Failure<Error>;

// Either a value or the reason there is none. Member names follow std::expected (C++23), so that
// moving to it later stays a small change.
template <class Value, class Error>
class [[nodiscard]] Result {
 public:
  Result(Value value) : held_(std::in_place_index<0>, std::move(value)) {}
  template <class E>
  Result(Failure<E> failure) : held_(std::in_place_index<1>, std::move(failure.error)) {}

  [[nodiscard]] bool has_value() const noexcept { return held_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const Value& value() const& { return std::get<0>(held_); }
  [[nodiscard]] Value&& value() && { return std::get<0>(std::move(held_)); }
  [[nodiscard]] const Error& error() const& { return std::get<1>(held_); }

 private:
  std::variant<Value, Error> held_;
};

}  // namespace core
