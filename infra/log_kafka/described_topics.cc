#include "infra/log_kafka/described_topics.h"

#include <algorithm>
#include <array>
#include <span>

#include "infra/log_kafka/rights.h"

namespace infra::log_kafka {
namespace {

constexpr std::int64_t kLatest = -1;  // ListOffsets: the end

int milliseconds(const Cluster& cluster) {
  return static_cast<int>(cluster.settings().patience.count());
}

std::string trouble_of(const Cluster& cluster, rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    return {};
  const auto right = missing_right(error, cluster.settings().topic_prefix);
  return right ? *right : rd_kafka_err2str(error);
}

// Fills in what the metadata says.
void take_layout(const Cluster& cluster,
                 const rd_kafka_metadata_topic_t& answer,
                 DescribedTopic& topic) {
  topic.trouble = trouble_of(cluster, answer.err);
  topic.partitions = answer.partition_cnt;
  if (answer.partition_cnt > 0) topic.replication = answer.partitions[0].replica_cnt;
  std::int32_t leaderless = 0;
  std::int32_t behind = 0;
  for (const auto& partition :
       std::span{answer.partitions, static_cast<std::size_t>(answer.partition_cnt)}) {
    leaderless += partition.leader < 0 ? 1 : 0;
    behind += partition.isr_cnt < partition.replica_cnt ? 1 : 0;
  }
  if (leaderless > 0) {
    topic.trouble =
        std::to_string(leaderless) + " partitions have no leader; start the brokers that are away";
  } else if (behind > 0) {
    topic.trouble = std::to_string(behind) +
                    " partitions lack a copy that is up to date; start the brokers that are away";
  }
}

// Fills in the settings, or why they are not to be had.
void take_settings(const Cluster& cluster, std::vector<DescribedTopic>& topics) {
  const Client& client = cluster.client();
  std::vector<rd_kafka_ConfigResource_t*> resources;
  for (const DescribedTopic& topic : topics) {
    if (topic.partitions == 0) continue;
    resources.push_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.name.c_str()));
  }
  if (resources.empty()) return;
  const Queue queue{rd_kafka_queue_new(client.get())};
  rd_kafka_DescribeConfigs(client.get(), resources.data(), resources.size(), nullptr, queue.get());
  rd_kafka_ConfigResource_destroy_array(resources.data(), resources.size());
  const Event event{rd_kafka_queue_poll(queue.get(), 2 * milliseconds(cluster))};
  if (!event) throw client.broken("the topics' settings", RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const auto error = rd_kafka_event_error(event.get()))
    throw client.broken("the topics' settings", error);
  std::size_t count = 0;
  const auto* answers = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  for (const rd_kafka_ConfigResource_t* answer : std::span{answers, count}) {
    const auto topic = std::find_if(topics.begin(), topics.end(), [&](const DescribedTopic& one) {
      return one.name == rd_kafka_ConfigResource_name(answer);
    });
    if (topic == topics.end()) continue;
    const std::string trouble = trouble_of(cluster, rd_kafka_ConfigResource_error(answer));
    if (!trouble.empty()) topic->trouble = trouble;
    std::size_t entries = 0;
    const auto* configs = rd_kafka_ConfigResource_configs(answer, &entries);
    for (const rd_kafka_ConfigEntry_t* entry : std::span{configs, entries}) {
      const char* value = rd_kafka_ConfigEntry_value(entry);
      if (value != nullptr) topic->settings[rd_kafka_ConfigEntry_name(entry)] = value;
    }
  }
}

}  // namespace

std::vector<DescribedTopic> describe_topics(const Cluster& cluster) {
  std::vector<DescribedTopic> topics;
  for (const InternalTopic topic : kInternalTopics) topics.push_back({.name = cluster.name(topic)});
  for (const std::string& name : cluster.settings().outbound_topics) {
    topics.push_back({.name = name, .internal = false});
  }
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error =
      rd_kafka_metadata(cluster.client().get(), 0, nullptr, &answer, milliseconds(cluster));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw cluster.client().broken("no answer", error);
  const Metadata metadata{answer};
  for (const auto& one :
       std::span{metadata->topics, static_cast<std::size_t>(metadata->topic_cnt)}) {
    for (DescribedTopic& topic : topics) {
      if (topic.name == one.topic) take_layout(cluster, one, topic);
    }
  }
  take_settings(cluster, topics);
  return topics;
}

std::vector<std::int64_t> written_ends(const Cluster& cluster,
                                       InternalTopic topic,
                                       std::int32_t partitions) {
  const Client client{RD_KAFKA_CONSUMER,
                      cluster.settings(),
                      {.defaults = {}, .fixed = {{"isolation.level", "read_uncommitted"}}}};
  const std::string name = cluster.name(topic);
  const PartitionList list{rd_kafka_topic_partition_list_new(partitions)};
  for (std::int32_t number = 0; number < partitions; ++number) {
    rd_kafka_topic_partition_list_add(list.get(), name.c_str(), number)->offset = kLatest;
  }
  const auto error = rd_kafka_offsets_for_times(client.get(), list.get(), milliseconds(cluster));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client.broken("the end of " + name, error);
  std::vector<std::int64_t> ends;
  for (std::int32_t number = 0; number < partitions; ++number) {
    const auto* answer = rd_kafka_topic_partition_list_find(list.get(), name.c_str(), number);
    if (answer->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      throw client.broken("the end of " + name, answer->err);
    ends.push_back(answer->offset);
  }
  return ends;
}

}  // namespace infra::log_kafka
