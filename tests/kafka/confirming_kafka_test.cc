#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "tests/kafka/two_services.h"
#include "tests/outgoing/played.h"

// Mails that confirm registrations, with the log on the broker: the place in it that they have come
// to is a consumer group's.
namespace testing_kafka {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

class KafkaConfirming : public ::testing::Test {
 protected:
  KafkaConfirming() {
    for (whole::Place* place : {&one, &other}) {
      place->variables = {
          {"KARTEI_CONFIRMATION_URL", mail.url() + "/api/emails"},
          {"KARTEI_CONFIRMATION_TEXT", one.write("text.md", "# Anmeldung\n\nHallo\n")},
          {"KARTEI_CONFIRMATION_SENDER", "praxis@example.org"}};
    }
    EXPECT_EQ(one.json({"topics", "create", "--partitions", "5"}).status, 0);
    for (int count = 0; count < 1'000; ++count) mail.answers(201);
  }
  static std::string address(const std::string& name) { return name + "@example.org"; }
  void register_patient(whole::Place& place, const std::string& name) {
    const std::string document =
        R"({"patient_data":{"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":")" +
        name + R"(","symptome":["Einsamkeit"],"email":")" + address(name) + R"("}})";
    const whole::Ran ran =
        place.json({"import", "registrations", place.write("one.json", document)});
    ASSERT_EQ(ran.at("data.imported"), "1") << ran.out << ran.err;
  }
  // How many mails were asked for, by address.
  std::map<std::string, int> asked() {
    std::map<std::string, int> times;
    for (const auto& request : mail.requests()) {
      const auto document = infra::codec::read_json(request.body);
      ++times[whole::Ran{0, "", "", document.value()}.at("empfaenger_email")];
    }
    return times;
  }
  [[nodiscard]] bool was_asked(const std::string& name) {
    return asked().contains('"' + address(name) + '"');
  }
  [[nodiscard]] bool await_mail(const std::string& name, seconds limit = seconds{60}) {
    const auto until = steady_clock::now() + limit;
    while (!was_asked(name) && steady_clock::now() < until) std::this_thread::yield();
    return was_asked(name);
  }
  // Registers one after another until the first mail goes out: a group begins at the head, and
  // nobody is told when it has.
  void register_until_one_is_confirmed() {
    for (int count = 0; asked().empty() && count < 60; ++count) {
      register_patient(one, "first" + std::to_string(count));
      static_cast<void>(await_mail("first" + std::to_string(count), seconds{2}));
    }
    ASSERT_FALSE(asked().empty());
  }

  KafkaEnvironment environment;
  testing_outgoing::Played mail;
  whole::Place one;
  whole::Place other;
};

TEST_F(KafkaConfirming, IsDoneOnceAndNotAgainAfterARestartOrByTheNextMachine) {
  {
    Served served{one};
    ASSERT_TRUE(served.await(kWriter));
    register_until_one_is_confirmed();
    register_patient(one, "bea");
    ASSERT_TRUE(await_mail("bea"));
    EXPECT_EQ(served.stop().status, 0);
  }
  // Nobody serves, and nobody is forgotten.
  register_patient(one, "cleo");
  Served again{one};
  ASSERT_TRUE(again.await(kWriter));
  ASSERT_TRUE(await_mail("cleo"));
  Served standby{other};
  ASSERT_TRUE(standby.await(kPassesOnTo + again.url()));
  register_patient(other, "dora");
  ASSERT_TRUE(await_mail("dora"));
  EXPECT_EQ(again.stop().status, 0);
  ASSERT_TRUE(standby.await(kWriter));
  register_patient(other, "eva");
  ASSERT_TRUE(await_mail("eva"));
  EXPECT_EQ(standby.stop().status, 0);
  for (const auto& [to, times] : asked()) EXPECT_EQ(times, 1) << to;
}

}  // namespace
}  // namespace testing_kafka
