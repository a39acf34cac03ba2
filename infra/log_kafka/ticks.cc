#include "infra/log_kafka/ticks.h"

#include <charconv>
#include <span>

#include "infra/log_kafka/plain_append.h"

namespace infra::log_kafka {

void append_ticks(const Cluster& cluster, InternalTopic topic, std::int32_t partitions) {
  std::vector<PlainRecord> ticks;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    ticks.push_back({partition, ports::kTickKey, ""});
  }
  append_plainly(cluster, topic, ticks);
}

std::chrono::milliseconds tick_interval(const Cluster& cluster, InternalTopic topic) {
  const Client& client = cluster.client();
  const std::string name = cluster.name(topic);
  const std::string what = "the settings of " + name;
  const ConfigResource asked{rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str())};
  rd_kafka_ConfigResource_t* asked_of = asked.get();
  const Queue queue{rd_kafka_queue_new(client.get())};
  rd_kafka_DescribeConfigs(client.get(), &asked_of, 1, nullptr, queue.get());
  const auto patience = static_cast<int>(cluster.settings().patience.count());
  const Event event{rd_kafka_queue_poll(queue.get(), patience)};
  if (!event) throw client.broken(what, RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const auto error = rd_kafka_event_error(event.get())) throw client.broken(what, error);
  std::size_t count = 0;
  const auto** resources = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  if (count == 0) throw client.broken(what, RD_KAFKA_RESP_ERR__NOENT);
  if (const auto error = rd_kafka_ConfigResource_error(*resources))
    throw client.broken(what, error);
  std::size_t settings = 0;
  const auto** entries = rd_kafka_ConfigResource_configs(*resources, &settings);
  for (const rd_kafka_ConfigEntry_t* entry : std::span{entries, settings}) {
    if (std::string_view{rd_kafka_ConfigEntry_name(entry)} != "segment.ms") continue;
    const std::string_view value{rd_kafka_ConfigEntry_value(entry)};
    std::int64_t milliseconds = 0;
    std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    if (milliseconds > 0) return std::chrono::milliseconds{milliseconds};
  }
  throw client.broken(what, RD_KAFKA_RESP_ERR__NOENT);
}

}  // namespace infra::log_kafka
