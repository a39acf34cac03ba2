#include "infra/log_kafka/plain_append.h"

namespace infra::log_kafka {

void append_plainly(const Cluster& cluster,
                    InternalTopic topic,
                    std::span<const PlainRecord> records) {
  std::size_t arrived = 0;
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
  for (const PlainRecord& record : records) {
    if (rd_kafka_produce(handle.get(),
                         record.partition,
                         RD_KAFKA_MSG_F_COPY,
                         const_cast<char*>(record.value.data()),  // It is copied.
                         record.value.size(),
                         record.key.data(),
                         record.key.size(),
                         nullptr) != 0)
      throw client.broken("a record for " + name, rd_kafka_last_error());
  }
  rd_kafka_flush(client.get(), 2 * patience);
  if (arrived < records.size()) throw client.broken("records for " + name, error);
}

}  // namespace infra::log_kafka
