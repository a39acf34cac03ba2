#pragma once

#include <csignal>

namespace infra::runtime {

// While one lives, SIGTERM and SIGINT ask to stop instead of ending the process; afterwards they do
// what they did before. One at a time. A second signal while the first is being obeyed ends the
// process after all: nobody is made to wait for a hanging one.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  [[nodiscard]] bool requested() const noexcept;

 private:
  struct sigaction old_terminate_ {};
  struct sigaction old_interrupt_ {};
};

}  // namespace infra::runtime
