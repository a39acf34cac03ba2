#include <gtest/gtest.h>

#include "domain/core/broken.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;
using ports::Topic;
using testing_logs::append;
using testing_logs::event;
using testing_logs::history;

TEST(KafkaFencing, OpeningAWriterAbortsWhatTheOlderOneHadOpen) {
  const Settings settings = with_log();
  ForeignTransaction older{settings.topic_prefix + ".writer"};
  older.produce(settings.topic_prefix + ".patient-events", 0, "half");
  const auto log = KafkaLog::open(settings);
  const auto writer = log->open_writer("");
  EXPECT_EQ(append(*writer, {event(0, "whole")}).size(), 1U);
  EXPECT_EQ(older.commit(), "_FENCED");
  EXPECT_EQ(keys(*log, Topic::patient_events), (std::vector<std::string>{"whole"}));
  EXPECT_TRUE(writer->still_owner());
}

TEST(KafkaFencing, AWriterWhoseIdSomebodyElseTookAppendsNothing) {
  const Settings settings = with_log();
  const auto log = KafkaLog::open(settings);
  const auto writer = log->open_writer("");
  ForeignTransaction newer{settings.topic_prefix + ".writer"};
  const std::vector<ports::NewRecord> records{event(0, "a"), history(0, "a/1")};
  EXPECT_TRUE(std::holds_alternative<ports::Fenced>(writer->append(records)));
  EXPECT_TRUE(std::holds_alternative<ports::Fenced>(writer->append(records)));
  EXPECT_FALSE(writer->still_owner());
  newer.abort();
  EXPECT_TRUE(keys(*log, Topic::patient_events).empty());
  EXPECT_TRUE(keys(*log, Topic::patient_history).empty());
}

TEST(KafkaFencing, AReaderPassesOverWhatWasAborted) {
  const Settings settings = with_log();
  const auto log = KafkaLog::open(settings);
  EXPECT_EQ(append(*log->open_writer(""), {event(0, "a")}).size(), 1U);
  ForeignTransaction other{"another-id"};
  other.produce(settings.topic_prefix + ".patient-events", 0, "aborted");
  const auto reader = log->open_reader(Topic::patient_events, ports::from_the_beginning(*log));
  EXPECT_EQ(testing_logs::read(*reader).size(), 4U) << "what is open is not waited for";
  other.abort();
  EXPECT_EQ(append(*log->open_writer(""), {event(0, "b")}).size(), 1U);
  const auto seen = testing_logs::read(*reader);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.front().key, "b");
  EXPECT_EQ(reader->position(ports::Partition{0}), log->ends(Topic::patient_events)[0]);
}

// The process that was taken over from must not take the log back by itself.
TEST(KafkaFencing, AProcessThatWasSupersededWaitsUntilTheLogIsItsOwnAgain) {
  const Settings settings = with_log();
  const auto first = KafkaLog::open(settings);
  const auto second = KafkaLog::open(settings);
  const auto older = first->open_writer("first:1");
  const auto newer = second->open_writer("second:1");
  EXPECT_FALSE(older->still_owner());
  try {
    static_cast<void>(first->open_writer("first:1"));
    ADD_FAILURE() << "it took the log back";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::locked);
  }
  EXPECT_TRUE(newer->still_owner()) << "being refused fences nobody";
  first->reclaim();
  const auto again = first->open_writer("first:1");
  EXPECT_GT(again->epoch(), newer->epoch());
  EXPECT_FALSE(newer->still_owner());
}

}  // namespace
}  // namespace testing_kafka
