#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/kafka/following.h"
#include "tests/kafka/foreign.h"
#include "tests/kafka/mailroom.h"
#include "tests/whole/process.h"

namespace testing_kafka {
namespace {

using infra::ingest::kCommunicationEvents;
using whole::Place;
using whole::Ran;
using whole::Words;

constexpr const char* kCanary = "CANARY";

// The built program beside what took the messages in.
class KafkaDeadLetters : public ::testing::Test {
 protected:
  KafkaDeadLetters() {
    ::setenv("KAFKA_BOOTSTRAP_SERVERS", room.settings.brokers.c_str(), 1);
    ::setenv("KAFKA_TOPIC_PREFIX", room.settings.topic_prefix.c_str(), 1);
  }
  ~KafkaDeadLetters() override {
    for (const char* name : {"KAFKA_BOOTSTRAP_SERVERS", "KAFKA_TOPIC_PREFIX"}) ::unsetenv(name);
  }

  Ran expect(int status, const Words& words) {
    SCOPED_TRACE(::testing::PrintToString(words));
    Ran ran = place.json(words);
    EXPECT_EQ(ran.status, status) << ran.out << ran.err;
    EXPECT_EQ(ran.out.find(kCanary), std::string::npos) << ran.out;
    return ran;
  }

  Mailroom room;
  Place place;
};

TEST_F(KafkaDeadLetters, PointToPoisonAndHoldNothingOfIt) {
  const std::string canary = kCanary;
  foreign_say(kCommunicationEvents,
              {{0, canary, canary},
               {0, canary, ""},
               {0, canary, "\xff\xfe" + canary},
               {0, canary, "{\"" + canary + "\":1,\"" + canary + "\":2}"},
               {0, canary, "[\"" + canary + "\"]"},
               {1, canary, mail("a", "\"" + canary + " " + canary + "\"")},
               {1, canary, mail("b", "1", canary)},
               {1, canary, mail("c", "1", "2026-02-03T00:00:00Z")},
               {2, canary, mail("d", "1")},
               {2, canary, "{\"payload\":\"" + std::string(1'000'000, 'x') + canary + "\"}"}});
  const auto sum = room.take_all();
  EXPECT_EQ(sum.recorded, 1);
  EXPECT_EQ(sum.dead, 9);
  room.close();
  const Ran listed = expect(0, {"dead-letters", "list"});
  ASSERT_EQ(listed.size("data"), 9U);
  EXPECT_EQ(listed.keys("data.0"), "number topic partition offset code message since decision");
  const std::string since = R"("2026-02-01T09:00:00Z")";
  for (int at = 0; at < 9; ++at) {
    const std::string row = "data." + std::to_string(at);
    EXPECT_EQ(listed.at(row + ".topic"), R"("communication-events")");
    EXPECT_EQ(listed.at(row + ".code"), R"("invalid")");
    EXPECT_EQ(listed.at(row + ".since"), since);
    EXPECT_EQ(listed.at(row + ".decision"), "null");
  }
  for (const std::string& line : foreign_lines(room.settings.topic_prefix + ".dead-letters", 9)) {
    EXPECT_EQ(line.find(kCanary), std::string::npos) << line;
  }
  const Ran shown = expect(0, {"dead-letters", "show", listed.at("data.0.number")});
  EXPECT_EQ(shown.keys("data"),
            "number topic partition offset code message since decision decided_at sent_at "
            "in_topic bytes");
  EXPECT_EQ(shown.at("data.in_topic"), "true");
  expect(3, {"dead-letters", "show", "4711"});
}

TEST_F(KafkaDeadLetters, AreTakenInOnceTheCauseIsMended) {
  foreign_say(kCommunicationEvents, {{1, "k", mail("a", "1", "2026-02-03T12:00:00Z")}});
  EXPECT_EQ(room.take_all().dead, 1);
  room.close();
  const std::string number = expect(0, {"dead-letters", "list"}).at("data.0.number");
  const Ran refused = expect(4, {"dead-letters", "release", number});
  EXPECT_EQ(refused.code(), R"("invalid")");
  EXPECT_NE(refused.at("error.message").find("future"), std::string::npos) << refused.out;
  EXPECT_EQ(expect(0, {"dead-letters", "list"}).size("data"), 1U);

  place.clock = "2026-02-03T13:00:00Z";
  const Ran released = expect(0, {"dead-letters", "release", number});
  EXPECT_EQ(released.at("data.decision"), R"("released")");
  EXPECT_EQ(expect(0, {"dead-letters", "list"}).size("data"), 0U);
  EXPECT_EQ(expect(0, {"patient", "show", "1"}).at("data.patient.letzter_kontakt"),
            R"("2026-02-03")");
  expect(0, {"dead-letters", "release", number});
  expect(4, {"dead-letters", "evict", number});
  EXPECT_EQ(expect(0, {"query", "contacts", "1"}).size("data"), 1U);
  EXPECT_EQ(expect(0, {"dead-letters", "show", number}).at("data.decided_at"),
            R"("2026-02-03T13:00:00Z")");
}

TEST_F(KafkaDeadLetters, AreReleasedByWhoWritesWhereThatIsAnotherProcess) {
  foreign_say(kCommunicationEvents,
              {{1, "k", mail("a", "1", "2026-02-03T12:00:00Z")},
               {1, "k", mail("b", "1", "2026-02-05T12:00:00Z")}});
  EXPECT_EQ(room.take_all().dead, 2);
  const Words data{"--data", (room.folder.path() / "data").string()};
  const Ran listed = expect(0, {"dead-letters", "list"});
  for (const char* row : {"data.0.number", "data.1.number"}) {
    const Words release = whole::with(data, {"dead-letters", "release", listed.at(row)});
    EXPECT_EQ(expect(0, release).at("data.decision"), R"("requested")");
  }
  EXPECT_EQ(expect(0, {"dead-letters", "list"}).size("data"), 2U);
  EXPECT_EQ(room.count_contacts(1), 0U);

  room.clock.at = *core::parse_timestamp("2026-02-03T13:00:00Z");
  std::int64_t released = 0;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (released == 0 && std::chrono::steady_clock::now() < deadline) {
    released += room.take_in().released;
  }
  EXPECT_EQ(released, 1);
  EXPECT_EQ(room.last_contact(1), R"("2026-02-03")");
  const Ran left = expect(0, {"dead-letters", "list"});
  ASSERT_EQ(left.size("data"), 1U);
  EXPECT_EQ(left.at("data.0.number"), listed.at("data.1.number"));
  EXPECT_EQ(left.at("data.0.decision"), "null") << "it is still refused";
}

TEST_F(KafkaDeadLetters, AreMadeByTheProcessThatFollowsWhichTakesInWhatIsRight) {
  room.close();
  Following writer{place};
  ASSERT_TRUE(writer.await("writer: this process has its turn")) << writer.said();
  foreign_say(kCommunicationEvents, {{0, "1", mail("a", "1")}, {0, "k", "poison"}});
  const auto is_shown = [&] {
    return place.json({"patient", "show", "1"}).at("data.patient.letzter_kontakt") ==
           R"("2026-01-20")";
  };
  EXPECT_TRUE(await_change(place.data() / "read", is_shown, std::chrono::seconds{60}));
  delete_topic(kCommunicationEvents);
  make_topic(kCommunicationEvents, 1);
  foreign_say(kCommunicationEvents, {{0, "1", mail("b", "1", "2026-01-25T10:00:00")}});
  const auto is_later = [&] {
    return place.json({"patient", "show", "1"}).at("data.patient.letzter_kontakt") ==
           R"("2026-01-25")";
  };
  EXPECT_TRUE(await_change(place.data() / "read", is_later, std::chrono::seconds{60}))
      << "the topic was made again under its hands: " << writer.said();
  EXPECT_EQ(expect(0, {"dead-letters", "list"}).size("data"), 1U);
  const auto stopped = writer.stop();
  EXPECT_EQ(stopped.status, 0) << writer.said();
  EXPECT_EQ(stopped.at("data.recorded"), "2");
  EXPECT_EQ(stopped.at("data.dead"), "1");
}

TEST_F(KafkaDeadLetters, StayDecidedWhenTheirMessagesAreDeliveredAgain) {
  foreign_say(kCommunicationEvents, {{0, "k", "poison"}, {1, "k", "poison"}});
  EXPECT_EQ(room.take_all().dead, 2);
  const Ran listed = expect(0, {"dead-letters", "list"});
  const Ran evicted = expect(0, {"dead-letters", "evict", listed.at("data.0.number")});
  EXPECT_EQ(evicted.at("data.decision"), R"("evicted")");
  const std::string left = room.dead_letters();
  room.deliver_again();
  EXPECT_EQ(room.take_all().dead, 2);
  EXPECT_EQ(room.dead_letters(), left);
  EXPECT_EQ(expect(0, {"dead-letters", "list"}).size("data"), 1U);
}

TEST_F(KafkaDeadLetters, SayWhenTheirMessageIsGoneAndPointToItsSuccessorAnew) {
  foreign_say(kCommunicationEvents, {{0, "k", "poison"}});
  EXPECT_EQ(room.take_all().dead, 1);
  const std::string number = expect(0, {"dead-letters", "list"}).at("data.0.number");
  delete_topic(kCommunicationEvents);
  make_topic(kCommunicationEvents, 3);
  EXPECT_EQ(expect(0, {"dead-letters", "show", number}).at("data.in_topic"), "false");
  room.close();
  EXPECT_EQ(expect(3, {"dead-letters", "release", number}).code(), R"("not_found")");
  foreign_say(kCommunicationEvents, {{0, "k", "other poison"}});
  EXPECT_EQ(expect(0, {"dead-letters", "show", number}).at("data.in_topic"), "false")
      << "at its place is another message";
  room.deliver_again();
  EXPECT_EQ(room.take_all().dead, 1);
  const Ran listed = expect(0, {"dead-letters", "list"});
  EXPECT_EQ(listed.size("data"), 1U);
  EXPECT_NE(listed.at("data.0.number"), number);
}

TEST_F(KafkaDeadLetters, OfAnOlderLogGetTheirTopicWhenTheTopicsAreCreated) {
  const std::string topic = room.settings.topic_prefix + ".dead-letters";
  delete_topic(topic);
  foreign_say(kCommunicationEvents, {{0, "1", mail("a", "1")}});
  EXPECT_EQ(room.take_all().recorded, 1) << "what is no poison needs no such topic";
  room.close();
  const Ran ran = expect(1, {"dead-letters", "list"});
  EXPECT_EQ(ran.code(), R"("log_mismatch")");
  EXPECT_NE(ran.at("error.message").find("kartei topics create"), std::string::npos);
  expect(0, {"topics", "create", "--partitions", "3"});
  EXPECT_EQ(expect(0, {"dead-letters", "list"}).size("data"), 0U);
}

}  // namespace
}  // namespace testing_kafka
