#include "infra/states/standby.h"

#include "projections/states/states.h"

namespace infra::states {

Standby::Standby(Loaded loaded, const ports::Log& log, ports::EventCodec& codec)
    : projection_(projections::states_projection(codec)),
      store_(std::move(loaded.store)),
      worker_({log, codec, projection_, *store_}) {}

void Standby::follow(const std::function<bool()>& goes_on) {
  do {
    static_cast<void>(worker_.apply());
  } while (!worker_.at_end() && goes_on());
}

void Standby::follow_ready(const std::function<bool()>& goes_on) {
  do {
    static_cast<void>(worker_.apply_ready());
  } while (!worker_.at_end() && goes_on());
}

}  // namespace infra::states
