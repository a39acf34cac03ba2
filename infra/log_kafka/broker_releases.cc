#include "infra/log_kafka/broker_releases.h"

#include <set>
#include <span>
#include <string_view>

namespace infra::log_kafka {
namespace {

constexpr std::string_view kSetting = "inter.broker.protocol.version";

// By one broker's answer.
std::string said_by(const rd_kafka_ConfigResource_t* answer) {
  if (const auto error = rd_kafka_ConfigResource_error(answer)) {
    return error == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED
               ? "not known (this user lacks the ACL DescribeConfigs on the cluster)"
               : std::string{"not known ("} + rd_kafka_err2str(error) + ')';
  }
  std::optional<ProtocolSetting> setting;
  std::size_t count = 0;
  const auto* entries = rd_kafka_ConfigResource_configs(answer, &count);
  for (const rd_kafka_ConfigEntry_t* entry : std::span{entries, count}) {
    const char* value = rd_kafka_ConfigEntry_value(entry);
    if (rd_kafka_ConfigEntry_name(entry) == kSetting && value != nullptr)
      setting = {value, rd_kafka_ConfigEntry_is_default(entry) == 1};
  }
  return release_by(setting);
}

// librdkafka takes one broker a request, and sends it to that one.
void ask(const Cluster& cluster, std::int32_t broker, const Queue& queue) {
  const std::string name = std::to_string(broker);
  const ConfigResource resource{
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, name.c_str())};
  rd_kafka_ConfigResource_t* resources = resource.get();
  rd_kafka_DescribeConfigs(cluster.client().get(), &resources, 1, nullptr, queue.get());
}

}  // namespace

std::string release_by(const std::optional<ProtocolSetting>& setting) {
  if (!setting) return "4.0 or newer";
  const std::string release = setting->value.substr(0, setting->value.find('-'));
  return setting->is_default ? release : release + " or newer";
}

std::string broker_releases(const Cluster& cluster) {
  const int patience = static_cast<int>(cluster.settings().patience.count());
  const rd_kafka_metadata_t* told = nullptr;
  const auto error = rd_kafka_metadata(cluster.client().get(), 0, nullptr, &told, patience);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw cluster.client().broken("no answer", error);
  const Metadata metadata{told};
  const Queue queue{rd_kafka_queue_new(cluster.client().get())};
  for (const rd_kafka_metadata_broker& broker :
       std::span{metadata->brokers, static_cast<std::size_t>(metadata->broker_cnt)})
    ask(cluster, broker.id, queue);
  std::set<std::string> releases;
  for (int left = metadata->broker_cnt; left > 0; --left) {
    const Event event{rd_kafka_queue_poll(queue.get(), patience)};
    std::size_t count = 0;
    const auto* result = event ? rd_kafka_event_DescribeConfigs_result(event.get()) : nullptr;
    const auto* answers =
        result == nullptr ? nullptr : rd_kafka_DescribeConfigs_result_resources(result, &count);
    releases.insert(count == 1 ? said_by(answers[0]) : "not known (no answer)");
  }
  std::string text;
  for (const std::string& release : releases) text += (text.empty() ? "release " : ", ") + release;
  return text;
}

}  // namespace infra::log_kafka
