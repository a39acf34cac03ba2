#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <set>

#include "domain/core/broken.h"
#include "domain/core/match.h"
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

constexpr int kRounds = 20;

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

// What was appended, in a word.
std::string outcome_of(const ports::Appended& appended) {
  return core::match(
      appended,
      [](const ports::Committed&) { return "there"; },
      [](const ports::Fenced&) { return "fenced"; },
      [](const ports::Unknown&) { return "unknown"; });
}

// The same of a writer that is opened for it.
std::string opened_and_appended(ports::Log& log, const ports::NewRecord& record) {
  try {
    return outcome_of(log.open_writer("")->append({&record, 1}));
  } catch (const core::Broken& broken) {
    return broken.kind() == core::Breakage::locked ? "locked" : broken.what();
  }
}

// Brokers 4.1 may answer the EndTxn of a producer that they are fencing with an error that says
// nothing, and the loser said that there was no broker.
TEST(KafkaFencing, OfTwoWhoBeginAtTheSameTimeTheLoserIsToldSo) {
  const Settings settings = with_log(1);
  std::set<std::string> there;
  std::set<std::string> perhaps;
  for (int round = 0; round < kRounds; ++round) {
    const auto one = KafkaLog::open(settings);
    const auto other = KafkaLog::open(settings);
    const ports::NewRecord ours = event(0, "one-" + std::to_string(round));
    const ports::NewRecord theirs = event(0, "other-" + std::to_string(round));
    auto meanwhile =
        std::async(std::launch::async, [&] { return opened_and_appended(*other, theirs); });
    const std::string outcome = opened_and_appended(*one, ours);
    for (const auto& [what, whose] : {std::pair{outcome, ours}, {meanwhile.get(), theirs}}) {
      EXPECT_TRUE(what == "there" || what == "fenced" || what == "unknown" || what == "locked")
          << what;
      if (what == "there") there.insert(whose.key);
      if (what == "there" || what == "unknown") perhaps.insert(whose.key);
    }
  }
  const auto listed = keys(*KafkaLog::open(settings));
  const std::set found(listed.begin(), listed.end());
  EXPECT_EQ(found.size(), listed.size()) << "one is there twice";
  EXPECT_TRUE(std::includes(found.begin(), found.end(), there.begin(), there.end()));
  EXPECT_TRUE(std::includes(perhaps.begin(), perhaps.end(), found.begin(), found.end()));
}

}  // namespace
}  // namespace testing_kafka
