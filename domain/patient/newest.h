#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "domain/core/copy_on_write.h"

namespace patient {

// What a state remembers of a list that only grows: the newest entries, newest last. One that is
// added leaves at most `kMost`. Copies share them: every state is copied, few entries are new.
template <class T, std::size_t kMost>
class Newest {
 public:
  Newest() = default;
  explicit Newest(std::vector<T> entries) {
    if (!entries.empty()) entries_.emplace(std::move(entries));
  }

  // The oldest makes room.
  void push_back(T entry) {
    const std::size_t kept = std::min(size(), kMost - 1);
    std::vector<T> entries;
    entries.reserve(kept + 1);
    entries.assign(end() - static_cast<std::ptrdiff_t>(kept), end());
    entries.push_back(std::move(entry));
    entries_.emplace(std::move(entries));
  }
  void clear() { entries_.reset(); }

  [[nodiscard]] const T* begin() const { return entries_ ? entries_->get().data() : nullptr; }
  [[nodiscard]] const T* end() const { return begin() + size(); }
  [[nodiscard]] std::size_t size() const { return entries_ ? entries_->get().size() : 0; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] const T& front() const { return entries_->get().front(); }
  [[nodiscard]] const T& back() const { return entries_->get().back(); }
  // To change it; copies do not see the change. Holds until this is copied.
  [[nodiscard]] T& own_back() { return entries_->own().back(); }

  friend bool operator==(const Newest&, const Newest&) = default;

 private:
  std::optional<core::CopyOnWrite<std::vector<T>>> entries_;  // none: empty
};

}  // namespace patient
