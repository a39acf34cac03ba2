#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "domain/ports/log.h"
#include "domain/ports/position.h"
#include "projections/read_store.h"

namespace infra::service {

// A read model as a query needs it.
struct View {
  std::filesystem::path file;
  projections::Checkpoint checkpoint;
  ports::Topic topic;
  std::int64_t lag_events = 0;   // offsets of the log that it has not passed
  std::string token = {};        // how far it has come, where that is known already
  std::int64_t quarantined = 0;  // patients; of one that this process keeps, else 0
};

// How many offsets of each partition of the log, which ends there, it has not passed; and of all.
[[nodiscard]] std::vector<std::int64_t> lags_of(const View& view,
                                                const std::vector<ports::Offset>& ends);
[[nodiscard]] std::int64_t lag_of(const View& view, const std::vector<ports::Offset>& ends);
// The token that says how far a view has come.
[[nodiscard]] std::string token_of(const View& view);
// Whether it has passed everything that `token` names.
[[nodiscard]] bool has_seen(const View& view, const ports::PositionToken& token);

}  // namespace infra::service
