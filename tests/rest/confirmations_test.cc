#include <chrono>

#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/codec/registration.h"
#include "tests/outgoing/played.h"
#include "tests/rest/service.h"

// Mails that confirm registrations, from the log to the communication service's door.
namespace testing_rest {
namespace {

using infra::http::Request;
using infra::reactors::MailTemplate;
using testing_outgoing::Played;

constexpr const char* kWords =
    "# Anmeldung\n\nGuten Tag {vorname}, Ihre Nummer ist {patient_id}.\n";
constexpr std::chrono::seconds kPatience{60};

class Confirmations : public Service {
 protected:
  void start_with_mail() {
    kartei::ServeOptions options;
    options.confirmations = {mail.url() + "/api/emails", words(), "praxis@example.org", "Praxis"};
    start(std::move(options));
  }
  static MailTemplate words() { return MailTemplate::parse(kWords).value(); }

  // A registration, as an import submits it.
  void register_patient(const std::string& name, const std::string& email) {
    const auto document = infra::codec::read_json(
        R"({"patient_data":{"anrede":"Frau","geschlecht":"weiblich","vorname":")" + name +
        R"(","nachname":"Probe","symptome":["Einsamkeit"])" +
        (email.empty() ? "" : R"(,"email":")" + email + '"') + "}}");
    auto create = infra::codec::parse_registration(document.value()).value();
    const patient::Command command{std::move(create)};
    const handling::Submission submission{patient::CommandId{ids.random()},
                                          infra::codec::command_digest(std::nullopt, command),
                                          std::nullopt,
                                          command,
                                          handling::ExpectAny{},
                                          "import",
                                          patient::CorrelationId{ids.random()}};
    const auto answers = serving->host().guest()->handle(std::span{&submission, 1});
    ASSERT_TRUE(std::holds_alternative<handling::Done>(answers.front()));
  }

  // What the communication service was asked, once it was asked so often.
  std::vector<Request> asked(std::size_t times) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (mail.requests().size() < times && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    return mail.requests();
  }
  // Once the metrics say so.
  bool counted(const std::string& outcome, int count) {
    const std::string line = "kartei_confirmation_mails_total{outcome=\"" + outcome + "\"} " +
                             std::to_string(count) + "\n";
    return await_metric(line);
  }
  bool await_metric(const std::string& line) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    do {
      if (ask("GET /metrics").body.find(line) != std::string::npos) return true;
    } while (std::chrono::steady_clock::now() < until);
    return false;
  }
  static std::string header(const Request& request, std::string_view name) {
    return std::string{request.header(name).value_or("")};
  }

  Played mail;
};

TEST_F(Confirmations, OneIsSentForEachRegistration) {
  start_with_mail();
  mail.answers(202);
  register_patient("Ada", "ada@example.org");
  const auto requests = asked(1);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method + ' ' + requests[0].target, "POST /api/emails");
  EXPECT_EQ(requests[0].body,
            R"({"patient_id":"1","betreff":"Anmeldung",)"
            R"("inhalt_markdown":"Guten Tag Ada, Ihre Nummer ist 1.\n",)"
            R"("empfaenger_email":"ada@example.org","empfaenger_name":"Ada Probe",)"
            R"("absender_email":"praxis@example.org","absender_name":"Praxis"})");
  EXPECT_TRUE(counted("sent", 1));
  EXPECT_TRUE(await_metric("kartei_confirmation_lag_events 0\n"));
}

TEST_F(Confirmations, PatientsWhoWereTypedInGetNone) {
  start_with_mail();
  create();
  mail.answers(202);
  register_patient("Ada", "ada@example.org");
  EXPECT_EQ(asked(1).size(), 1U);
  EXPECT_TRUE(counted("sent", 1));
  EXPECT_TRUE(counted("skipped", 0)) << "nobody was to be written to";
  EXPECT_EQ(mail.requests().size(), 1U);
}

TEST_F(Confirmations, OneIsTriedAgainUntilItIsTaken) {
  start_with_mail();  // It answers 500 until something else is said.
  register_patient("Ada", "ada@example.org");
  EXPECT_TRUE(counted("retried", 1));
  mail.answers(404);  // Perhaps the URL is wrong: that is mended, and the mail is not lost.
  mail.answers(429);
  mail.answers(201);
  EXPECT_TRUE(counted("sent", 1));
  const auto requests = mail.requests();
  ASSERT_GE(requests.size(), 3U);
  for (const Request& request : requests) {
    EXPECT_EQ(header(request, "Idempotency-Key"), header(requests[0], "Idempotency-Key"));
    EXPECT_EQ(request.body, requests[0].body);
  }
}

TEST_F(Confirmations, AServiceThatWantsToBeLeftAloneIsForSoLong) {
  start_with_mail();
  mail.answers({503, "", {{"Retry-After", "3"}}});
  mail.answers(201);
  const auto begun = std::chrono::steady_clock::now();
  register_patient("Ada", "ada@example.org");
  EXPECT_TRUE(counted("sent", 1));
  EXPECT_EQ(mail.requests().size(), 2U);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::seconds{3});
}

