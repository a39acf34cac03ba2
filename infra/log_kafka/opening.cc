#include "infra/log_kafka/opening.h"

#include "domain/core/broken.h"

namespace infra::log_kafka {
namespace {

[[noreturn]] void mismatch(const std::string& text) {
  throw core::Broken(core::Breakage::log_mismatch, text);
}

void judge(const First& first, const std::string& place, Found& found) {
  switch (first.kind) {
    case First::Kind::nothing: found.is_complete = false; return;
    case First::Kind::genesis:
      if (found.log && *found.log != *first.log)
        mismatch(place + ": the topic is of another log than the others; it was made again");
      found.log = first.log;
      return;
    case First::Kind::newer_format:
      mismatch(place + ": the log was made by a later version of this program; update it");
    case First::Kind::something_else:
      mismatch(place + ": the partition has records and does not begin with its genesis");
  }
}

}  // namespace

Found look(const std::shared_ptr<const Cluster>& cluster) {
  Found found{.layout = cluster->layout(), .log = std::nullopt, .is_complete = true};
  for (const InternalTopic topic : kLogTopics) {
    const auto partitions = found.layout.partitions[static_cast<std::size_t>(topic)];
    if (!partitions) {
      found.is_complete = false;
      continue;
    }
    const std::string name = cluster->name(topic);
    const std::vector<First> all = firsts(cluster, topic, *partitions);
    for (std::size_t partition = 0; partition < all.size(); ++partition) {
      judge(all[partition], name + '/' + std::to_string(partition), found);
    }
    if (found.log && *partitions != partitions_of(topic, found.log->partitions))
      mismatch(name + ": has " + std::to_string(*partitions) + " partitions, not the " +
               std::to_string(partitions_of(topic, found.log->partitions)) + " of its log");
  }
  return found;
}

}  // namespace infra::log_kafka
