#include "infra/log_kafka/client.h"

#include <array>
#include <string_view>

#include "domain/core/expects.h"
#include "infra/log_kafka/kafka_log.h"
#include "infra/log_kafka/rights.h"

namespace infra::log_kafka {
namespace {

constexpr std::size_t kTextBytes = 512;
constexpr std::int16_t kEndTransaction = 26;  // the number of EndTxn in Kafka's protocol
constexpr int kWarning = 4;                   // as syslog counts
// A consumer says of each producer's property that it has no use for it: no cause of anything.
constexpr std::string_view kAboutProperties = "CONFWARN";

// With `Set` of a client or of a topic.
template <auto Set, class Config>
void set_all(Config* config, const Properties& properties) {
  for (const auto& [name, value] : properties) {
    if (Set(config, name.c_str(), value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK) continue;
    // What librdkafka says repeats the value, which may be a password.
    throw core::Broken(core::Breakage::io,
                       "the Kafka client does not take the property " + name + " as it is set");
  }
}

void set(rd_kafka_conf_t* config, const Properties& properties) {
  set_all<rd_kafka_conf_set>(config, properties);
}

core::Breakage kind_of(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION: return core::Breakage::io;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC: return core::Breakage::log_mismatch;
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION: return core::Breakage::corrupt;
    default: return core::Breakage::broker_unavailable;
  }
}

rd_kafka_resp_err_t on_request_sent(rd_kafka_t*,
                                    int,
                                    const char*,
                                    std::int32_t,
                                    std::int16_t request,
                                    std::int16_t,
                                    std::int32_t,
                                    std::size_t,
                                    void* count) {
  if (request == kEndTransaction) ++*static_cast<std::atomic<int>*>(count);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace

std::string client_version() { return rd_kafka_version_str(); }

Client::Client(rd_kafka_type_t type,
               const Settings& settings,
               const ClientProperties& properties,
               OnDelivery on_delivery,
               OnRebalance on_rebalance)
    : brokers_(settings.brokers),
      topic_prefix_(settings.topic_prefix),
      on_delivery_(std::move(on_delivery)),
      on_rebalance_(std::move(on_rebalance)),
      log_(settings.log) {
  Config config = configured(settings, properties);
  std::array<char, kTextBytes> text{};
  handle_.reset(rd_kafka_new(type, config.get(), text.data(), text.size()));
  if (!handle_) {
    throw core::Broken(core::Breakage::io,
                       "the Kafka client cannot be started: " + std::string{text.data()});
  }
  static_cast<void>(config.release());  // It belongs to the client now.
}

Config Client::configured(const Settings& settings, const ClientProperties& properties) {
  Config config{rd_kafka_conf_new()};
  set(config.get(),
      {{"client.id", "kartei"},
       {"allow.auto.create.topics", "false"},
       {"reconnect.backoff.max.ms", "1000"}});  // Ten seconds otherwise: longer than our patience.
  set(config.get(), properties.defaults);
  set(config.get(), settings.properties);
  set(config.get(), {{"bootstrap.servers", settings.brokers}});
  for (const auto& [name, value] : properties.fixed) {
    core::expects(is_kept(name), "an operator is told of every property that has no effect");
  }
  set(config.get(), properties.fixed);
  rd_kafka_conf_set_opaque(config.get(), this);
  rd_kafka_conf_set_log_cb(config.get(), on_log);
  if (on_delivery_) rd_kafka_conf_set_dr_msg_cb(config.get(), Client::on_delivery);
  if (on_rebalance_) rd_kafka_conf_set_rebalance_cb(config.get(), Client::on_rebalance);
  rd_kafka_conf_interceptor_add_on_new(config.get(), "kartei", on_new, this);
  return config;
}

rd_kafka_resp_err_t Client::on_new(
    rd_kafka_t* client, const rd_kafka_conf_t*, void* self, char*, std::size_t) {
  return rd_kafka_interceptor_add_on_request_sent(
      client, "kartei", on_request_sent, &static_cast<Client*>(self)->end_transaction_requests_);
}

void Client::on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  if (std::string_view{facility} == kAboutProperties) return;
  auto* self = static_cast<Client*>(rd_kafka_opaque(client));
  if (self->log_) self->log_(std::string{"librdkafka "} + facility + ": " + text);
  if (level > kWarning) return;
  const std::lock_guard lock{self->mutex_};
  self->last_words_ = text;
}

void Client::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
  static_cast<Client*>(self)->on_delivery_(*message);
}

void Client::on_rebalance(rd_kafka_t*,
                          rd_kafka_resp_err_t what,
                          rd_kafka_topic_partition_list_t* partitions,
                          void* self) {
  static_cast<Client*>(self)->on_rebalance_(what, partitions);
}

TopicHandle Client::topic(const std::string& name, const Properties& properties) const {
  TopicConfig config;
  if (!properties.empty()) {
    config.reset(rd_kafka_default_topic_conf_dup(handle_.get()));
    set_all<rd_kafka_topic_conf_set>(config.get(), properties);
  }
  TopicHandle topic{rd_kafka_topic_new(handle_.get(), name.c_str(), config.release())};
  if (!topic) throw broken("the topic " + name, rd_kafka_last_error());
  return topic;
}

core::Broken Client::broken(const std::string& what, rd_kafka_resp_err_t error) const {
  std::string text = "Kafka at " + brokers_ + ": " + what + ": " + rd_kafka_err2str(error);
  const std::lock_guard lock{mutex_};
  if (!last_words_.empty()) text += " (" + last_words_ + ')';
  if (const auto right = missing_right(error, topic_prefix_)) text += "; " + *right;
  return core::Broken(kind_of(error), text);
}

}  // namespace infra::log_kafka
