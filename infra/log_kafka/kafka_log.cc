#include "infra/log_kafka/kafka_log.h"

#include <algorithm>
#include <mutex>

#include "domain/core/broken.h"
#include "infra/log_kafka/group_offsets.h"
#include "infra/log_kafka/kafka_dead_letters.h"
#include "infra/log_kafka/kafka_inbox.h"
#include "infra/log_kafka/kafka_writer.h"
#include "infra/log_kafka/last_writer.h"
#include "infra/log_kafka/opening.h"
#include "infra/log_kafka/ticks.h"
#include "infra/log_kafka/topic_reader.h"
#include "infra/log_kafka/writer_group.h"

namespace infra::log_kafka {

struct KafkaLog::Ownership {
  std::mutex mutex;                        // for the next one
  std::optional<std::int64_t> last_epoch;  // of the writers that this log has opened
};

bool KafkaLog::exists(const Settings& settings) {
  const Cluster::Layout layout = Cluster{settings}.layout();
  return std::any_of(kLogTopics.begin(), kLogTopics.end(), [&](InternalTopic topic) {
    return layout.partitions[static_cast<std::size_t>(topic)].has_value();
  });
}

std::unique_ptr<KafkaLog> KafkaLog::open(const Settings& settings) {
  auto cluster = std::make_shared<Cluster>(settings);
  const Found found = look(cluster);
  if (!found.is_complete) {
    throw core::Broken(core::Breakage::log_mismatch,
                       "Kafka at " + settings.brokers + ": there is no whole log with the prefix " +
                           settings.topic_prefix + "; `kartei topics create` makes one");
  }
  for (const std::string& topic : settings.outbound_topics) {
    if (found.layout.outbound.contains(topic)) continue;
    throw core::Broken(core::Breakage::log_mismatch,
                       "Kafka at " + settings.brokers + ": there is no topic " + topic +
                           ", which other services read; `kartei topics create` makes it");
  }
  return std::unique_ptr<KafkaLog>{new KafkaLog{std::move(cluster), *found.log}};
}

KafkaLog::KafkaLog(std::shared_ptr<Cluster> cluster, ports::LogIdentity identity)
    : cluster_(std::move(cluster)),
      identity_(identity),
      ownership_(std::make_unique<Ownership>()) {}

KafkaLog::~KafkaLog() = default;

// Looked at before, so as not to fence another one, and after, because it may have come meanwhile.
std::unique_ptr<ports::LogWriter> KafkaLog::open_writer(std::string_view address) {
  const std::lock_guard lock{ownership_->mutex};
  const auto before = ownership_->last_epoch;
  if (before) check_no_other_since(*before, *before);
  auto writer = std::make_unique<KafkaWriter>(cluster_, address);
  const std::int64_t epoch = writer->epoch().get();
  if (before) check_no_other_since(*before, epoch);
  ownership_->last_epoch = epoch;
  return writer;
}

void KafkaLog::check_no_other_since(std::int64_t before, std::int64_t now) const {
  for (const std::int64_t epoch : writers_since(cluster_, before)) {
    if (epoch != before && epoch != now)
      throw core::Broken(core::Breakage::locked, "another writer has taken this log over");
  }
}

void KafkaLog::reclaim() {
  const std::lock_guard lock{ownership_->mutex};
  ownership_->last_epoch.reset();
}

std::int64_t KafkaLog::last_epoch() const {
  const std::lock_guard lock{ownership_->mutex};
  return ownership_->last_epoch.value_or(0);
}

std::optional<std::string> KafkaLog::present_writer() const {
  const auto member = log_kafka::present_writer(*cluster_);
  if (!member) return std::nullopt;
  return member->name + " (" + member->host + ')';
}

std::unique_ptr<LastWriter> KafkaLog::last_writer() const {
  return std::make_unique<LastWriter>(cluster_);
}

void KafkaLog::set_on_arrival(std::function<void()> on_arrival) {
  cluster_->set_on_arrival(std::move(on_arrival));
}

std::unique_ptr<ports::LogReader> KafkaLog::open_reader(
    ports::Topic topic, std::span<const ports::Start> starts) const {
  return std::make_unique<TopicReader>(cluster_, internal(topic), starts);
}

std::vector<ports::Offset> KafkaLog::ends(ports::Topic topic) const {
  std::vector<std::int32_t> partitions;
  for (std::int32_t partition = 0; partition < identity_.partitions; ++partition) {
    partitions.push_back(partition);
  }
  std::vector<ports::Offset> ends;
  for (const std::int64_t end : cluster_->ends(internal(topic), partitions)) ends.emplace_back(end);
  return ends;
}

std::vector<ports::Start> KafkaLog::group_offsets(std::string_view group) const {
  const std::string topic = cluster_->name(InternalTopic::patient_history);
  return GroupOffsets{*cluster_, group, topic}.read(identity_.partitions);
}

void KafkaLog::commit_group_offsets(std::string_view group, std::span<const ports::Start> starts) {
  const std::string topic = cluster_->name(InternalTopic::patient_history);
  GroupOffsets{*cluster_, group, topic}.write(starts);
}

std::unique_ptr<ports::Inbox> KafkaLog::open_inbox(
    const std::string& topic,
    std::string_view group,
    std::function<void(std::string_view)> notice) const {
  return std::make_unique<KafkaInbox>(cluster_, topic, group, std::move(notice));
}

std::unique_ptr<ports::DeadLetterTopic> KafkaLog::open_dead_letters() const {
  return std::make_unique<KafkaDeadLetters>(cluster_);
}

std::optional<ports::CompactionResult> KafkaLog::compact(ports::Topic topic) {
  append_ticks(*cluster_, internal(topic), identity_.partitions);
  return std::nullopt;
}

std::chrono::milliseconds KafkaLog::tick_interval(ports::Topic topic) const {
  return log_kafka::tick_interval(*cluster_, internal(topic));
}

}  // namespace infra::log_kafka
