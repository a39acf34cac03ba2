#include "infra/runtime/clock.h"

#include <chrono>
#include <utility>

namespace infra::runtime {

core::Timestamp SystemClock::now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

core::Result<std::unique_ptr<ports::Clock>, std::string> make_clock(
    const std::optional<std::string>& kartei_clock) {
  if (!kartei_clock) return std::unique_ptr<ports::Clock>{std::make_unique<SystemClock>()};
  const auto at = core::parse_timestamp(*kartei_clock);
  if (!at) {
    return core::Failure{std::string{"KARTEI_CLOCK is no time such as 2026-01-02T03:04:05Z"}};
  }
  return std::unique_ptr<ports::Clock>{std::make_unique<FixedClock>(*at)};
}

}  // namespace infra::runtime
