#include "tests/kafka/foreign.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "tests/kafka/broker.h"

namespace testing_kafka {
namespace {

constexpr int kPatience = 15'000;  // milliseconds
using Clock = std::chrono::steady_clock;
using Options = std::vector<std::pair<const char*, std::string>>;
using Client = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;

Client client(rd_kafka_type_t type, const Options& options = {}) {
  std::array<char, 512> text{};
  rd_kafka_conf_t* config = rd_kafka_conf_new();
  rd_kafka_conf_set(config, "bootstrap.servers", brokers().c_str(), text.data(), text.size());
  rd_kafka_conf_set(config, "log_level", "0", text.data(), text.size());
  for (const auto& [name, value] : options) {
    if (rd_kafka_conf_set(config, name, value.c_str(), text.data(), text.size()) !=
        RD_KAFKA_CONF_OK)
      throw std::runtime_error(text.data());
  }
  return {rd_kafka_new(type, config, text.data(), text.size()), rd_kafka_destroy};
}

void check(rd_kafka_resp_err_t error) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2name(error));
}

// Whether every partition of the topic has a leader; nothing: there is no such topic.
std::optional<bool> has_leaders(rd_kafka_t* client, const std::string& topic) {
  rd_kafka_topic_t* handle = rd_kafka_topic_new(client, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto error = rd_kafka_metadata(client, 0, handle, &metadata, kPatience);
  rd_kafka_topic_destroy(handle);
  check(error);
  std::optional<bool> found;
  if (metadata->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    found = true;
    for (int at = 0; at < metadata->topics[0].partition_cnt; ++at) {
      if (metadata->topics[0].partitions[at].leader < 0) found = false;
    }
  }
  rd_kafka_metadata_destroy(metadata);
  return found;
}

void await_leaders(rd_kafka_t* client, const std::string& topic, std::optional<bool> wanted) {
  const auto deadline = Clock::now() + std::chrono::milliseconds{kPatience};
  while (has_leaders(client, topic) != wanted) {
    if (Clock::now() > deadline) throw std::runtime_error("the topic does not come, or go");
  }
}

// Returns when the brokers have it.
void send(rd_kafka_t* producer,
          const std::string& topic,
          std::int32_t partition,
          const std::string& key,
          std::string value) {
  rd_kafka_topic_t* handle = rd_kafka_topic_new(producer, topic.c_str(), nullptr);
  const int result = rd_kafka_produce(handle,
                                      partition,
                                      RD_KAFKA_MSG_F_COPY,
                                      value.data(),
                                      value.size(),
                                      key.data(),
                                      key.size(),
                                      nullptr);
  rd_kafka_topic_destroy(handle);
  if (result != 0) check(rd_kafka_last_error());
  check(rd_kafka_flush(producer, kPatience));
}

}  // namespace

void make_topic(const std::string& topic, std::int32_t partitions) {
  const Client admin = client(RD_KAFKA_PRODUCER);
  rd_kafka_NewTopic_t* made = rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, nullptr, 0);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.get());
  rd_kafka_CreateTopics(admin.get(), &made, 1, nullptr, queue);
  rd_kafka_event_destroy(rd_kafka_queue_poll(queue, kPatience));
  rd_kafka_queue_destroy(queue);
  rd_kafka_NewTopic_destroy(made);
  await_leaders(admin.get(), topic, true);
}

void delete_topic(const std::string& topic) {
  const Client admin = client(RD_KAFKA_PRODUCER);
  rd_kafka_DeleteTopic_t* gone = rd_kafka_DeleteTopic_new(topic.c_str());
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.get());
  rd_kafka_DeleteTopics(admin.get(), &gone, 1, nullptr, queue);
  rd_kafka_event_destroy(rd_kafka_queue_poll(queue, kPatience));
  rd_kafka_queue_destroy(queue);
  rd_kafka_DeleteTopic_destroy(gone);
  await_leaders(admin.get(), topic, std::nullopt);
}

