#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <thread>

#include "domain/core/broken.h"
#include "domain/core/expects.h"
#include "infra/log_kafka/kafka_log.h"
#include "infra/log_kafka/opening.h"
#include "infra/log_kafka/rights.h"
#include "infra/log_kafka/transactional_producer.h"
#include "infra/log_kafka/waiting.h"

namespace infra::log_kafka {
namespace {

constexpr std::int32_t kReplicationWanted = 3;
constexpr std::chrono::milliseconds kBetweenLooks{20};

using TopicProperties = std::map<std::string, std::string>;

TopicProperties settings_of(InternalTopic topic,
                            std::int32_t replication,
                            const Properties& overrides) {
  // Who writes is asked at each opening, so that what was, goes soon.
  const bool writer = topic == InternalTopic::writer;
  TopicProperties settings{{"cleanup.policy", "compact"},
                           {"message.timestamp.type", "LogAppendTime"},
                           {"min.insync.replicas", replication >= kReplicationWanted ? "2" : "1"},
                           {"segment.ms", writer ? "600000" : "21600000"},
                           {"min.compaction.lag.ms", writer ? "0" : "3600000"},
                           {"max.compaction.lag.ms", writer ? "3600000" : "86400000"}};
  for (const auto& [name, value] : overrides) settings[name] = value;
  return settings;
}

// What happened, for as long as the brokers keep it: no compaction, each event is news.
TopicProperties for_others(std::int32_t replication) {
  return {{"cleanup.policy", "delete"},
          {"min.insync.replicas", replication >= kReplicationWanted ? "2" : "1"}};
}

NewTopic new_topic(const std::string& name,
                   std::int32_t partitions,
                   std::int32_t replication,
                   const TopicProperties& settings) {
  std::array<char, 512> text{};
  NewTopic topic{
      rd_kafka_NewTopic_new(name.c_str(), partitions, replication, text.data(), text.size())};
  if (!topic) throw core::Broken(core::Breakage::io, name + ": " + text.data());
  for (const auto& [setting, value] : settings) {
    rd_kafka_NewTopic_set_config(topic.get(), setting.c_str(), value.c_str());
  }
  return topic;
}

void send_creation(const Cluster& cluster, std::span<rd_kafka_NewTopic_t*> topics) {
  const Client& client = cluster.client();
  const Queue queue{rd_kafka_queue_new(client.get())};
  rd_kafka_CreateTopics(client.get(), topics.data(), topics.size(), nullptr, queue.get());
  const auto patience = static_cast<int>(cluster.settings().patience.count());
  const Event event{rd_kafka_queue_poll(queue.get(), 2 * patience)};
  if (!event) throw client.broken("creating the topics", RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const auto error = rd_kafka_event_error(event.get()))
    throw client.broken("creating the topics", error);
  std::size_t count = 0;
  const auto* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (const rd_kafka_topic_result_t* result : std::span{results, count}) {
    const auto error = rd_kafka_topic_result_error(result);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
      continue;
    const std::string name = rd_kafka_topic_result_name(result);
    if (const auto right = missing_right(error, cluster.settings().topic_prefix))
      throw core::Broken(core::Breakage::io, "creating the topic " + name + ": " + *right);
    const char* why = rd_kafka_topic_result_error_string(result);
    throw core::Broken(
        core::Breakage::io,
        "creating the topic " + name + ": " + (why == nullptr ? rd_kafka_err2str(error) : why));
  }
}

void create_topics(const Cluster& cluster,
                   const Cluster::Layout& layout,
                   std::int32_t log_partitions,
                   const TopicSettings& wanted) {
  const std::int32_t replication = wanted.replication > 0
                                       ? wanted.replication
                                       : std::clamp(layout.brokers, 1, kReplicationWanted);
  std::vector<NewTopic> topics;
  std::vector<rd_kafka_NewTopic_t*> handles;
  for (const InternalTopic topic : kInternalTopics) {
    if (layout.partitions[static_cast<std::size_t>(topic)]) continue;
    topics.push_back(new_topic(cluster.name(topic),
                               partitions_of(topic, log_partitions),
                               replication,
                               settings_of(topic, replication, wanted.overrides)));
    handles.push_back(topics.back().get());
  }
  for (const std::string& name : cluster.settings().outbound_topics) {
    if (layout.outbound.contains(name)) continue;
    topics.push_back(new_topic(name, log_partitions, replication, for_others(replication)));
    handles.push_back(topics.back().get());
  }
  if (!handles.empty()) send_creation(cluster, handles);
}

// The brokers answer before all of them know the topics and each partition has a leader.
Cluster::Layout await_topics(const Cluster& cluster) {
  const Waiting waiting{cluster.settings(), 3};
  while (true) {
    const Cluster::Layout layout = cluster.layout();
    const bool all = std::all_of(layout.partitions.begin(),
                                 layout.partitions.end(),
                                 [](const auto& partitions) { return partitions.has_value(); });
    const bool outbound = layout.outbound.size() == cluster.settings().outbound_topics.size();
    if (all && outbound && layout.has_leaders) return layout;
    if (waiting.is_over())
      throw cluster.client().broken("waiting for the new topics", RD_KAFKA_RESP_ERR__TIMED_OUT);
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

void check_partitions(const Cluster& cluster,
                      const Cluster::Layout& layout,
                      std::int32_t log_partitions) {
  for (const InternalTopic topic : kInternalTopics) {
    const auto partitions = layout.partitions[static_cast<std::size_t>(topic)];
    const std::int32_t wanted = partitions_of(topic, log_partitions);
    if (!partitions || *partitions == wanted) continue;
    throw core::Broken(core::Breakage::log_mismatch,
                       cluster.name(topic) + ": has " + std::to_string(*partitions) +
                           " partitions, not " + std::to_string(wanted) +
                           "; their number never changes");
  }
}

void write_genesis(TransactionalProducer& producer, const ports::LogIdentity& log) {
  const std::string value = genesis_value(log);
  std::vector<Outgoing> records;
  for (const InternalTopic topic : kLogTopics) {
    for (std::int32_t number = 0; number < partitions_of(topic, log.partitions); ++number) {
      records.push_back({topic, number, ports::kGenesisKey, value});
    }
  }
  const auto result = producer.append(records);
  if (result.outcome == TransactionalProducer::Outcome::committed) return;
  if (result.is_superseded) {
    throw core::Broken(core::Breakage::locked,
                       "somebody else makes the topics at the same time; look again");
  }
  throw core::Broken(result.kind, "writing the genesis: " + result.why);
}

}  // namespace

// The producer is opened only where there is no log: it would fence the writer of one. Opening it
// decides what another creation has begun, so what there is must be looked at again.
void KafkaLog::create(const Settings& settings,
                      std::int32_t partitions,
                      ports::Incarnation incarnation,
                      const TopicSettings& topics) {
  core::expects(partitions >= 1 && partitions <= ports::kPartitionsMax,
                "a log has 1 to 1024 partitions");
  const auto cluster = std::make_shared<Cluster>(settings);
  const Cluster::Layout layout = cluster->layout();
  check_partitions(*cluster, layout, partitions);
  create_topics(*cluster, layout, partitions, topics);
  check_partitions(*cluster, await_topics(*cluster), partitions);
  if (look(cluster).is_complete) return;
  TransactionalProducer producer{*cluster};
  const Found found = look(cluster);
  if (found.is_complete) return;
  if (found.log) {
    throw core::Broken(core::Breakage::log_mismatch,
                       "Kafka at " + settings.brokers + ": some partitions of " +
                           settings.topic_prefix + " have lost their genesis; a topic was made " +
                           "again");
  }
  write_genesis(producer, {incarnation, partitions});
  static_cast<void>(look(cluster));  // Returns when the genesis can be read.
}

}  // namespace infra::log_kafka
