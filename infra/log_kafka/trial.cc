#include "infra/log_kafka/trial.h"

#include <optional>

#include "domain/core/broken.h"

namespace infra::log_kafka {
namespace {

using WallClock = std::chrono::system_clock;

std::chrono::milliseconds now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(WallClock::now().time_since_epoch());
}

void expect(const Client& client, const Error& error, const std::string& what) {
  if (error) throw client.broken(what, rd_kafka_error_code(error.get()));
}

}  // namespace

std::chrono::milliseconds try_transaction(const Cluster& cluster) {
  std::optional<std::chrono::milliseconds> given;
  rd_kafka_resp_err_t delivery = RD_KAFKA_RESP_ERR__TIMED_OUT;
  const Client client{RD_KAFKA_PRODUCER,
                      cluster.settings(),
                      {.defaults = {{"transaction.timeout.ms", "10000"},
                                    {"message.timeout.ms", "5000"},
                                    {"linger.ms", "0"}},
                       .fixed = {{"transactional.id", cluster.settings().topic_prefix + ".doctor"},
                                 {"enable.idempotence", "true"}}},
                      [&](const rd_kafka_message_t& message) {
                        delivery = message.err;
                        given.emplace(rd_kafka_message_timestamp(&message, nullptr));
                      }};
  const auto patience = static_cast<int>(cluster.settings().patience.count());
  expect(client,
         Error{rd_kafka_init_transactions(client.get(), patience)},
         "a transaction under the id " + cluster.settings().topic_prefix + ".doctor");
  expect(client, Error{rd_kafka_begin_transaction(client.get())}, "beginning a transaction");
  const std::string name = cluster.name(InternalTopic::writer);
  const TopicHandle topic = client.topic(name);
  const auto before = now();
  if (rd_kafka_produce(topic.get(),
                       0,
                       RD_KAFKA_MSG_F_COPY,
                       const_cast<char*>(""),  // It is copied; none would be a tombstone.
                       0,
                       ports::kTickKey.data(),
                       ports::kTickKey.size(),
                       nullptr) != 0)
    throw client.broken("a tick for " + name, rd_kafka_last_error());
  rd_kafka_flush(client.get(), 2 * patience);
  const auto after = now();
  const Error aborted{rd_kafka_abort_transaction(client.get(), patience)};
  if (delivery != RD_KAFKA_RESP_ERR_NO_ERROR) throw client.broken("a tick for " + name, delivery);
  expect(client, aborted, "aborting a transaction");
  if (*given < before) return *given - before;
  return std::max(*given - after, std::chrono::milliseconds{0});
}

}  // namespace infra::log_kafka
