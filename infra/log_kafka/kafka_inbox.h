#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/inbox.h"
#include "infra/log_kafka/group_offsets.h"
#include "infra/log_kafka/topic_reader.h"

namespace infra::log_kafka {

// Another service's topic. The group's offsets are read and committed without joining it: who may
// take messages in is decided by who writes the log. Partitions that come later are read from their
// beginning.
class KafkaInbox final : public ports::Inbox {
 public:
  // Gets a sentence for the operator: messages that were gone before anybody read them.
  using Notice = std::function<void(std::string_view)>;

  KafkaInbox(std::shared_ptr<const Cluster> cluster,
             const std::string& topic,
             std::string_view group,
             Notice notice);

  [[nodiscard]] const std::string& topic() const override { return topic_; }
  std::optional<std::size_t> poll(std::size_t limit, const ports::MessageSink& sink) override;
  void commit() override;
  void go_back() noexcept override;
  bool read_again(ports::Partition partition,
                  ports::Offset offset,
                  const ports::MessageSink& sink) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Bounds {
    std::int64_t begin;  // the first that is still there
    std::int64_t end;
  };

  // How many partitions the topic has; 0: there is none.
  [[nodiscard]] std::int32_t count_partitions() const;
  [[nodiscard]] Bounds bounds(std::int32_t partition) const;
  // Opens the reader, or again when there are more partitions than it reads, and when somebody else
  // has committed.
  void look();
  [[nodiscard]] std::vector<ports::Start> starts(std::int32_t partitions) const;
  [[nodiscard]] std::int64_t start(std::int32_t partition,
                                   std::optional<std::int64_t> committed) const;

  std::shared_ptr<const Cluster> cluster_;
  std::string topic_;
  Notice notice_;
  Client client_;  // for questions; no fetch holds it up
  GroupOffsets offsets_;
  std::unique_ptr<TopicReader> reader_;         // none: not opened, or there is no such topic
  std::map<std::int32_t, std::int64_t> group_;  // what the group has committed, as far as we know
  std::vector<ports::Start> done_;              // of each of the reader's partitions
  Clock::time_point looked_at_ = Clock::time_point::min();
};

}  // namespace infra::log_kafka
