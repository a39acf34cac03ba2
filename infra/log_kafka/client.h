#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "domain/core/broken.h"
#include "infra/log_kafka/handles.h"
#include "infra/log_kafka/settings.h"

namespace infra::log_kafka {

struct ClientProperties {
  Properties defaults;  // the operator may override these
  Properties fixed;     // and these not: our promises rest on them
};

// One instance of librdkafka: its connections, its threads, and what it last complained about.
class Client {
 public:
  using OnDelivery = std::function<void(const rd_kafka_message_t&)>;
  using OnRebalance =
      std::function<void(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions)>;

  // Throws core::Broken (io) on a property that librdkafka does not take. `on_delivery` is called
  // by the thread that waits for a producer, once for each message; `on_rebalance` by the one that
  // polls a member of a group, and must not throw.
  Client(rd_kafka_type_t type,
         const Settings& settings,
         const ClientProperties& properties,
         OnDelivery on_delivery = {},
         OnRebalance on_rebalance = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] rd_kafka_t* get() const { return handle_.get(); }
  // `properties` are of the topic alone. Throws core::Broken.
  [[nodiscard]] TopicHandle topic(const std::string& name, const Properties& properties = {}) const;

  // How many EndTxn requests went out so far.
  [[nodiscard]] int end_transaction_requests() const { return end_transaction_requests_; }

  // Ends it, threads and connections: nothing is sent afterwards.
  void shut_down() { handle_.reset(); }
  // The same for a member of a group that has left it, or waited long enough to: without asking
  // anyone.
  void abandon() {
    rd_kafka_destroy_flags(handle_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }

  // For a request that failed with `error`: what it was, where, and what the client complained
  // about last.
  [[nodiscard]] core::Broken broken(const std::string& what, rd_kafka_resp_err_t error) const;

 private:
  static void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text);
  static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* self);
  static void on_rebalance(rd_kafka_t* client,
                           rd_kafka_resp_err_t what,
                           rd_kafka_topic_partition_list_t* partitions,
                           void* self);
  static rd_kafka_resp_err_t on_new(rd_kafka_t* client,
                                    const rd_kafka_conf_t* config,
                                    void* self,
                                    char* text,
                                    std::size_t text_size);
  [[nodiscard]] Config configured(const Settings& settings, const ClientProperties& properties);

  std::string brokers_;
  std::string topic_prefix_;
  OnDelivery on_delivery_;
  OnRebalance on_rebalance_;
  std::function<void(std::string_view)> log_;
  std::atomic<int> end_transaction_requests_ = 0;
  mutable std::mutex mutex_;  // for the next one
  std::string last_words_;
  Handle handle_;  // last: its threads use what is above
};

}  // namespace infra::log_kafka
