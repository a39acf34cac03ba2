#include "domain/ports/log.h"

namespace ports {

std::vector<Start> from_the_beginning(const Log& log) {
  std::vector<Start> starts;
  for (std::int32_t partition = 0; partition < log.identity().partitions; ++partition) {
    starts.push_back({Partition{partition}, Offset{0}});
  }
  return starts;
}

}  // namespace ports
