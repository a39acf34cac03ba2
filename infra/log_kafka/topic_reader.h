#pragma once

#include <deque>
#include <map>
#include <memory>
#include <span>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// Reads partitions of one topic, each from a place of its own, without a consumer group: nobody
// assigns, nobody is waited for.
class TopicReader final : public ports::LogReader {
 public:
  // How much is fetched ahead.
  enum class Ahead { records_by_the_million, little };

  // Throws core::Broken: log_mismatch when there is no such topic or partition.
  TopicReader(std::shared_ptr<const Cluster> cluster,
              InternalTopic topic,
              std::span<const ports::Start> starts,
              Ahead ahead = Ahead::records_by_the_million);
  // Of anybody's topic.
  TopicReader(std::shared_ptr<const Cluster> cluster,
              const std::string& topic,
              std::span<const ports::Start> starts,
              Ahead ahead = Ahead::records_by_the_million);
  ~TopicReader() override;

  std::size_t poll(std::size_t limit, const ports::Sink& sink) override;
  std::size_t poll_ready(std::size_t limit, const ports::Sink& sink) override;
  [[nodiscard]] ports::Offset position(ports::Partition partition) const override;

 private:
  TopicReader(std::shared_ptr<const Cluster> cluster,
              std::string name,
              std::optional<InternalTopic> internal,
              std::span<const ports::Start> starts,
              Ahead ahead);
  void prefetch_metadata() const;
  // Takes what has been fetched, without waiting.
  void take(std::size_t limit);
  // Waits for one message, which may be the end of a partition.
  void await_one();
  void keep(Message message);
  std::size_t hand_out(std::size_t limit, const ports::Sink& sink);
  [[nodiscard]] std::vector<std::int64_t> ends() const;
  [[nodiscard]] bool stands_at(const std::vector<std::int64_t>& ends);

  std::shared_ptr<const Cluster> cluster_;
  std::string name_;
  std::optional<InternalTopic> internal_;  // none: somebody else's
  std::vector<std::int32_t> partitions_;
  std::map<std::int32_t, std::int64_t> positions_;
  Client client_;
  TopicHandle handle_;
  Queue queue_;
  std::deque<Message> fetched_;  // taken from librdkafka and not handed out
};

}  // namespace infra::log_kafka
