#include "infra/log_kafka/ticks.h"

#include "infra/log_kafka/plain_append.h"

namespace infra::log_kafka {

void append_ticks(const Cluster& cluster, InternalTopic topic, std::int32_t partitions) {
  std::vector<PlainRecord> ticks;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    ticks.push_back({partition, ports::kTickKey, ""});
  }
  append_plainly(cluster, topic, ticks);
}

}  // namespace infra::log_kafka
