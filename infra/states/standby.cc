#include "infra/states/standby.h"

#include <utility>

#include "projections/states/states.h"

namespace infra::states {

Standby::Standby(Loaded loaded, const ports::Log& log, ports::EventCodec& codec)
    : projection_(projections::states_projection(codec)),
      store_(std::move(loaded.store)),
      worker_({log, codec, projection_, *store_}),
      reader_(store_->file(), sqlite::Open::read_only) {}

void Standby::follow(const std::function<bool()>& goes_on) {
  do {
    count(worker_.apply());
  } while (!worker_.at_end() && goes_on());
}

void Standby::follow_ready(const std::function<bool()>& goes_on) {
  do {
    count(worker_.apply_ready());
  } while (!worker_.at_end() && goes_on());
}

std::size_t Standby::expected_patients() {
  if (!std::exchange(moved_, false)) return expected_;
  sqlite::Statement select{reader_, "SELECT count(*) FROM state WHERE number = ?1"};
  static_cast<void>(select.bind(1, projections::kExpectedNumber).step());
  expected_ = static_cast<std::size_t>(select.integer(0));
  return expected_;
}

}  // namespace infra::states
