#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/ports/log.h"
#include "infra/log_kafka/client.h"
#include "infra/log_kafka/settings.h"

namespace infra::log_kafka {

// Our own topics. `writer` has one partition: who writes, and the ticks by which a writer makes
// sure that it still does. So has `dead_letters`, which is no part of the log.
enum class InternalTopic : std::uint8_t { patient_events, patient_history, writer, dead_letters };
inline constexpr std::array kInternalTopics = {InternalTopic::patient_events,
                                               InternalTopic::patient_history,
                                               InternalTopic::writer,
                                               InternalTopic::dead_letters};
// Those that the log is made of: each partition begins with the genesis.
inline constexpr std::array kLogTopics = {
    InternalTopic::patient_events, InternalTopic::patient_history, InternalTopic::writer};

[[nodiscard]] InternalTopic internal(ports::Topic topic);
[[nodiscard]] std::string name_of(const Settings& settings, InternalTopic topic);
[[nodiscard]] std::int32_t partitions_of(InternalTopic topic, std::int32_t log_partitions);

// The questions that are asked of the brokers, on a connection that no fetch holds up. Any thread
// may call it.
class Cluster {
 public:
  explicit Cluster(const Settings& settings);

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Client& client() const { return client_; }
  [[nodiscard]] std::string name(InternalTopic topic) const { return name_of(settings_, topic); }

  // Called whenever something has come for a reader that had nothing left, by a thread of the
  // reader's client, which must not be held up. Set before any reader is opened.
  void set_on_arrival(std::function<void()> on_arrival) { on_arrival_ = std::move(on_arrival); }
  [[nodiscard]] const std::function<void()>& on_arrival() const { return on_arrival_; }

  // How many partitions each internal topic has; none: there is no such topic. Which of the
  // settings' outbound topics are there. `brokers` counts those that are up.
  struct Layout {
    std::array<std::optional<std::int32_t>, kInternalTopics.size()> partitions;
    std::set<std::string> outbound;
    bool has_leaders = true;  // every partition of those that are there
    std::int32_t brokers = 0;
  };
  [[nodiscard]] Layout layout() const;

  // The end of each of the partitions as a read_committed reader comes to see it: everything that
  // is decided, and everything that our own writer was told is committed. A commit is answered
  // before its markers are written, so the brokers' answer alone may lag behind it.
  [[nodiscard]] std::vector<std::int64_t> ends(InternalTopic topic,
                                               std::span<const std::int32_t> partitions) const;
  // The same of anybody's topic, of which our writer knows nothing.
  [[nodiscard]] std::vector<std::int64_t> ends(const std::string& topic,
                                               std::span<const std::int32_t> partitions) const;
  // Our writer's last transaction there ends behind `end - 1`, which is its marker.
  void note_end(InternalTopic topic, std::int32_t partition, std::int64_t end);
  [[nodiscard]] bool is_own_end(InternalTopic topic,
                                std::int32_t partition,
                                std::int64_t end) const;

 private:
  void refresh(const std::string& topic) const;
  [[nodiscard]] rd_kafka_resp_err_t ask_ends(const std::string& topic,
                                             std::span<const std::int32_t> partitions,
                                             std::vector<std::int64_t>& ends) const;

  using Place = std::pair<InternalTopic, std::int32_t>;

  Settings settings_;
  Client client_;
  std::function<void()> on_arrival_;
  std::array<TopicHandle, kInternalTopics.size()> topics_;
  std::vector<TopicHandle> outbound_topics_;
  mutable std::mutex mutex_;  // for the next one
  std::map<Place, std::int64_t> own_ends_;
};

}  // namespace infra::log_kafka
