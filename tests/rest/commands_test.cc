#include "infra/codec/digest.h"
#include "infra/codec/submission_answers.h"
#include "infra/codec/submissions.h"
#include "tests/codec/samples.h"
#include "tests/rest/service.h"

// What a standby hands over, at the service that writes.
namespace testing_rest {
namespace {

using handling::Submission;

class Commands : public Service {
 protected:
  Submission exclusion(std::int64_t id) {
    const auto patient = patient::PatientId::numbered(id);
    const patient::Command command = patient::ExcludeTherapist{patient::TherapistId{5}, "zu weit"};
    return {patient::CommandId{ids.random()},
            infra::codec::command_digest(patient, command),
            patient,
            command,
            handling::ExpectAny{},
            "Anna",
            patient::CorrelationId{samples::uuid(2)}};
  }
  std::string message(const std::vector<Submission>& submissions) {
    std::string bytes = infra::codec::begin_submissions(serving->host().incarnation());
    for (const Submission& one : submissions) bytes += infra::codec::encode(one);
    return bytes;
  }
  Answer send(const std::string& body, const std::string& type = "application/octet-stream") const {
    testing_http::Peer peer{serving->port()};
    EXPECT_TRUE(peer.send(
        testing_http::request("POST /api/commands", "Content-Type: " + type + "\r\n", body)));
    return peer.answer();
  }
};

TEST_F(Commands, AreDecidedAsTheyAreInTheNameOfWhomTheySay) {
  create();
  const Answer answer = send(message({exclusion(1), exclusion(99)}));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("content-type"), "application/octet-stream");
  const auto answers = infra::codec::decode_answers(answer.body).value();
  ASSERT_EQ(answers.size(), 2U);
  const auto& done = std::get<handling::Done>(answers[0]);
  EXPECT_EQ(done.sequence, patient::Sequence{2});
  EXPECT_EQ(done.after.on_file()->exclusions.size(), 1U);
  EXPECT_EQ(std::get<patient::Refusal>(answers[1]).code, patient::RefusalCode::not_found);
  const std::string position = serving->host().token(*done.position);
  const Answer history =
      ask("GET /api/patients/1/history", "", "Kartei-Wait-For: " + position + "\r\n");
  EXPECT_EQ(at(history, "1.actor"), R"("Anna")") << history.body;
}

TEST_F(Commands, SentAgainAreAnsweredAsTheFirstTime) {
  create();
  const std::string once = message({exclusion(1)});
  EXPECT_EQ(send(once).status, 200);
  const auto again = infra::codec::decode_answers(send(once).body).value();
  EXPECT_TRUE(std::get<handling::Done>(again.at(0)).deduplicated);
}

TEST_F(Commands, OfSomebodyElseAreRefused) {
  EXPECT_EQ(send("").status, 400);
  EXPECT_EQ(send("{}").status, 400);
  EXPECT_EQ(send(message({})).status, 400);
  EXPECT_EQ(send(message({}), "application/json").status, 415);
  EXPECT_EQ(send(message(std::vector<Submission>(65, exclusion(1)))).status, 400);
  const Answer another =
      send(infra::codec::begin_submissions(ports::Incarnation{samples::uuid(9)}) +
           infra::codec::encode(exclusion(1)));
  EXPECT_EQ(another.status, 400);
  EXPECT_EQ(at(another, "message"), R"("the commands are meant for another log")");
  EXPECT_EQ(send(std::string(2'000'000, 'x')).status, 413);
}

}  // namespace
}  // namespace testing_rest
