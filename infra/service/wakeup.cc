#include "infra/service/wakeup.h"

namespace infra::service {

void Wakeup::wake() {
  const std::lock_guard lock{mutex_};
  woken_ = true;
  changed_.notify_one();
}

bool Wakeup::sleep(std::chrono::milliseconds limit) {
  std::unique_lock lock{mutex_};
  const bool woken = changed_.wait_for(lock, limit, [this] { return woken_; });
  woken_ = false;
  return woken;
}

}  // namespace infra::service
