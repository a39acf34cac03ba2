#include <gtest/gtest.h>

#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"
#include "tests/kafka/proxy.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;
using ports::Topic;
using testing_logs::append;
using testing_logs::event;
using Keys = std::vector<std::string>;

constexpr std::int16_t kNoError = 0;

// The same log through the proxy, with less patience, so that the tests are short.
Settings through(const Proxy& proxy, Settings settings) {
  settings.brokers = proxy.address();
  settings.patience = std::chrono::milliseconds{3000};
  settings.properties = {{"message.timeout.ms", "4000"},
                         {"socket.timeout.ms", "2000"},
                         {"transaction.timeout.ms", "6000"}};
  return settings;
}

// KAFKA-17754, as a client that goes on with the same producer meets it. Should this fail one day,
// the brokers have learnt to tell an old request from a new one.
TEST(KafkaStrayCommit, DecidesTheNextTransactionOfAProducerThatGoesOn) {
  const Settings settings = with_log(1);
  Proxy proxy;
  ForeignTransaction producer{"goes-on", proxy.address()};
  const std::string topic = settings.topic_prefix + ".patient-events";
  producer.produce(topic, 0, "one");
  proxy.set_mishap(Proxy::Mishap::held);
  EXPECT_EQ(producer.commit(), "") << "the client sends the request again, and says nothing";
  producer.begin();
  producer.produce(topic, 0, "to be aborted");
  EXPECT_EQ(proxy.release(), kNoError);
  producer.try_abort();
  EXPECT_EQ(keys(*KafkaLog::open(settings)), (Keys{"one", "to be aborted"}));
}

TEST(KafkaStrayCommit, FindsAnotherProducerWhereOurWriterSentItTwice) {
  const Settings settings = with_log(1);
  Proxy proxy;
  const auto log = KafkaLog::open(through(proxy, settings));
  const auto writer = log->open_writer("");
  proxy.set_mishap(Proxy::Mishap::held);
  EXPECT_EQ(append(*writer, {event(0, "one")}).size(), 1U);
  proxy.release_before_next_records();
  EXPECT_EQ(append(*writer, {event(0, "two")}).size(), 1U);
  EXPECT_NE(proxy.released_with(), kNoError) << "the stale request decided something";
  EXPECT_TRUE(writer->still_owner());
  EXPECT_EQ(keys(*log), (Keys{"one", "two"}));
}

// Another producer is for a writer that is still the last one: whoever came meanwhile keeps the
// log.
TEST(KafkaStrayCommit, FindsNoOtherProducerWhereTheLogWasTakenOver) {
  const Settings settings = with_log(1);
  Proxy proxy;
  const auto log = KafkaLog::open(through(proxy, settings));
  const auto older = log->open_writer("");
  proxy.set_mishap(Proxy::Mishap::held);
  EXPECT_EQ(append(*older, {event(0, "one")}).size(), 1U);
  const auto newer = KafkaLog::open(settings)->open_writer("");
  const std::vector<ports::NewRecord> late{event(0, "late")};
  EXPECT_TRUE(std::holds_alternative<ports::Fenced>(older->append(late)));
  EXPECT_FALSE(older->still_owner());
  EXPECT_TRUE(newer->still_owner());
  EXPECT_EQ(keys(*KafkaLog::open(settings)), Keys{"one"});
}

TEST(KafkaStrayCommit, IsUnknownWhereNoAnswerComesAndTheNextWriterDecidesIt) {
  for (const bool arrives : {false, true}) {
    SCOPED_TRACE(arrives);
    const Settings settings = with_log(1);
    Proxy proxy;
    const auto log = KafkaLog::open(through(proxy, settings));
    auto writer = log->open_writer("");
    EXPECT_EQ(append(*writer, {event(0, "one")}).size(), 1U);
    proxy.set_mishap(arrives ? Proxy::Mishap::answered_late : Proxy::Mishap::lost);
    const std::vector<ports::NewRecord> records{event(0, "two")};
    EXPECT_TRUE(std::holds_alternative<ports::Unknown>(writer->append(records)));
    proxy.mend();
    writer = log->open_writer("");
    EXPECT_EQ(keys(*log), arrives ? (Keys{"one", "two"}) : Keys{"one"});
    EXPECT_EQ(append(*writer, {event(0, "three")}).size(), 1U);
    EXPECT_EQ(keys(*log).back(), "three");
  }
}

}  // namespace
}  // namespace testing_kafka
