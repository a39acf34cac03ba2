#include "infra/log_kafka/group_offsets.h"

namespace infra::log_kafka {
namespace {

// A commit waits for the group's coordinator as long as a member could be away.
constexpr const char* kSessionMilliseconds = "10000";

// librdkafka goes on looking for a group's coordinator where the brokers refuse to name it, until
// our time is over; why they do it says beside the answer.
rd_kafka_resp_err_t reason(const Client& client, rd_kafka_resp_err_t error) {
  if (error != RD_KAFKA_RESP_ERR__TIMED_OUT && error != RD_KAFKA_RESP_ERR__WAIT_COORD) return error;
  const Message message{rd_kafka_consumer_poll(client.get(), 0)};
  return message && message->err != RD_KAFKA_RESP_ERR_NO_ERROR ? message->err : error;
}

}  // namespace

GroupOffsets::GroupOffsets(const Cluster& cluster, std::string_view group, std::string topic)
    : group_(cluster.settings().topic_prefix + '.' + std::string{group}),
      topic_(std::move(topic)),
      patience_(static_cast<int>(cluster.settings().patience.count())),
      client_(RD_KAFKA_CONSUMER,
              cluster.settings(),
              {.defaults = {{"socket.timeout.ms", "10000"},
                            {"session.timeout.ms", kSessionMilliseconds}},
               .fixed = {{"group.id", group_}, {"enable.auto.commit", "false"}}}) {}

std::vector<ports::Start> GroupOffsets::read(std::int32_t partitions) const {
  const PartitionList list{rd_kafka_topic_partition_list_new(partitions)};
  rd_kafka_topic_partition_list_add_range(list.get(), topic_.c_str(), 0, partitions - 1);
  const auto error = rd_kafka_committed(client_.get(), list.get(), patience_);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw client_.broken("the offsets of group " + group_, reason(client_, error));
  std::vector<ports::Start> starts;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    const auto* found = rd_kafka_topic_partition_list_find(list.get(), topic_.c_str(), partition);
    if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      throw client_.broken("the offsets of group " + group_, found->err);
    if (found->offset < 0) continue;  // none was committed
    starts.push_back({ports::Partition{partition}, ports::Offset{found->offset}});
  }
  return starts;
}

void GroupOffsets::write(std::span<const ports::Start> starts) const {
  if (starts.empty()) return;
  const PartitionList list{rd_kafka_topic_partition_list_new(static_cast<int>(starts.size()))};
  for (const ports::Start& start : starts) {
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), start.partition.get())->offset =
        start.offset.get();
  }
  const auto error = rd_kafka_commit(client_.get(), list.get(), 0);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw client_.broken("committing the offsets of group " + group_, reason(client_, error));
}

}  // namespace infra::log_kafka
