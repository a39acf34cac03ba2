#include <gtest/gtest.h>

#include "tests/outgoing/played.h"
#include "tests/rest/clients/served.h"

// The mail that confirms a registration, asked for by a real `kartei serve`.
namespace {

using infra::http::Request;
using testing_rest::Served;

constexpr const char* kCanary = "Kanarienvogel";

class AConfirmationMail : public ::testing::Test {
 protected:
  AConfirmationMail() {
    place.variables = {
        {"KARTEI_CONFIRMATION_URL", mail.url() + "/api/emails"},
        {"KARTEI_CONFIRMATION_TEXT", place.write("text.md", "# Anmeldung\n\nHallo {vorname}\n")},
        {"KARTEI_CONFIRMATION_SENDER", "praxis@example.org"}};
  }
  void import_one() {
    const std::string document = std::string{R"({"patient_data":{"anrede":"Frau",)"} +
                                 R"("geschlecht":"weiblich","vorname":")" + kCanary +
                                 R"(","nachname":"Probe","symptome":["Einsamkeit"],)" +
                                 R"("email":"kanarienvogel@example.org"}})";
    const whole::Ran ran =
        place.json({"import", "registrations", place.write("one.json", document)});
    ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  }
  std::vector<Request> asked(std::size_t times) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (mail.requests().size() < times && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    return mail.requests();
  }
  static std::string key_of(const Request& request) {
    return std::string{request.header("Idempotency-Key").value_or("")};
  }

  whole::Place place;
  testing_outgoing::Played mail;
};

TEST_F(AConfirmationMail, IsAskedForAgainUnderItsKeyByWhoComesAfterAKill) {
  std::size_t before = 0;
  {
    Served served{place};
    import_one();
    ASSERT_GE(asked(1).size(), 1U);
    served.strike();
    const whole::Ran ended = served.end();
    EXPECT_EQ((ended.out + ended.err).find(kCanary), std::string::npos);
    before = mail.requests().size();
  }
  mail.answers(201);
  Served served{place};
  const auto requests = asked(before + 1);
  ASSERT_GT(requests.size(), before);
  EXPECT_EQ(requests.back().body, requests.front().body);
  EXPECT_NE(key_of(requests.front()), "");
  EXPECT_EQ(key_of(requests.back()), key_of(requests.front()));
  const whole::Ran ended = served.stop();
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ((ended.out + ended.err).find(kCanary), std::string::npos);
}

TEST_F(AConfirmationMail, IsPostedWithTheTokenOfAFileThatNoLogRepeats) {
  const std::string token = "geheim-4711";
  const std::string file = place.write("mail-token", token + "\n");
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  place.variables["KARTEI_CONFIRMATION_TOKEN_FILE"] = file;
  place.variables["KAFKA_LOG_LEVEL"] = "debug";
  mail.answers(401);
  mail.answers(201);
  Served served{place};
  import_one();
  const auto requests = asked(2);
  ASSERT_EQ(requests.size(), 2U);
  for (const Request& request : requests)
    EXPECT_EQ(request.header("Authorization").value_or(""), "Bearer " + token);
  const whole::Ran ended = served.stop();
  EXPECT_NE(ended.err.find("confirmation mails wait"), std::string::npos) << ended.err;
  EXPECT_EQ((ended.out + ended.err).find(token), std::string::npos) << ended.err;
}

TEST_F(AConfirmationMail, WithATokenFileThatIsNoneIsRefusedAtTheStart) {
  place.variables["KARTEI_CONFIRMATION_TOKEN_FILE"] = place.write("mail-token", "two\nlines\n");
  // Somebody listens there already: a service that takes the file ends as well.
  const whole::Ran ran = place.json({"serve", "--listen", mail.host()});
  EXPECT_EQ(ran.status, 2) << ran.out;
  EXPECT_EQ(ran.out.find("two"), std::string::npos) << ran.out;
}

TEST_F(AConfirmationMail, HoldsUpNeitherAnImportNorAStop) {
  mail.answers({503, "", {{"Retry-After", "60"}}});
  Served served{place};
  import_one();
  ASSERT_GE(asked(1).size(), 1U);
  EXPECT_TRUE(served.await("confirmation mails wait"));
  EXPECT_EQ(place.json({"patient", "show", "1"}).status, 0);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(served.stop().status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
}

}  // namespace