TEST_F(Confirmations, OneThatIsRefusedHoldsUpNoOther) {
  start_with_mail();
  mail.answers(422);
  mail.answers(201);
  register_patient("Ada", "ada@example.org");
  register_patient("Bea", "bea@example.org");
  EXPECT_TRUE(counted("sent", 1));
  EXPECT_TRUE(counted("refused", 1));
  const std::string event = header(mail.requests().front(), "Idempotency-Key");
  stop();
  std::string said;
  for (const std::string& notice : notices) said += notice + '\n';
  EXPECT_NE(said.find("mail of event " + event + " (HTTP 422); it is not sent"), std::string::npos)
      << said;
  EXPECT_EQ(said.find("ada@"), std::string::npos);
  EXPECT_EQ(said.find("Ada"), std::string::npos);
}

TEST_F(Confirmations, WhoHasNoAddressGetsNone) {
  start_with_mail();
  register_patient("Ada", "");
  EXPECT_TRUE(counted("skipped", 1));
  EXPECT_TRUE(mail.requests().empty());
}

TEST_F(Confirmations, WhatWasSentIsNotSentAgainByTheNextService) {
  start_with_mail();
  mail.answers(201);
  register_patient("Ada", "ada@example.org");
  EXPECT_TRUE(counted("sent", 1));
  EXPECT_TRUE(await_metric("kartei_confirmation_lag_events 0\n"));
  start_with_mail();
  mail.answers(201);
  register_patient("Bea", "bea@example.org");
  EXPECT_TRUE(counted("sent", 1));
  EXPECT_EQ(mail.requests().size(), 2U);
}

TEST_F(Confirmations, WhatWasSentBeforeOneThatWaitsIsNotSentAgain) {
  start_with_mail();
  mail.answers(201);
  register_patient("Ada", "ada@example.org");
  register_patient("Bea", "bea@example.org");
  EXPECT_TRUE(counted("sent", 1));
  EXPECT_TRUE(counted("retried", 1));
  stop();
  const std::size_t before = mail.requests().size();
  const std::string waits = header(mail.requests().back(), "Idempotency-Key");
  mail.answers(201);
  start_with_mail();
  EXPECT_TRUE(counted("sent", 1));
  const auto requests = mail.requests();
  ASSERT_EQ(requests.size(), before + 1);
  EXPECT_EQ(header(requests.back(), "Idempotency-Key"), waits);
}

TEST_F(Confirmations, WhatWasNotSentIsSentByTheNextService) {
  start_with_mail();
  register_patient("Ada", "ada@example.org");
  EXPECT_TRUE(counted("retried", 1));
  stop();
  const std::size_t before = mail.requests().size();
  mail.answers(201);
  start_with_mail();
  EXPECT_TRUE(counted("sent", 1));
  const auto requests = mail.requests();
  ASSERT_EQ(requests.size(), before + 1);
  EXPECT_EQ(header(requests.back(), "Idempotency-Key"), header(requests[0], "Idempotency-Key"));
}

TEST_F(Confirmations, RegistrationsBeforeTheFirstServiceThatConfirmsGetNone) {
  register_patient("Ada", "ada@example.org");
  start_with_mail();
  mail.answers(201);
  register_patient("Bea", "bea@example.org");
  EXPECT_TRUE(counted("sent", 1));
  ASSERT_EQ(mail.requests().size(), 1U);
  EXPECT_NE(mail.requests()[0].body.find("bea@"), std::string::npos);
}

TEST_F(Confirmations, ARebuildSendsNothing) {
  start_with_mail();
  mail.answers(201);
  register_patient("Ada", "ada@example.org");
  EXPECT_TRUE(counted("sent", 1));
  testing_http::Peer peer{serving->port()};
  ASSERT_TRUE(peer.send(testing_http::request("POST /api/projections/directory/rebuild")));
  EXPECT_NE(peer.read_to_the_end().find("event: done"), std::string::npos);
  mail.answers(201);
  register_patient("Bea", "bea@example.org");
  EXPECT_TRUE(counted("sent", 2));
  EXPECT_EQ(mail.requests().size(), 2U);
}

TEST_F(Confirmations, WhoWasDeletedMeanwhileGetsNone) {
  start_with_mail();
  register_patient("Ada", "ada@example.org");
  EXPECT_TRUE(counted("retried", 1));
  EXPECT_EQ(ask("DELETE /api/patients/1").status, 200);
  EXPECT_TRUE(counted("skipped", 1));
  EXPECT_TRUE(counted("sent", 0));
}

TEST_F(Confirmations, NobodyIsWrittenToAMonthLater) {
  start_with_mail();
  register_patient("Ada", "ada@example.org");
  EXPECT_TRUE(counted("retried", 1));
  clock.advance(std::chrono::days{31});
  EXPECT_TRUE(counted("skipped", 1));
}

}  // namespace
}  // namespace testing_rest
