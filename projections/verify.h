#pragma once

#include <string>
#include <vector>

#include "projections/read_store.h"

namespace projections {

// One place where two generations of a read model differ.
struct Drift {
  std::string patient_id;
  std::string table;
  std::string column;  // `*`: one of them has no such row
  Cell live;
  Cell rebuilt;
  friend bool operator==(const Drift&, const Drift&) = default;
};
struct Comparison {
  std::int64_t rows = 0;     // compared, in the rebuilt store
  std::int64_t drifted = 0;  // values and rows that differ, all of them
  std::vector<Drift> drift;  // the first kDriftMax
};
inline constexpr std::size_t kDriftMax = 1000;

// Compares every row of two stores of the same projection, and who is quarantined in them (as the
// table `quarantine`). Both are at the same head and loaded. For `verify`, and for `preview`, where
// `rebuilt` is the shadow. For a missing row its key's text stands in place of the values.
[[nodiscard]] Comparison compare(const Projection& projection,
                                 const ReadStore& live,
                                 const ReadStore& rebuilt);

}  // namespace projections
