#include "infra/service/resting.h"

#include <algorithm>

namespace infra::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kBackOffMin{250};
constexpr milliseconds kBackOffMax{5000};

}  // namespace

bool passes(core::Breakage kind) {
  return kind == core::Breakage::broker_unavailable || kind == core::Breakage::io ||
         kind == core::Breakage::locked;
}

void Resting::rest(const std::string& why,
                   Wakeup& wakeup,
                   const std::function<bool()>& stop,
                   const std::function<void()>& meanwhile) {
  if (!in_trouble_) notice_(who_ + ": does not go on, and tries again: " + why);
  in_trouble_ = true;
  signs_.set_trouble(why);
  back_off_ = std::clamp(2 * back_off_, kBackOffMin, kBackOffMax);
  const auto until = steady_clock::now() + back_off_;
  while (!stop() && steady_clock::now() < until) {
    meanwhile();
    signs_.beat();
    static_cast<void>(wakeup.sleep(kLook));
  }
}

void Resting::over() {
  if (!in_trouble_) return;
  notice_(who_ + ": it goes on");
  in_trouble_ = false;
  signs_.set_trouble("");
  back_off_ = milliseconds{0};
}

}  // namespace infra::service
