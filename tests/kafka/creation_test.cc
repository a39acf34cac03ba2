#include <gtest/gtest.h>

#include <chrono>

#include "domain/core/broken.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"

namespace testing_kafka {
namespace {

using core::Breakage;
using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;
using testing_logs::identity_with;

const ports::Incarnation kOther{*core::Uuid::parse("11111111-2222-4333-8444-555555555555")};

void create(const Settings& settings, std::int32_t partitions = 3) {
  KafkaLog::create(settings, partitions, identity_with(partitions).incarnation);
}

// What breaks when `action` is carried out, and the words for it.
struct Refusal {
  Breakage kind;
  std::string text;
};
template <class Action>
std::optional<Refusal> refusal(Action action) {
  try {
    action();
  } catch (const core::Broken& broken) {
    return Refusal{broken.kind(), broken.what()};
  }
  return std::nullopt;
}

void expect_mismatch(const std::optional<Refusal>& refused, const std::string& words) {
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, Breakage::log_mismatch);
  EXPECT_NE(refused->text.find(words), std::string::npos) << refused->text;
}

TEST(KafkaCreation, LeavesALogThatIsThereAsItIs) {
  const Settings settings = fresh_settings();
  EXPECT_FALSE(KafkaLog::exists(settings));
  create(settings);
  EXPECT_TRUE(KafkaLog::exists(settings));
  const auto log = KafkaLog::open(settings);
  const auto writer = log->open_writer("");
  ASSERT_EQ(testing_logs::append(*writer, {testing_logs::event(0, "a")}).size(), 1U);
  KafkaLog::create(settings, 3, kOther);
  EXPECT_EQ(KafkaLog::open(settings)->identity(), identity_with(3));
  EXPECT_TRUE(writer->still_owner()) << "creating what is there fences nobody";
}

TEST(KafkaCreation, RefusesAnotherNumberOfPartitions) {
  const Settings settings = fresh_settings();
  create(settings, 3);
  expect_mismatch(refusal([&] { create(settings, 4); }), "has 3 partitions, not 4");
  EXPECT_EQ(KafkaLog::open(settings)->identity().partitions, 3);
}

TEST(KafkaCreation, GoesOnWhereAnotherWasInterrupted) {
  const Settings settings = fresh_settings();
  make_topic(settings.topic_prefix + ".patient-events", 3);
  expect_mismatch(refusal([&] { static_cast<void>(KafkaLog::open(settings)); }), "topics create");
  create(settings, 3);
  EXPECT_EQ(KafkaLog::open(settings)->identity(), identity_with(3));
}

TEST(KafkaCreation, RefusesRecordsWithoutAGenesis) {
  const Settings settings = fresh_settings();
  const std::string topic = settings.topic_prefix + ".patient-events";
  make_topic(topic, 3);
  produce(topic, 1, "a", "v");
  const std::string words = topic + "/1: the partition has records and does not begin";
  expect_mismatch(refusal([&] { create(settings, 3); }), words);
  expect_mismatch(refusal([&] { static_cast<void>(KafkaLog::open(settings)); }), words);
}

TEST(KafkaCreation, RefusesATopicThatWasMadeAgain) {
  const Settings settings = fresh_settings();
  create(settings, 3);
  const std::string topic = settings.topic_prefix + ".patient-history";
  delete_topic(topic);
  expect_mismatch(refusal([&] { static_cast<void>(KafkaLog::open(settings)); }), "no whole log");
  expect_mismatch(refusal([&] { KafkaLog::create(settings, 3, kOther); }), "lost their genesis");
  const Settings other = fresh_settings();
  KafkaLog::create(other, 3, kOther);
  copy_first_records(other.topic_prefix + ".patient-history", topic, 3);
  expect_mismatch(refusal([&] { static_cast<void>(KafkaLog::open(settings)); }), "another log");
}

TEST(KafkaCreation, NamesTheBrokerThatDoesNotAnswer) {
  Settings settings = fresh_settings();
  settings.brokers = "127.0.0.1:1";
  const auto begin = std::chrono::steady_clock::now();
  const auto refused = refusal([&] { static_cast<void>(KafkaLog::open(settings)); });
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, Breakage::broker_unavailable);
  EXPECT_TRUE(refused->text.starts_with("Kafka at 127.0.0.1:1: ")) << refused->text;
}

TEST(KafkaCreation, RefusesAPropertyThatTheClientDoesNotKnow) {
  Settings settings = fresh_settings();
  settings.properties = {{"no.such.property", "1"}};
  const auto refused = refusal([&] { static_cast<void>(KafkaLog::open(settings)); });
  ASSERT_TRUE(refused);
  EXPECT_NE(refused->text.find("no.such.property"), std::string::npos);
}

}  // namespace
}  // namespace testing_kafka
