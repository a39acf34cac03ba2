#include "infra/log_kafka/group_offsets.h"

namespace infra::log_kafka {
namespace {

constexpr InternalTopic kTopic = InternalTopic::patient_history;

std::string group_id(const Cluster& cluster, std::string_view group) {
  return cluster.settings().topic_prefix + '.' + std::string{group};
}

Client member(const Cluster& cluster, std::string_view group) {
  return {RD_KAFKA_CONSUMER,
          cluster.settings(),
          {.defaults = {{"socket.timeout.ms", "10000"}},
           .fixed = {{"group.id", group_id(cluster, group)}, {"enable.auto.commit", "false"}}}};
}

// librdkafka goes on looking for a group's coordinator where the brokers refuse to name it, until
// our time is over; why they do it says beside the answer.
rd_kafka_resp_err_t reason(const Client& client, rd_kafka_resp_err_t error) {
  if (error != RD_KAFKA_RESP_ERR__TIMED_OUT && error != RD_KAFKA_RESP_ERR__WAIT_COORD) return error;
  const Message message{rd_kafka_consumer_poll(client.get(), 0)};
  return message && message->err != RD_KAFKA_RESP_ERR_NO_ERROR ? message->err : error;
}

}  // namespace

std::vector<ports::Start> read_group_offsets(const Cluster& cluster,
                                             std::string_view group,
                                             std::int32_t partitions) {
  const Client client = member(cluster, group);
  const std::string topic = cluster.name(kTopic);
  const PartitionList list{rd_kafka_topic_partition_list_new(partitions)};
  rd_kafka_topic_partition_list_add_range(list.get(), topic.c_str(), 0, partitions - 1);
  const auto patience = static_cast<int>(cluster.settings().patience.count());
  const auto error = rd_kafka_committed(client.get(), list.get(), patience);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw client.broken("the offsets of group " + group_id(cluster, group), reason(client, error));
  std::vector<ports::Start> starts;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    const auto* found = rd_kafka_topic_partition_list_find(list.get(), topic.c_str(), partition);
    if (found->offset < 0) continue;  // none was committed
    starts.push_back({ports::Partition{partition}, ports::Offset{found->offset}});
  }
  return starts;
}

void write_group_offsets(const Cluster& cluster,
                         std::string_view group,
                         std::span<const ports::Start> starts) {
  if (starts.empty()) return;
  const Client client = member(cluster, group);
  const std::string topic = cluster.name(kTopic);
  const PartitionList list{rd_kafka_topic_partition_list_new(static_cast<int>(starts.size()))};
  for (const ports::Start& start : starts) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), start.partition.get())->offset =
        start.offset.get();
  }
  const auto error = rd_kafka_commit(client.get(), list.get(), 0);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw client.broken("committing the offsets of group " + group_id(cluster, group),
                        reason(client, error));
}

}  // namespace infra::log_kafka
