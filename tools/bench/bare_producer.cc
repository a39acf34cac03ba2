#include "tools/bench/bare_producer.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <map>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr int kPatienceMilliseconds = 30'000;
constexpr int kFullQueueMilliseconds = 10;

void check(rd_kafka_error_t* error) {
  if (error == nullptr) return;
  const std::string text = rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
  throw std::runtime_error("the bare producer: " + text);
}

void ignore(rd_kafka_t*, const rd_kafka_message_t*, void*) {}

}  // namespace

struct BareProducer::Client {
  ~Client() {
    for (const auto& [name, topic] : topics) rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(handle);
  }
  rd_kafka_topic_t* topic(const std::string& name) {
    rd_kafka_topic_t*& known = topics[name];
    if (known == nullptr) known = rd_kafka_topic_new(handle, name.c_str(), nullptr);
    return known;
  }

  rd_kafka_t* handle = nullptr;
  std::map<std::string, rd_kafka_topic_t*> topics;
};

BareProducer::BareProducer(const std::string& brokers, const std::string& transactional_id) {
  std::array<char, 512> text{};
  rd_kafka_conf_t* config = rd_kafka_conf_new();
  for (const auto& [name, value] : {std::pair{"bootstrap.servers", brokers.c_str()},
                                    {"transactional.id", transactional_id.c_str()},
                                    {"linger.ms", "1"},
                                    {"compression.codec", "lz4"},
                                    {"queue.buffering.max.messages", "1000000"}}) {
    if (rd_kafka_conf_set(config, name, value, text.data(), text.size()) != RD_KAFKA_CONF_OK)
      throw std::runtime_error(text.data());
  }
  rd_kafka_conf_set_dr_msg_cb(config, ignore);  // A commit polls in steps of 10 ms otherwise.
  rd_kafka_t* handle = rd_kafka_new(RD_KAFKA_PRODUCER, config, text.data(), text.size());
  if (handle == nullptr) throw std::runtime_error(text.data());
  client_ = std::make_unique<Client>();
  client_->handle = handle;
  check(rd_kafka_init_transactions(handle, kPatienceMilliseconds));
}

BareProducer::~BareProducer() = default;

void BareProducer::append(std::span<const BareRecord> records) {
  rd_kafka_t* handle = client_->handle;
  check(rd_kafka_begin_transaction(handle));
  for (const BareRecord& record : records) {
    while (rd_kafka_produce(client_->topic(record.topic),
                            record.partition,
                            RD_KAFKA_MSG_F_COPY,
                            const_cast<char*>(record.value.data()),  // It is copied.
                            record.value.size(),
                            record.key.data(),
                            record.key.size(),
                            nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        throw std::runtime_error(rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(handle, kFullQueueMilliseconds);
    }
  }
  check(rd_kafka_commit_transaction(handle, kPatienceMilliseconds));
}

}  // namespace bench
