#include "tools/bench/bare_consumer.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tools/bench/measuring.h"

namespace bench {
namespace {

constexpr std::size_t kBatch = 10'000;
constexpr int kBatchMilliseconds = 5;  // it waits so long where fewer have come
constexpr double kPatienceSeconds = 60;

rd_kafka_t* consumer(const std::string& brokers) {
  std::array<char, 512> text{};
  rd_kafka_conf_t* config = rd_kafka_conf_new();
  for (const auto& [name, value] : {std::pair{"bootstrap.servers", brokers.c_str()},
                                    {"group.id", "bench"},  // It is never joined.
                                    {"isolation.level", "read_committed"},
                                    {"check.crcs", "true"},
                                    {"enable.partition.eof", "true"},
                                    {"enable.auto.commit", "false"},
                                    {"enable.auto.offset.store", "false"},
                                    {"fetch.wait.max.ms", "100"},
                                    {"queued.min.messages", "1000000"},
                                    {"fetch.message.max.bytes", "4194304"}}) {
    if (rd_kafka_conf_set(config, name, value, text.data(), text.size()) != RD_KAFKA_CONF_OK)
      throw std::runtime_error(text.data());
  }
  rd_kafka_t* made = rd_kafka_new(RD_KAFKA_CONSUMER, config, text.data(), text.size());
  if (made == nullptr) throw std::runtime_error(text.data());
  rd_kafka_poll_set_consumer(made);
  return made;
}

// Otherwise the first message waits half a second for what the client does not know.
void prefetch_metadata(rd_kafka_t* client, const std::string& topic) {
  constexpr int kMilliseconds = 10'000;
  rd_kafka_topic_t* handle = rd_kafka_topic_new(client, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto error = rd_kafka_metadata(client, 0, handle, &metadata, kMilliseconds);
  rd_kafka_topic_destroy(handle);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(error));
  rd_kafka_metadata_destroy(metadata);
}

}  // namespace

std::int64_t consume_all(const std::string& brokers,
                         const std::string& topic,
                         std::int32_t partitions) {
  const std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> client{consumer(brokers),
                                                                        rd_kafka_destroy};
  prefetch_metadata(client.get(), topic);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  const auto error = rd_kafka_assign(client.get(), list);
  rd_kafka_topic_partition_list_destroy(list);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(error));
  const std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> queue{
      rd_kafka_queue_get_consumer(client.get()), rd_kafka_queue_destroy};
  std::vector<rd_kafka_message_t*> messages(kBatch);
  std::int64_t count = 0;
  Stopwatch since_last;
  for (std::int32_t left = partitions; left > 0;) {
    const ssize_t came = rd_kafka_consume_batch_queue(
        queue.get(), kBatchMilliseconds, messages.data(), messages.size());
    if (came > 0) since_last = Stopwatch{};
    if (came < 0 || since_last.wall() > kPatienceSeconds)
      throw std::runtime_error("the bare consumer: nothing comes");
    for (ssize_t at = 0; at < came; ++at) {
      rd_kafka_message_t* message = messages[static_cast<std::size_t>(at)];
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++count;
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) --left;
      rd_kafka_message_destroy(message);
    }
  }
  return count;
}

}  // namespace bench
