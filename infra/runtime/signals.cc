#include "infra/runtime/signals.h"

#include "domain/core/expects.h"

namespace infra::runtime {
namespace {

// What a signal handler may touch.
volatile std::sig_atomic_t stop_requested = 0;
bool alive = false;

void request_stop(int) { stop_requested = 1; }

struct sigaction obeying() {
  struct sigaction action {};
  action.sa_handler = request_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one does what it did by default
  sigemptyset(&action.sa_mask);
  return action;
}

}  // namespace

StopSignals::StopSignals() {
  core::expects(!alive, "only one place at a time obeys signals");
  alive = true;
  stop_requested = 0;
  const struct sigaction action = obeying();
  sigaction(SIGTERM, &action, &old_terminate_);
  sigaction(SIGINT, &action, &old_interrupt_);
}

StopSignals::~StopSignals() {
  sigaction(SIGTERM, &old_terminate_, nullptr);
  sigaction(SIGINT, &old_interrupt_, nullptr);
  alive = false;
}

bool StopSignals::requested() const noexcept { return stop_requested != 0; }

}  // namespace infra::runtime
