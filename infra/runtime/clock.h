#pragma once

#include <memory>
#include <optional>
#include <string>

#include "domain/core/result.h"
#include "domain/ports/clock.h"

namespace infra::runtime {

// The computer's own clock, in UTC.
class SystemClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override;
};

// A clock that stands still, so that tests and tours say the same every time.
class FixedClock final : public ports::Clock {
 public:
  explicit FixedClock(core::Timestamp at) : at_(at) {}
  [[nodiscard]] core::Timestamp now() override { return at_; }

 private:
  core::Timestamp at_;
};

// The system's clock, or the fixed one that KARTEI_CLOCK asks for. The error is a sentence.
[[nodiscard]] core::Result<std::unique_ptr<ports::Clock>, std::string> make_clock(
    const std::optional<std::string>& kartei_clock);

}  // namespace infra::runtime
