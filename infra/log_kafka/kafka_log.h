#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "domain/ports/dead_letter_topic.h"
#include "domain/ports/inbox.h"
#include "domain/ports/log.h"
#include "infra/log_kafka/settings.h"

namespace infra::log_kafka {

class Cluster;
class LastWriter;

// Of librdkafka, as it is loaded: "2.0.2".
[[nodiscard]] std::string client_version();

// The log on Apache Kafka, 3.7 or newer. README.md has the design. Any thread may call it; a writer
// and a reader belong to one thread each.
class KafkaLog final : public ports::Log {
 public:
  // Whether there are topics of a log with this prefix. Throws core::Broken (broker_unavailable).
  [[nodiscard]] static bool exists(const Settings& settings);

  // Makes the topics that are missing, the outbound ones too, and writes the genesis into every
  // partition, as one transaction; goes on with what a creation that was interrupted left. A log
  // that is there with the same number of partitions stays as it is, with its own incarnation.
  // Throws core::Broken: log_mismatch when it has another number, or topics that are not those of
  // one log.
  static void create(const Settings& settings,
                     std::int32_t partitions,
                     ports::Incarnation incarnation,
                     const TopicSettings& topics = {});

  // Throws core::Broken: broker_unavailable (in at most twice the settings' patience), log_mismatch
  // when there is no log, when a partition does not begin with its genesis, or when the topics are
  // not all of the same log: one of them was made again. Also when an outbound topic is missing.
  [[nodiscard]] static std::unique_ptr<KafkaLog> open(const Settings& settings);
  ~KafkaLog() override;

  [[nodiscard]] ports::LogIdentity identity() const override { return identity_; }
  // Once somebody else has opened a writer after ours, ours is not opened again (locked) until
  // reclaim() says that the log is this process's once more: else two would fence each other for
  // ever.
  [[nodiscard]] std::unique_ptr<ports::LogWriter> open_writer(std::string_view address) override;
  void reclaim();
  // The epoch of the writer that this process opened last; 0: none since reclaim().
  [[nodiscard]] std::int64_t last_epoch() const;
  [[nodiscard]] std::unique_ptr<ports::LogReader> open_reader(
      ports::Topic topic, std::span<const ports::Start> starts) const override;
  [[nodiscard]] std::vector<ports::Offset> ends(ports::Topic topic) const override;
  [[nodiscard]] std::vector<ports::Start> group_offsets(std::string_view group) const override;
  void commit_group_offsets(std::string_view group, std::span<const ports::Start> starts) override;
  // What another service writes, as the group `<prefix>.<group>`; `notice` gets sentences for the
  // operator. Keeps what it needs, as do the dead letters.
  [[nodiscard]] std::unique_ptr<ports::Inbox> open_inbox(
      const std::string& topic,
      std::string_view group,
      std::function<void(std::string_view)> notice) const;
  [[nodiscard]] std::unique_ptr<ports::DeadLetterTopic> open_dead_letters() const;
  // The brokers compact, when their settings say so, and never the newest segment: this appends a
  // `__tick` to every partition, behind which what is older becomes theirs.
  std::optional<ports::CompactionResult> compact(ports::Topic topic) override;
  // How often compact() must be asked for so that the brokers come to all that is old.
  [[nodiscard]] std::chrono::milliseconds tick_interval(ports::Topic topic) const;

  // Whom the brokers know as writing, or waiting to: `kartei@host:pid (address)`. None: nobody
  // does.
  [[nodiscard]] std::optional<std::string> present_writer() const;

  // Keeps what it needs.
  [[nodiscard]] std::unique_ptr<LastWriter> last_writer() const;

  // `on_arrival` is called whenever something has come for a reader that had nothing left, by a
  // thread that must not be held up. Set before any reader is opened.
  void set_on_arrival(std::function<void()> on_arrival);

 private:
  KafkaLog(std::shared_ptr<Cluster> cluster, ports::LogIdentity identity);
  void check_no_other_since(std::int64_t before, std::int64_t now) const;

  struct Ownership;
  std::shared_ptr<Cluster> cluster_;
  ports::LogIdentity identity_;
  std::unique_ptr<Ownership> ownership_;
};

}  // namespace infra::log_kafka
