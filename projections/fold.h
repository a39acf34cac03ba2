#pragma once

#include <vector>

#include "projections/rebuild.h"

namespace projections {

// How far a rebuild has come, or has to: offsets of all partitions together.
[[nodiscard]] inline std::int64_t sum(const std::vector<ports::Offset>& offsets) {
  std::int64_t total = 0;
  for (const ports::Offset offset : offsets) total += offset.get();
  return total;
}

// THE FOLD. Scans `patient-events` partition by partition, keeps only the last record's bytes of
// each key, then decodes once per patient and gives the state to every target. A partition is
// loaded when its checkpoint says so; rows of one that was interrupted are gone by then.
void fold_states(const RebuildParts& parts, std::vector<Target>& targets, Rebuilt& rebuilt);

// The same for `patient-history`: one scan feeds every target, in commits of many events.
void load_histories(const RebuildParts& parts, std::vector<Target>& targets, Rebuilt& rebuilt);

}  // namespace projections
