#pragma once

#include <memory>

#include "domain/ports/dead_letter_topic.h"
#include "infra/log_kafka/topic_reader.h"

namespace infra::log_kafka {

// `<prefix>.dead-letters`. Throws core::Broken (log_mismatch) where it is missing.
class KafkaDeadLetters final : public ports::DeadLetterTopic {
 public:
  explicit KafkaDeadLetters(std::shared_ptr<const Cluster> cluster)
      : cluster_(std::move(cluster)) {}

  void read_on(const ports::Sink& sink) override;
  void put(std::span<const Entry> entries) override;

 private:
  void demand_topic() const;

  std::shared_ptr<const Cluster> cluster_;
  std::unique_ptr<TopicReader> reader_;  // none: to be opened
  std::int64_t position_ = 0;            // where to go on, when it is opened again
};

}  // namespace infra::log_kafka
