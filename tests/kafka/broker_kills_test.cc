#include <gtest/gtest.h>

#include <future>
#include <random>

#include "domain/core/broken.h"
#include "infra/codec/digest.h"
#include "tests/kafka/mailroom.h"

// A Kartei under load whose broker is killed again and again.
namespace testing_kafka {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kAnswerSecondsMax{60};

infra::log_kafka::Settings impatient() {
  auto settings = fresh_settings();
  settings.properties = {{"message.timeout.ms", "2000"},
                         {"socket.timeout.ms", "2000"},
                         {"transaction.timeout.ms", "4000"}};
  settings.patience = std::chrono::milliseconds{2000};
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

// As a client does: the same command, until somebody says what became of it.
bool repeat_until_done(Mailroom& room, const handling::Submission& submission) {
  const auto deadline = steady_clock::now() + kAnswerSecondsMax;
  while (steady_clock::now() < deadline) {
    try {
      const auto answers = room.kartei().handle({&submission, 1});
      if (std::holds_alternative<handling::Done>(answers.front())) return true;
      EXPECT_TRUE(std::holds_alternative<handling::OutcomeUnknown>(answers.front()));
    } catch (const core::Broken& broken) {
      EXPECT_EQ(broken.kind(), core::Breakage::broker_unavailable) << broken.what();
    }
  }
  return false;
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
  EXPECT_EQ(room.events(), before + number);
  std::size_t contacts = 0;
  for (const std::int64_t patient : {1, 2, 3}) contacts += room.count_contacts(patient);
  EXPECT_EQ(contacts, static_cast<std::size_t>(number));
  EXPECT_FALSE(room.kartei().verify_events().found);
}

}  // namespace
}  // namespace testing_kafka
