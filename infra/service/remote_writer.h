#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/handling/submission.h"
#include "domain/ports/log.h"

namespace infra::service {

// The process that writes, for one that is a standby. Any thread may call it.
class RemoteWriter {
 public:
  virtual ~RemoteWriter() = default;

  // One answer for each of `submissions`, in their order, as the writer of the log that is reached
  // at `address` gives them. Those that it was sent and has not answered are OutcomeUnknown, and so
  // is what comes behind them. Throws core::Broken where none of them was taken: `locked`, nobody
  // can be reached there now, or does not take commands from here; what the writer says is broken.
  // Large groups are more than one transaction.
  [[nodiscard]] virtual std::vector<handling::Answer> handle(
      const std::string& address,
      ports::Incarnation log,
      std::span<const handling::Submission> submissions) = 0;
};

}  // namespace infra::service
