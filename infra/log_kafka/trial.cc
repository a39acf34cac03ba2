#include "infra/log_kafka/trial.h"

#include <algorithm>
#include <optional>

#include "domain/core/broken.h"

namespace infra::log_kafka {
namespace {

using WallClock = std::chrono::system_clock;

constexpr int kPollMilliseconds = 20;

std::chrono::milliseconds now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(WallClock::now().time_since_epoch());
}

void expect(const Client& client, const Error& error, const std::string& what) {
  if (error) throw client.broken(what, rd_kafka_error_code(error.get()));
}

// The tick on its way, and what the brokers said of it.
struct Tick {
  std::optional<rd_kafka_resp_err_t> error;  // none: they have not said anything yet
  std::chrono::milliseconds given{0};
};

// Waits for the tick, or for the error that makes the transaction of no use: the tick alone would
// only tell that it was thrown away.
void await(const Client& client, std::chrono::milliseconds patience, Tick& tick) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!tick.error && std::chrono::steady_clock::now() < deadline) {
    rd_kafka_poll(client.get(), kPollMilliseconds);
    const Error state{rd_kafka_begin_transaction(client.get())};  // Never begins: one is open.
    if (rd_kafka_error_txn_requires_abort(state.get()) != 0)
      tick.error = rd_kafka_error_code(state.get());
  }
}

}  // namespace

std::chrono::milliseconds try_transaction(const Cluster& cluster) {
  Tick tick;
  const Client client{
      RD_KAFKA_PRODUCER,
      cluster.settings(),
      {.defaults = {{"transaction.timeout.ms", "10000"},
                    {"message.timeout.ms", "5000"},
                    {"linger.ms", "0"}},
       .fixed = {{"transactional.id", cluster.settings().topic_prefix + ".doctor"},
                 {"enable.idempotence", "true"}}},
      [&](const rd_kafka_message_t& message) {
        if (tick.error) return;
        tick.error = message.err;
        tick.given = std::chrono::milliseconds{rd_kafka_message_timestamp(&message, nullptr)};
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
  await(client, 2 * cluster.settings().patience, tick);
  const auto after = now();
  const Error aborted{rd_kafka_abort_transaction(client.get(), patience)};
  const auto error = tick.error.value_or(RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client.broken("a tick for " + name, error);
  expect(client, aborted, "aborting a transaction");
  if (tick.given < before) return tick.given - before;
  return std::max(tick.given - after, std::chrono::milliseconds{0});
}

}  // namespace infra::log_kafka
