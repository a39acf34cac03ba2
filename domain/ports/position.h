#pragma once

#include <vector>

#include "domain/ports/log.h"

namespace ports {

// How far a reader must have come to see what a writer was told: for each partition, in ascending
// order, the offset of the last record that counts in both topics. Callers hold it as opaque text.
struct PositionToken {
  struct Place {
    Partition partition;
    Offset events;
    Offset history;
    friend bool operator==(const Place&, const Place&) = default;
  };

  Incarnation incarnation;
  std::vector<Place> places;
  friend bool operator==(const PositionToken&, const PositionToken&) = default;
};

}  // namespace ports