void add_partitions(const std::string& topic, std::int32_t partitions) {
  const Client admin = client(RD_KAFKA_PRODUCER);
  rd_kafka_NewPartitions_t* more =
      rd_kafka_NewPartitions_new(topic.c_str(), static_cast<std::size_t>(partitions), nullptr, 0);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.get());
  rd_kafka_CreatePartitions(admin.get(), &more, 1, nullptr, queue);
  rd_kafka_event_destroy(rd_kafka_queue_poll(queue, kPatience));
  rd_kafka_queue_destroy(queue);
  rd_kafka_NewPartitions_destroy(more);
  await_leaders(admin.get(), topic, true);
}

void delete_records(const std::string& topic, std::int32_t partition, std::int64_t offset) {
  const Client admin = client(RD_KAFKA_PRODUCER);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
  rd_kafka_DeleteRecords_t* before = rd_kafka_DeleteRecords_new(list);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.get());
  rd_kafka_DeleteRecords(admin.get(), &before, 1, nullptr, queue);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kPatience);
  const auto error = rd_kafka_event_error(event);
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_DeleteRecords_destroy(before);
  rd_kafka_topic_partition_list_destroy(list);
  check(error);
}

void produce(const std::string& topic,
             std::int32_t partition,
             const std::string& key,
             const std::string& value) {
  const Client producer = client(RD_KAFKA_PRODUCER);
  send(producer.get(), topic, partition, key, value);
}

void copy_first_records(const std::string& from, const std::string& to, std::int32_t partitions) {
  make_topic(to, partitions);
  const Client consumer = client(RD_KAFKA_CONSUMER);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), from.c_str(), nullptr);
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    rd_kafka_consume_start(topic, partition, 0);
    rd_kafka_message_t* message = rd_kafka_consume(topic, partition, kPatience);
    ASSERT_NE(message, nullptr);
    const std::string key{static_cast<const char*>(message->key), message->key_len};
    const std::string value{static_cast<const char*>(message->payload), message->len};
    rd_kafka_message_destroy(message);
    rd_kafka_consume_stop(topic, partition);
    produce(to, partition, key, value);
  }
  rd_kafka_topic_destroy(topic);
}

struct ForeignTransaction::Producer {
  Client client;
};

namespace {

std::string name_of(rd_kafka_error_t* error) {
  if (error == nullptr) return {};
  std::string name = rd_kafka_error_name(error);
  rd_kafka_error_destroy(error);
  return name;
}

void check(rd_kafka_error_t* error) {
  const std::string name = name_of(error);
  if (!name.empty()) throw std::runtime_error(name);
}

}  // namespace

ForeignTransaction::ForeignTransaction(const std::string& transactional_id)
    : producer_(new Producer{client(RD_KAFKA_PRODUCER, {{"transactional.id", transactional_id}})}) {
  check(rd_kafka_init_transactions(producer_->client.get(), kPatience));
  begin();
}

ForeignTransaction::ForeignTransaction(const std::string& transactional_id,
                                       const std::string& address)
    : producer_(new Producer{client(RD_KAFKA_PRODUCER,
                                    {{"transactional.id", transactional_id},
                                     {"bootstrap.servers", address},
                                     {"socket.timeout.ms", "2000"}})}) {
  check(rd_kafka_init_transactions(producer_->client.get(), kPatience));
  begin();
}

ForeignTransaction::~ForeignTransaction() = default;

void ForeignTransaction::produce(const std::string& topic,
                                 std::int32_t partition,
                                 const std::string& key) {
  send(producer_->client.get(), topic, partition, key, "v");
}

std::string ForeignTransaction::commit() {
  return name_of(rd_kafka_commit_transaction(producer_->client.get(), -1));
}

void ForeignTransaction::begin() { check(rd_kafka_begin_transaction(producer_->client.get())); }

void ForeignTransaction::try_abort() {
  static_cast<void>(name_of(rd_kafka_abort_transaction(producer_->client.get(), kPatience)));
}

void ForeignTransaction::abort() {
  check(rd_kafka_abort_transaction(producer_->client.get(), kPatience));
}

}  // namespace testing_kafka
