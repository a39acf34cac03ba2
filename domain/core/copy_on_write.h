#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "domain/core/expects.h"

namespace core {

// A value that its copies share until one of them is changed: copying it costs next to nothing
// however large it is. Copies are as independent as those of any other value, in other threads too.
// Once moved from it may only be assigned to or destroyed.
template <class T>
class CopyOnWrite {
 public:
  explicit CopyOnWrite(T value) : shared_(new Shared{std::move(value)}) {}
  CopyOnWrite(const CopyOnWrite& other) noexcept : shared_(other.shared_) {
    if (shared_ != nullptr) shared_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  CopyOnWrite(CopyOnWrite&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
  CopyOnWrite& operator=(CopyOnWrite other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~CopyOnWrite() {
    // The last owner sees all that the others did before they let go.
    if (shared_ != nullptr && shared_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete shared_;
  }

  [[nodiscard]] const T& get() const {
    expects(shared_ != nullptr, "a value that was moved away is not read");
    return shared_->value;
  }

  // To change it; nobody else sees the change. Holds until this is copied.
  [[nodiscard]] T& own() {
    const T& value = get();
    if (shared_->owners.load(std::memory_order_acquire) != 1) *this = CopyOnWrite{value};
    return shared_->value;
  }

  friend bool operator==(const CopyOnWrite& one, const CopyOnWrite& other) {
    return one.shared_ == other.shared_ || one.get() == other.get();
  }

 private:
  struct Shared {
    T value;
    std::atomic<std::uint32_t> owners = 1;
  };
  Shared* shared_;
};

}  // namespace core
