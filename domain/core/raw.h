#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace core {

// A document as it came in, before anyone has checked it: what JSON can say, free of any library.
// The edge makes it, domain/patient parses it; nothing behind that sees it.
struct Raw {
  struct Null {
    friend bool operator==(const Null&, const Null&) = default;
  };
  using Array = std::vector<Raw>;
  using Member = std::pair<std::string, Raw>;
  using Object =
      std::vector<Member>;  // In the order it came; names are unique (the reader refuses others).

  std::variant<Null, bool, std::int64_t, double, std::string, Array, Object> value;

  template <class T>
  [[nodiscard]] const T* as() const noexcept {
    return std::get_if<T>(&value);
  }
  [[nodiscard]] bool is_null() const noexcept { return as<Null>() != nullptr; }

  friend bool operator==(const Raw&, const Raw&) = default;
};

}  // namespace core
