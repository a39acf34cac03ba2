#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// A record on its way to any of the internal topics. The views hold until it is decided.
struct Outgoing {
  InternalTopic topic;
  std::int32_t partition;
  std::string_view key;
  std::optional<std::string_view> value;
};

// Appends transactions under the log's transactional id, for as long as each of them ends well:
// after any other end it is of no use, and another one must be made. That one gets a new epoch from
// the brokers, so that no request that this one sent, however late it arrives, decides anything.
class TransactionalProducer {
 public:
  // Fences whoever used the id before and returns when all that they did is decided. Throws
  // core::Broken (broker_unavailable).
  explicit TransactionalProducer(Cluster& cluster);

  enum class Outcome {
    committed,
    fenced,        // another one was made later; nothing was, or will be, appended
    not_appended,  // certainly, and for ever
    unknown,
  };
  struct Result {
    Outcome outcome;
    std::vector<std::int64_t> offsets = {};  // when committed: one for each record
    std::string why = {};                    // when not
    // When not: whether the brokers have given its place to another one, or to none because it took
    // longer than a transaction may.
    bool is_superseded = false;
    core::Breakage kind =
        core::Breakage::broker_unavailable;  // when not: io where rights are missing
  };
  // Appends all of it as one transaction, or nothing. The announcements are of the settings'
  // outbound topics.
  [[nodiscard]] Result append(std::span<const Outgoing> records,
                              std::span<const ports::Announcement> announcements = {});

  [[nodiscard]] bool is_usable() const { return usable_; }

 private:
  [[nodiscard]] static Client client_for(const Settings& settings);
  void prefetch_metadata() const;
  void delivered(const rd_kafka_message_t& message);
  [[nodiscard]] rd_kafka_resp_err_t produce(const Outgoing& record, std::size_t number);
  [[nodiscard]] rd_kafka_resp_err_t produce(const ports::Announcement& announcement);
  // `offset` is where to note where it came to lie; none: nobody asks.
  [[nodiscard]] rd_kafka_resp_err_t produce(rd_kafka_topic_t* topic,
                                            std::int32_t partition,
                                            std::string_view key,
                                            std::optional<std::string_view> value,
                                            std::int64_t* offset);
  [[nodiscard]] Result committed(std::span<const Outgoing> records);
  [[nodiscard]] Result given_up(int requests_before,
                                const std::string& what,
                                rd_kafka_resp_err_t why);
  [[nodiscard]] bool is_fenced() const;

  Cluster& cluster_;
  std::vector<std::int64_t> offsets_;  // of the transaction under way; written by delivered()
  Client client_;
  std::array<TopicHandle, kLogTopics.size()> topics_;
  std::map<std::string, TopicHandle> outbound_topics_;
  std::size_t announced_ = 0;  // of the transaction under way; counted by delivered()
  bool usable_ = true;
};

}  // namespace infra::log_kafka
