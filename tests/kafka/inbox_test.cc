#include <gtest/gtest.h>

#include <chrono>

#include "infra/log_kafka/group_offsets.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"
#include "tests/kafka/foreign_eyes.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;

constexpr std::chrono::seconds kSecondsMax{60};

class KafkaInbox : public ::testing::Test {
 protected:
  KafkaInbox() {
    KafkaLog::create(settings, 1, testing_logs::identity_with(1).incarnation);
    log = KafkaLog::open(settings);
    topic = settings.topic_prefix + "-mail";
    open();
  }

  void open() {
    inbox = log->open_inbox(
        topic, "ingest", [this](std::string_view notice) { notices.emplace_back(notice); });
  }

  // `partition/offset` of all that is handed out, until there is no more.
  std::vector<std::string> places() {
    std::vector<std::string> places;
    const auto note = [&](const ports::Message& message) {
      places.push_back(std::to_string(message.partition.get()) + '/' +
                       std::to_string(message.offset.get()));
    };
    while (inbox->poll(100, note).value_or(0) > 0) {
    }
    return places;
  }
  std::vector<std::string> await_places() {
    const auto deadline = std::chrono::steady_clock::now() + kSecondsMax;
    auto found = places();
    while (found.empty() && std::chrono::steady_clock::now() < deadline) found = places();
    return found;
  }

  // What an operator does, or another writer.
  void move_group(std::int64_t offset) const {
    const ports::Start there{ports::Partition{0}, ports::Offset{offset}};
    const infra::log_kafka::Cluster cluster{settings};
    infra::log_kafka::GroupOffsets{cluster, "ingest", topic}.write({&there, 1});
  }

  // Waits until the brokers have forgotten the group's place in a topic that is gone: they do so in
  // their own time.
  void await_forgotten_place() const {
    const infra::log_kafka::Cluster cluster{settings};
    const infra::log_kafka::GroupOffsets group{cluster, "ingest", topic};
    const auto deadline = std::chrono::steady_clock::now() + kSecondsMax;
    while (!group.read(1).empty() && std::chrono::steady_clock::now() < deadline) {
    }
  }

  using Places = std::vector<std::string>;
  Settings settings = fresh_settings();
  std::unique_ptr<KafkaLog> log;
  std::string topic;
  std::unique_ptr<ports::Inbox> inbox;
  std::vector<std::string> notices;
};

TEST_F(KafkaInbox, IsNoneUntilTheTopicIsMadeAndMissesNothingThen) {
  EXPECT_EQ(inbox->poll(1, [](const ports::Message&) {}), std::nullopt);
  make_topic(topic, 1);
  produce(topic, 0, "k", "v");
  EXPECT_EQ(await_places(), Places{"0/0"});
}

TEST_F(KafkaInbox, FindsPartitionsThatAreAddedWhileItReads) {
  make_topic(topic, 1);
  produce(topic, 0, "k", "v");
  EXPECT_EQ(places(), Places{"0/0"});
  add_partitions(topic, 3);
  produce(topic, 2, "k", "v");
  EXPECT_EQ(await_places(), Places{"2/0"}) << "what was read and not committed is not repeated";
  inbox->commit();
  open();
  EXPECT_EQ(places(), Places{});
}

TEST_F(KafkaInbox, HandsOutAgainWhatWasNotCommitted) {
  make_topic(topic, 2);
  produce(topic, 0, "k", "v");
  EXPECT_EQ(places(), Places{"0/0"});
  inbox->commit();
  produce(topic, 1, "k", "v");
  EXPECT_EQ(places(), Places{"1/0"});
  inbox->go_back();
  EXPECT_EQ(places(), Places{"1/0"});
  inbox->commit();
  inbox->go_back();
  EXPECT_EQ(places(), Places{});
}

TEST_F(KafkaInbox, FollowsTheGroupWhenSomebodyElseMovesIt) {
  make_topic(topic, 1);
  for (int number = 0; number < 5; ++number) produce(topic, 0, "k", "v");
  EXPECT_EQ(places().size(), 5U);
  inbox->commit();
  move_group(1);
  EXPECT_EQ(await_places(), (Places{"0/1", "0/2", "0/3", "0/4"}));
  move_group(4);
  EXPECT_EQ(await_places(), Places{"0/4"}) << "its place counts, not ours";
}

TEST_F(KafkaInbox, SeesOfATransactionOnlyWhatIsCommitted) {
  make_topic(topic, 1);
  ForeignTransaction theirs{settings.topic_prefix + "-theirs"};
  theirs.produce(topic, 0, "aborted");
  theirs.abort();
  theirs.begin();
  theirs.produce(topic, 0, "committed");
  EXPECT_EQ(places(), Places{}) << "it is not decided yet";
  EXPECT_EQ(theirs.commit(), "");
  EXPECT_EQ(await_places(), Places{"0/2"});
  inbox->commit();
  open();
  EXPECT_EQ(places(), Places{});
}

TEST_F(KafkaInbox, SaysWhichMessagesWereDeletedBeforeTheyWereTakenIn) {
  make_topic(topic, 1);
  for (int number = 0; number < 5; ++number) produce(topic, 0, "k", "v");
  EXPECT_EQ(places().size(), 5U);
  inbox->commit();
  for (int number = 0; number < 5; ++number) produce(topic, 0, "k", "v");
  delete_records(topic, 0, 8);
  open();
  EXPECT_EQ(places(), (Places{"0/8", "0/9"}));
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices.front().find("messages 5 to 7 were deleted"), std::string::npos)
      << notices.front();
}

TEST_F(KafkaInbox, BeginsAnewWithATopicThatWasMadeAgain) {
  make_topic(topic, 1);
  for (int number = 0; number < 5; ++number) produce(topic, 0, "k", "v");
  EXPECT_EQ(places().size(), 5U);
  inbox->commit();
  delete_topic(topic);
  await_forgotten_place();
  make_topic(topic, 1);
  produce(topic, 0, "k", "v");
  open();
  EXPECT_EQ(places(), Places{"0/0"});
  EXPECT_EQ(notices.size(), 0U) << "the brokers forget the place with the topic";

  move_group(5);
  open();
  EXPECT_EQ(places(), Places{"0/0"});
  EXPECT_EQ(notices.size(), 1U) << "a topic that lost its end";
}

TEST_F(KafkaInbox, ReadsOneMessageAgainOrSaysThatItIsGone) {
  make_topic(topic, 1);
  for (const char* value : {"a", "b", "c"}) produce(topic, 0, "k", value);
  const auto again = [&](std::int32_t partition, std::int64_t offset) {
    std::string value = "gone";
    const bool found = inbox->read_again(
        ports::Partition{partition}, ports::Offset{offset}, [&](const ports::Message& message) {
          value = *message.value;
        });
    EXPECT_EQ(found, value != "gone");
    return value;
  };
  EXPECT_EQ(again(0, 1), "b");
  EXPECT_EQ(again(0, 3), "gone");
  EXPECT_EQ(again(1, 0), "gone");
  delete_records(topic, 0, 2);
  EXPECT_EQ(again(0, 1), "gone");
  EXPECT_EQ(again(0, 2), "c");
}

}  // namespace
}  // namespace testing_kafka
