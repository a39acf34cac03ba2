#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <random>

#include "domain/core/broken.h"
#include "infra/codec/digest.h"
#include "tests/kafka/mailroom.h"

// A Kartei whose broker is killed, or stands still, again and again.
namespace testing_kafka {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kAnswerSecondsMax{60};

infra::log_kafka::Settings impatient() {
  auto settings = fresh_settings();
  settings.properties = {{"message.timeout.ms", "3000"},
                         {"socket.timeout.ms", "3000"},
                         {"transaction.timeout.ms", "6000"}};
  settings.patience = std::chrono::milliseconds{3000};
  return settings;
}

handling::Submission contact(Mailroom& room, std::int64_t number) {
  const auto id = patient::PatientId::numbered(1 + number % 3);
  patient::Contact contact;
  contact.at = room.clock.now();
  contact.source = infra::codec::contact_source("call-" + std::to_string(number));
  const patient::Command command = patient::RecordContact{contact, patient::Reporter::clerk};
  return {patient::CommandId{room.ids.random()},
          infra::codec::command_digest(id, command),
          id,
          command,
          handling::ExpectAny{},
          "test",
          patient::CorrelationId{room.ids.random()}};
}

// Whether it is done. If not, it is not available now, or nobody knows.
bool attempt(Mailroom& room, const handling::Submission& submission) {
  try {
    const auto answers = room.kartei().handle({&submission, 1});
    if (std::holds_alternative<handling::Done>(answers.front())) return true;
    EXPECT_TRUE(std::holds_alternative<handling::OutcomeUnknown>(answers.front()));
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::broker_unavailable) << broken.what();
  }
  return false;
}

// As a client does: the same command, until somebody says what became of it.
bool repeat_until_done(Mailroom& room, const handling::Submission& submission) {
  const auto deadline = steady_clock::now() + kAnswerSecondsMax;
  while (steady_clock::now() < deadline) {
    if (attempt(room, submission)) return true;
  }
  return false;
}

// Each of `number` commands is in the log once, and all that was made of them agrees.
void expect_each_once(Mailroom& room, std::int64_t events_before, std::int64_t number) {
  EXPECT_EQ(room.events(), events_before + number);
  std::size_t contacts = 0;
  for (const std::int64_t patient : {1, 2, 3}) contacts += room.count_contacts(patient);
  EXPECT_EQ(contacts, static_cast<std::size_t>(number));
  EXPECT_FALSE(room.kartei().verify_events().found);
}

TEST(KafkaBrokerKills, LoseNothingThatWasAnsweredAndDoubleNothing) {
  Mailroom room{impatient()};
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  const std::int64_t before = room.events();
  std::int64_t number = 0;
  for (int cycle = 0; cycle < fault_cycles(10); ++cycle) {
    for (auto quiet = random() % 30; quiet > 0; --quiet) {
      ASSERT_TRUE(repeat_until_done(room, contact(room, ++number)));
    }
    const auto fault = std::async(std::launch::async, [] {
      kill_broker();
      start_broker_again();
    });
    while (fault.wait_for(seconds{0}) != std::future_status::ready) {
      ASSERT_TRUE(repeat_until_done(room, contact(room, ++number))) << "cycle " << cycle;
    }
    ASSERT_TRUE(repeat_until_done(room, contact(room, ++number)));
  }
  expect_each_once(room, before, number);
}

// Connections stay, requests arrive, and nobody answers: some of them are carried out later.
TEST(KafkaBrokerPauses, AreAnsweredInTimeAndLoseAndDoubleNothing) {
  Mailroom room{impatient()};
  const std::int64_t before = room.events();
  std::int64_t number = 0;
  for (int cycle = 0; cycle < std::min(5, fault_cycles(5)); ++cycle) {
    ASSERT_TRUE(repeat_until_done(room, contact(room, ++number)));
    const handling::Submission asked = contact(room, ++number);
    pause_broker();
    const auto begun = steady_clock::now();
    EXPECT_FALSE(attempt(room, asked));
    EXPECT_LT(steady_clock::now() - begun, seconds{20});
    resume_broker();
    ASSERT_TRUE(repeat_until_done(room, asked)) << "cycle " << cycle;
  }
  expect_each_once(room, before, number);
}

}  // namespace
}  // namespace testing_kafka
