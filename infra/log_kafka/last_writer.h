#pragma once

#include <memory>
#include <string>

#include "infra/log_kafka/topic_reader.h"

namespace infra::log_kafka {

// The writer that was opened last, by its `__writer` record. Used by one thread; after an exception
// it has lost its place, and another one must be made.
class LastWriter {
 public:
  // Throws core::Broken (broker_unavailable).
  explicit LastWriter(const std::shared_ptr<const Cluster>& cluster);

  // Where it can be reached, as far as its record has come; empty: it did not say, or none has.
  // Waits for nothing. Throws core::Broken.
  [[nodiscard]] const std::string& address();

 private:
  TopicReader reader_;
  std::string address_;
};

}  // namespace infra::log_kafka
