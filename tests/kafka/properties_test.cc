#include <gtest/gtest.h>

#include "domain/core/broken.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"

// What an operator may tell the Kafka client.
namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::why_not;

TEST(KafkaProperties, ThatTheClientHasMayBeSet) {
  EXPECT_EQ(why_not("security.protocol", "SASL_SSL"), std::nullopt);
  EXPECT_EQ(why_not("sasl.password", "hunter2"), std::nullopt);
  EXPECT_EQ(why_not("compression.codec", "zstd"), std::nullopt);
}

TEST(KafkaProperties, ThatTheClientDoesNotHaveAreRefusedByName) {
  const auto why = why_not("sasl.pasword", "hunter2");
  ASSERT_TRUE(why);
  EXPECT_NE(why->find("has no property sasl.pasword"), std::string::npos) << *why;
  EXPECT_EQ(why->find("hunter2"), std::string::npos) << *why;
}

TEST(KafkaProperties, WithAValueThatTheClientDoesNotTakeAreRefusedWithoutTheValue) {
  const auto why = why_not("security.protocol", "hunter2");
  ASSERT_TRUE(why);
  EXPECT_EQ(*why, "security.protocol does not take this value");
}

TEST(KafkaProperties, ThatPromisesRestOnAreRefusedWithTheReason) {
  for (const char* name : {"transactional.id",
                           "isolation.level",
                           "enable.auto.commit",
                           "enable.idempotence",
                           "acks",
                           "request.required.acks",
                           "bootstrap.servers"}) {
    SCOPED_TRACE(name);
    const auto why = why_not(name, "");
    ASSERT_TRUE(why);
    EXPECT_TRUE(why->starts_with(std::string{name} + " is not for the operator: ")) << *why;
  }
}

TEST(KafkaProperties, ReachEveryClient) {
  auto settings = with_log();
  settings.properties = {{"security.protocol", "SASL_PLAINTEXT"},
                         {"sasl.mechanisms", "PLAIN"},
                         {"sasl.username", "nobody"},
                         {"sasl.password", "hunter2"}};
  settings.patience = std::chrono::milliseconds{500};
  try {
    static_cast<void>(KafkaLog::open(settings));
    FAIL() << "the broker knows no SASL";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(std::string{broken.what()}.find("hunter2"), std::string::npos) << broken.what();
  }
}

// Which is for a producer, a consumer says of each, and by another name than the operator's.
TEST(KafkaProperties, OfOtherClientsAreNotMistakenForACause) {
  auto settings = with_log();
  settings.properties = {{"linger.ms", "3"}, {"fetch.wait.max.ms", "50"}};
  const auto log = KafkaLog::open(settings);
  static_cast<void>(log->open_writer(""));
  EXPECT_TRUE(keys(*log).empty());
  delete_topic(settings.topic_prefix + ".patient-history");
  try {
    static_cast<void>(
        log->open_reader(ports::Topic::patient_history, ports::from_the_beginning(*log)));
    FAIL() << "there is no such topic";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(std::string{broken.what()}.find("producer property"), std::string::npos)
        << broken.what();
  }
}

}  // namespace
}  // namespace testing_kafka
