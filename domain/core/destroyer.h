#pragma once

namespace core {

// Deletes a C library's handle by that library's own function, for std::unique_ptr.
template <auto Destroy>
struct Destroyer {
  template <class T>
  void operator()(T* handle) const noexcept {
    Destroy(handle);
  }
};

}  // namespace core
