#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "domain/core/broken.h"
#include "infra/service/signs.h"
#include "infra/service/wakeup.h"

namespace infra::service {

// Whether waiting helps: brokers come back, disks get room, locks are let go.
[[nodiscard]] bool passes(core::Breakage kind);

// How often a thread of a host looks whether it is to stop.
inline constexpr std::chrono::milliseconds kLook{100};
// Readers call when something comes: then what they have is enough. When it is quiet for so long
// the log is asked for its end, which also shows whether it is there.
inline constexpr std::chrono::milliseconds kLookAnyway{1000};

// What a thread does while it cannot go on: it tells the operator once, and waits longer each time.
// Used by one thread; what it is given must outlive it.
class Resting {
 public:
  using Notice = std::function<void(const std::string&)>;
  Resting(std::string who, Signs& signs, Notice notice)
      : who_(std::move(who)), signs_(signs), notice_(std::move(notice)) {}

  // Waits, unless `stop` says so, and calls `meanwhile` several times a second.
  void rest(const std::string& why,
            Wakeup& wakeup,
            const std::function<bool()>& stop,
            const std::function<void()>& meanwhile);
  // It went on.
  void over();

 private:
  std::string who_;
  Signs& signs_;
  Notice notice_;
  bool in_trouble_ = false;
  std::chrono::milliseconds back_off_{0};
};

}  // namespace infra::service
