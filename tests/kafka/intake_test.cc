#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "domain/core/broken.h"
#include "tests/kafka/appending_process.h"
#include "tests/kafka/mailroom.h"

namespace testing_kafka {
namespace {

using infra::ingest::DeadLetters;
using infra::ingest::Importer;
using infra::ingest::Intake;
using infra::ingest::kCommunicationEvents;
using infra::ingest::kIngestGroup;

constexpr std::chrono::seconds kProcessSecondsMax{60};

// An intake whose way to the writer is the test's own.
class Wired {
 public:
  explicit Wired(Mailroom& room)
      : log_(infra::log_kafka::KafkaLog::open(room.settings)),
        inbox_(log_->open_inbox(kCommunicationEvents, kIngestGroup, [](std::string_view) {})),
        dead_letters_(log_->open_dead_letters()),
        intake(*inbox_, dead_letters_, room.clock, room.ids) {}

 private:
  std::unique_ptr<infra::log_kafka::KafkaLog> log_;
  std::unique_ptr<ports::Inbox> inbox_;
  DeadLetters dead_letters_;

 public:
  Intake intake;
};

TEST(KafkaIntake, TakesInBothSpellingsAndKnowsWhatIsNoContactOfAnybody) {
  Mailroom room;
  room.remove(3);
  foreign_say(
      kCommunicationEvents,
      {{0, "1", mail("a", "1", "2026-01-20T10:00:00")},
       {1, "2", call("b", R"("2")", "2026-01-21T23:30:00-02:00")},
       {2, std::nullopt, mail("c", "99")},  // Nobody yet, and no key.
       {0, "4", mail("d", "null")},
       {1, "5", mail("e", "0")},
       {2,
        "6",
        R"({"eventId":"f","eventType":"email.sent","timestamp":"2026-01-20","payload":{}})"},
       {0, "7", R"({"eventId":"g","eventType":"communication.call_scheduled","payload":{}})"},
       {1, "8", mail("h", "3")},    // deleted
       {2, "9", std::nullopt},      // a tombstone
       {0, "1", mail("a", "1")}});  // the same once more
  const Intake::Step sum = room.take_all();
  EXPECT_EQ(sum.messages, 10U);
  EXPECT_EQ(sum.recorded, 3);
  EXPECT_EQ(sum.duplicates, 1);
  EXPECT_EQ(sum.ignored, 6);
  EXPECT_EQ(sum.dead, 0);
  EXPECT_EQ(room.last_contact(1), R"("2026-01-20")");
  EXPECT_EQ(room.last_contact(2), R"("2026-01-22")") << "in UTC";
  EXPECT_EQ(room.last_contact(99), "not_found") << "who is only expected is nobody to readers";
  room.create(99);
  EXPECT_EQ(room.last_contact(99), R"("2026-01-20")");
  EXPECT_EQ(room.dead_letters(), "[]");
}

TEST(KafkaIntake, KeepsTheLatestContactWhateverTheOrder) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  std::vector<Said> messages;
  for (int day = 1; day <= 28; ++day) {
    const std::string at = "2026-01-" + std::string{day < 10 ? "0" : ""} + std::to_string(day);
    const auto partition = static_cast<std::int32_t>(random() % 3);
    messages.push_back({partition, "k", mail("m" + std::to_string(day), "1", at)});
  }
  std::shuffle(messages.begin(), messages.end(), random);
  Mailroom room;
  foreign_say(kCommunicationEvents, messages);
  EXPECT_EQ(room.take_all().recorded, 28);
  EXPECT_EQ(room.last_contact(1), R"("2026-01-28")");
  EXPECT_EQ(room.count_contacts(1), 28U);
}

TEST(KafkaIntake, ChangesNoAnswerWhenAllIsDeliveredAgain) {
  Mailroom room;
  foreign_say(kCommunicationEvents,
              {{0, "1", mail("a", "1")}, {1, "2", call("b", "2")}, {2, "3", "poison"}});
  EXPECT_EQ(room.take_all().recorded, 2);
  const std::string answers = room.answers();
  const std::int64_t events = room.events();
  room.deliver_again();
  const Intake::Step sum = room.take_all();
  EXPECT_EQ(sum.messages, 3U);
  EXPECT_EQ(sum.duplicates, 2);
  EXPECT_EQ(sum.dead, 1);
  EXPECT_EQ(room.answers(), answers);
  EXPECT_EQ(room.events(), events);
}

TEST(KafkaIntake, GoesOnWhereItStoodWhenItsProcessStartsAgain) {
  Mailroom room;
  foreign_say(kCommunicationEvents, {{0, "1", mail("a", "1")}});
  EXPECT_EQ(room.take_all().messages, 1U);
  room.open();
  EXPECT_EQ(room.take_all().messages, 0U);
  foreign_say(kCommunicationEvents, {{0, "1", mail("b", "1")}});
  EXPECT_EQ(room.take_all().messages, 1U);
}

TEST(KafkaIntake, LosesAndDoublesNothingWhenKilledBetweenTheLogAndItsPlace) {
  Mailroom room;
  std::vector<Said> messages;
  for (int number = 0; number < 20; ++number) {
    messages.push_back({number % 3, "k", mail("m" + std::to_string(number), "1")});
  }
  messages.push_back({0, "k", "poison"});
  foreign_say(kCommunicationEvents, messages);
  const std::int64_t before = room.events();
  room.close();
  std::int64_t appended = 0;
  {
    AppendingProcess process{{TAKING_IN_PROGRAM,
                              room.settings.brokers,
                              room.settings.topic_prefix,
                              (room.folder.path() / "data").string()}};
    ASSERT_TRUE(process.await_lines(1, kProcessSecondsMax)) << process.output();
    ASSERT_EQ(process.said("appended").size(), 1U) << process.output();
    appended = process.said("appended").front();
    process.send(SIGKILL);
    EXPECT_TRUE(process.await_end(kProcessSecondsMax));
  }
  room.open();
  EXPECT_EQ(room.events(), before + appended);
  EXPECT_GT(appended, 0);
  const Intake::Step sum = room.take_all();
  EXPECT_EQ(sum.messages, 21U);
  EXPECT_EQ(sum.duplicates, appended);
  EXPECT_EQ(sum.recorded, 20 - appended);
  EXPECT_EQ(sum.dead, 1);
  EXPECT_EQ(room.events(), before + 20);
  EXPECT_EQ(room.count_contacts(1), 20U);
}

TEST(KafkaIntake, MakesNoDeadLetterOfATransientFaultAndBeginsWithTheSameMessages) {
  Mailroom room;
  foreign_say(kCommunicationEvents, {{0, "1", mail("a", "1")}, {0, "2", "poison"}});
  int attempts = 0;
  const Intake::Handle handle = [&](auto submissions) {
    switch (++attempts) {
      case 1: throw core::Broken(core::Breakage::broker_unavailable, "away");
      case 2: throw core::Broken(core::Breakage::locked, "somebody else writes");
      case 3:
        return std::vector<handling::Answer>(submissions.size(),
                                             handling::OutcomeUnknown{"who knows"});
      default: return room.kartei().handle(submissions);
    }
  };
  Wired wired{room};
  EXPECT_THROW(static_cast<void>(wired.intake.step(handle)), core::Broken);
  EXPECT_THROW(static_cast<void>(wired.intake.step(handle)), core::Broken);
  EXPECT_THROW(static_cast<void>(wired.intake.step(handle)), core::Broken);
  EXPECT_EQ(room.dead_letters(), "[]");
  const Intake::Step step = wired.intake.step(handle);
  EXPECT_EQ(step.recorded, 1);
  EXPECT_EQ(step.dead, 1);
  EXPECT_EQ(wired.intake.step(handle).messages, 0U);
}

TEST(KafkaIntake, WaitsForABrokerThatIsAway) {
  infra::log_kafka::Settings impatient = fresh_settings();
  impatient.properties = {{"message.timeout.ms", "3000"},
                          {"socket.timeout.ms", "3000"},
                          {"transaction.timeout.ms", "6000"}};
  impatient.patience = std::chrono::milliseconds{3000};
  Mailroom room{impatient};
  foreign_say(kCommunicationEvents, {{0, "1", mail("a", "1")}});
  EXPECT_EQ(room.take_all().messages, 1U);
  foreign_say(kCommunicationEvents, {{0, "2", mail("b", "1")}, {1, "3", "poison"}});
  kill_broker();
  try {
    static_cast<void>(room.take_in());
    ADD_FAILURE() << "there is no broker";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::broker_unavailable) << broken.what();
  }
  start_broker_again();
  Intake::Step step;
  const auto deadline = std::chrono::steady_clock::now() + kProcessSecondsMax;
  while (step.messages < 2 && std::chrono::steady_clock::now() < deadline) {
    try {
      const Intake::Step next = room.take_in();
      step.messages += next.messages;
      step.recorded += next.recorded + next.duplicates;
      step.dead += next.dead;
    } catch (const core::Broken&) {  // It comes back bit by bit.
    }
  }
  EXPECT_EQ(step.recorded, 1);
  EXPECT_EQ(step.dead, 1);
  EXPECT_EQ(room.count_contacts(1), 2U);
}

}  // namespace
}  // namespace testing_kafka
