#include "infra/log_kafka/ticks.h"

namespace infra::log_kafka {

void append_ticks(const Cluster& cluster, InternalTopic topic, std::int32_t partitions) {
  std::int32_t arrived = 0;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__TIMED_OUT;
  const Client client{RD_KAFKA_PRODUCER,
                      cluster.settings(),
                      {.defaults = {{"message.timeout.ms", "12000"}, {"linger.ms", "0"}},
                       .fixed = {{"enable.idempotence", "true"}}},
                      [&](const rd_kafka_message_t& message) {
                        if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR)
                          ++arrived;
                        else
                          error = message.err;
                      }};
  const std::string name = cluster.name(topic);
  const TopicHandle handle = client.topic(name);
  const auto patience = static_cast<int>(cluster.settings().patience.count());
  const rd_kafka_metadata_t* answer = nullptr;
  error = rd_kafka_metadata(client.get(), 0, handle.get(), &answer, patience);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client.broken("no answer", error);
  const Metadata metadata{answer};
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    if (rd_kafka_produce(handle.get(),
                         partition,
                         RD_KAFKA_MSG_F_COPY,
                         const_cast<char*>(""),  // It is copied; none would be a tombstone.
                         0,
                         ports::kTickKey.data(),
                         ports::kTickKey.size(),
                         nullptr) != 0)
      throw client.broken("a tick for " + name, rd_kafka_last_error());
  }
  rd_kafka_flush(client.get(), 2 * patience);
  if (arrived < partitions) throw client.broken("ticks for " + name, error);
}

}  // namespace infra::log_kafka
