#include "infra/log_kafka/topic_settings_check.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "domain/ports/log.h"

namespace infra::log_kafka {
namespace {

constexpr std::int64_t kDay = 86'400'000;  // milliseconds
// A batch of one largest record with what Kafka adds to it.
constexpr std::int64_t kMessageBytesMin = ports::kRecordBytesMax + 4096;
constexpr std::int32_t kReplicationSafe = 3;

class Judging {
 public:
  explicit Judging(const DescribedTopic& topic) : topic_(topic) {}

  // Where the setting is not `wanted`: why that is bad.
  void expect(const std::string& name, std::string_view wanted, const std::string& why) {
    const auto value = find(name);
    if (value && *value != wanted) fault(name, *value, why, std::string{wanted});
  }
  void expect_at_least(const std::string& name, std::int64_t least, const std::string& why) {
    const auto value = number(name);
    if (value && *value < least) fault(name, *find(name), why, std::to_string(least));
  }
  void expect_at_most(const std::string& name, std::int64_t most, const std::string& why) {
    const auto value = number(name);
    if (value && *value > most) fault(name, *find(name), why, std::to_string(most));
  }

  [[nodiscard]] std::optional<std::string> find(const std::string& name) const {
    const auto found = topic_.settings.find(name);
    return found == topic_.settings.end() ? std::nullopt : std::optional{found->second};
  }
  void fault(const std::string& name,
             const std::string& value,
             const std::string& why,
             const std::string& wanted) {
    faults_.push_back(name + " is " + value + ": " + why + "; `kafka-configs.sh --alter --topic " +
                      topic_.name + " --add-config " + name + "=" + wanted + "` mends it");
  }
  [[nodiscard]] std::vector<std::string> take() && { return std::move(faults_); }

 private:
  [[nodiscard]] std::optional<std::int64_t> number(const std::string& name) const {
    const auto text = find(name);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return value;
  }

  const DescribedTopic& topic_;
  std::vector<std::string> faults_;
};

void judge_internal(Judging& judging) {
  judging.expect("cleanup.policy", "compact", "the brokers throw events away for ever");
  judging.expect(
      "message.timestamp.type", "LogAppendTime", "nobody can tell when a record was appended");
  judging.expect("compression.type", "producer", "each record is packed twice");
  judging.expect_at_most(
      "segment.ms", 7 * kDay, "what was replaced or erased stays on disk for that long");
  judging.expect_at_most(
      "max.compaction.lag.ms", 30 * kDay, "what was erased may stay on disk for that long");
}

void judge_outbound(const DescribedTopic& topic, Judging& judging) {
  judging.expect("cleanup.policy", "delete", "other services lose events that they have not read");
  const auto compression = judging.find("compression.type");
  if (compression && (*compression == "lz4" || *compression == "zstd" || *compression == "snappy"))
    judging.fault("compression.type",
                  *compression,
                  "the services that read " + topic.name + " know none but gzip",
                  "producer");
}

}  // namespace

std::vector<std::string> faults_of(const DescribedTopic& topic) {
  Judging judging{topic};
  if (topic.internal) {
    judge_internal(judging);
  } else {
    judge_outbound(topic, judging);
  }
  judging.expect("unclean.leader.election.enable",
                 "false",
                 "a broker that missed committed events may become the leader, and they are gone");
  judging.expect_at_least(
      "max.message.bytes", kMessageBytesMin, "a large event cannot be appended");
  const bool safe = topic.replication >= kReplicationSafe;
  if (safe) {
    judging.expect_at_least(
        "min.insync.replicas", 2, "an event that was acknowledged is lost with one disk");
  }
  judging.expect_at_most("min.insync.replicas",
                         topic.replication > 1 ? topic.replication - 1 : 1,
                         topic.replication > 1 ? "no event can be appended while one broker is away"
                                               : "no event can be appended with one copy");
  return std::move(judging).take();
}

}  // namespace infra::log_kafka
