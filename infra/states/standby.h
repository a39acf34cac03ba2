#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "infra/states/writer_states.h"
#include "projections/worker.h"

namespace infra::states {

// The writer's states where nobody writes yet: kept up with the log, so that whoever becomes the
// writer has next to nothing left to read. Gone before WriterStates takes the file over. Used by
// one thread; after an exception it has lost its place, and another one must be made.
class Standby {
 public:
  // Takes over the states of a data directory. `log` and `codec` must outlive it.
  Standby(Loaded loaded, const ports::Log& log, ports::EventCodec& codec);

  // Applies what is new, batch by batch, to the end of the log or until `goes_on` says no.
  void follow(const std::function<bool()>& goes_on);
  // The same through what has come already.
  void follow_ready(const std::function<bool()>& goes_on);

  // How many patients have contacts and were never created, as far as it has followed.
  [[nodiscard]] std::size_t expected_patients();

 private:
  void count(const projections::Applied& applied) { moved_ = moved_ || applied.records > 0; }

  projections::Projection projection_;
  std::unique_ptr<read_models::SqliteStore> store_;
  projections::Worker worker_;
  sqlite::Connection reader_;
  bool moved_ = true;  // since they were counted
  std::size_t expected_ = 0;
};

}  // namespace infra::states
