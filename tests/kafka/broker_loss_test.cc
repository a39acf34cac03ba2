#include <gtest/gtest.h>

#include <chrono>

#include "domain/core/broken.h"
#include "tests/kafka/broker.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;
using ports::Topic;
using testing_logs::append;
using testing_logs::event;

constexpr std::chrono::seconds kRecoverySecondsMax{40};

// Impatient, so that the test is short.
Settings impatient() {
  Settings settings = with_log();
  settings.properties = {{"message.timeout.ms", "2000"},
                         {"socket.timeout.ms", "2000"},
                         {"transaction.timeout.ms", "4000"}};
  settings.patience = std::chrono::milliseconds{2000};
  return settings;
}

// The offset at which the record was appended in the end: the brokers come back bit by bit.
std::vector<std::int64_t> append_when_possible(ports::LogWriter& writer, const char* key) {
  const auto deadline = std::chrono::steady_clock::now() + kRecoverySecondsMax;
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      return append(writer, {event(0, key)});
    } catch (const core::Broken& broken) {
      EXPECT_EQ(broken.kind(), core::Breakage::broker_unavailable) << broken.what();
    }
  }
  return {};
}

TEST(KafkaBrokerLoss, AWriterAndAReaderGoOnWhenTheBrokerIsBack) {
  const auto log = KafkaLog::open(impatient());
  const auto writer = log->open_writer("");
  const auto reader = log->open_reader(Topic::patient_events, ports::from_the_beginning(*log));
  ASSERT_EQ(append(*writer, {event(0, "before")}).size(), 1U);
  EXPECT_EQ(testing_logs::read(*reader).size(), 4U);

  kill_broker();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(static_cast<void>(append(*writer, {event(0, "lost")})), core::Broken)
      << "nothing was sent to commit, so certainly nothing was appended";
  EXPECT_THROW(static_cast<void>(reader->poll(1, [](const ports::Record&) {})), core::Broken);
  EXPECT_THROW(static_cast<void>(log->ends(Topic::patient_events)), core::Broken);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});

  start_broker_again();
  EXPECT_EQ(append_when_possible(*writer, "after").size(), 1U);
  EXPECT_TRUE(writer->still_owner());
  EXPECT_EQ(keys(*log), (std::vector<std::string>{"before", "after"}));
  const auto seen = testing_logs::read(*reader);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.front().key, "after");
}

}  // namespace
}  // namespace testing_kafka
