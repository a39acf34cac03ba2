#include "infra/rest/writer_over_http.h"

#include <gtest/gtest.h>

#include <future>
#include <optional>

#include "domain/core/broken.h"
#include "infra/codec/digest.h"
#include "infra/codec/submission_answers.h"
#include "infra/codec/submissions.h"
#include "infra/http/server.h"
#include "infra/rest/answers.h"
#include "tests/codec/samples.h"
#include "tests/http/serving.h"
#include "tests/metrics/exposition.h"

// Commands that a standby hands over, and a writer that answers what the test likes.
namespace {

using handling::Answer;
using handling::Submission;
using infra::http::Response;
using infra::rest::WriterOverHttp;
using std::chrono::milliseconds;
using testing_http::Desk;

const ports::Incarnation kLog{samples::uuid(7)};

Submission exclusion(std::int64_t therapist, std::string reason = "zu weit") {
  const auto id = patient::PatientId::numbered(therapist);
  const patient::Command command =
      patient::ExcludeTherapist{patient::TherapistId{therapist}, std::move(reason)};
  return {patient::CommandId{samples::uuid(1)},
          infra::codec::command_digest(id, command),
          id,
          command,
          handling::ExpectAny{},
          "Anna",
          patient::CorrelationId{samples::uuid(2)}};
}

std::vector<Submission> exclusions(std::int64_t count) {
  std::vector<Submission> all;
  for (std::int64_t number = 1; number <= count; ++number) all.push_back(exclusion(number));
  return all;
}

// As a writer would: each is done at the sequence that its patient's number is.
Response done(const std::vector<Submission>& submissions) {
  std::vector<Answer> answers;
  for (const Submission& one : submissions)
    answers.emplace_back(
        handling::Done{*one.patient, {}, patient::Sequence{*one.patient->number()}, {}});
  return {.content_type = "application/octet-stream",
          .body = infra::codec::encode_answers(answers)};
}

class AWriterElsewhere : public ::testing::Test {
 protected:
  using Answers = std::vector<Answer>;

  // Hands these over on a thread of its own.
  std::future<Answers> hand_over(std::vector<Submission> submissions) {
    return std::async(std::launch::async, [this, all = std::move(submissions)] {
      return elsewhere->handle(address, kLog, all);
    });
  }
  // Takes the next message, and answers it.
  std::vector<Submission> answer_next(
      const std::function<Response(std::vector<Submission>)>& answer) {
    auto [request, reply] = desk.take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/api/commands");
    EXPECT_EQ(request.header("content-type"), "application/octet-stream");
    EXPECT_EQ(request.header("authorization"), authorization);
    auto read = infra::codec::decode_submissions(request.body).value();
    EXPECT_EQ(read.log, kLog);
    EXPECT_LE(request.body.size(), 1'000'000U);
    static_cast<void>(reply.send(answer(read.submissions)));
    return read.submissions;
  }
  // What handing one over comes to when the writer answers so.
  Answers told(const Response& response) {
    auto answers = hand_over(exclusions(1));
    answer_next([&](auto) { return response; });
    return answers.get();
  }
  // "kind: text" of what it throws then.
  std::string refused(const Response& response) {
    try {
      return "it answers " + std::to_string(told(response).size());
    } catch (const core::Broken& broken) {
      return std::to_string(static_cast<int>(broken.kind())) + ": " + broken.what();
    }
  }
  static std::string saying(core::Breakage kind, const std::string& text) {
    return std::to_string(static_cast<int>(kind)) + ": " + text;
  }
  static std::size_t unknown_among(const Answers& answers) {
    return static_cast<std::size_t>(
        std::count_if(answers.begin(), answers.end(), [](const Answer& one) {
          return std::holds_alternative<handling::OutcomeUnknown>(one);
        }));
  }
  void use(infra::http::ClientOptions options, std::optional<std::string> token = std::nullopt) {
    elsewhere.emplace(std::move(options), std::move(token), &metrics);
  }

  // How many messages came to that.
  double counted(const std::string& outcome) const {
    return testing_metrics::Exposition{metrics.text({})}.at(
        "kartei_forwarded_requests_total{outcome=\"" + outcome + "\"}");
  }

  infra::metrics::Metrics metrics;
  Desk desk;
  std::optional<infra::http::Server> writer{
      std::in_place, testing_http::on_any_port(), desk.handler()};
  std::string address = "http://127.0.0.1:" + std::to_string(writer->port());
  std::optional<std::string_view> authorization;
  std::optional<WriterOverHttp> elsewhere{
      std::in_place,
      infra::http::ClientOptions{.answer_timeout = milliseconds{60'000}},
      std::nullopt,
      &metrics};
};

TEST_F(AWriterElsewhere, IsSentTheCommandsAndGivesItsAnswers) {
  use({}, "kt_abc");
  authorization = "Bearer kt_abc";
  auto answers = hand_over(exclusions(3));
  const auto sent = answer_next(done);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[2].actor, "Anna");
  EXPECT_EQ(sent[2].command_id, patient::CommandId{samples::uuid(1)});
  const Answers told = answers.get();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(std::get<handling::Done>(told[2]).sequence, patient::Sequence{3});
}

TEST_F(AWriterElsewhere, IsSentManyCommandsInMessagesOfLimitedNumberAndSize) {
  std::vector<Submission> all = exclusions(66);
  for (std::int64_t number = 67; number <= 69; ++number)
    all.push_back(exclusion(number, std::string(400'000, 'x')));
  auto answers = hand_over(all);
  EXPECT_EQ(answer_next(done).size(), 64U);
  EXPECT_EQ(answer_next(done).size(), 4U);
  EXPECT_EQ(answer_next(done).size(), 1U);
  const Answers told = answers.get();
  ASSERT_EQ(told.size(), 69U);
  for (std::size_t at = 0; at < told.size(); ++at)
    EXPECT_EQ(std::get<handling::Done>(told[at]).sequence.get(), static_cast<std::int64_t>(at) + 1);
  EXPECT_EQ(counted("answered"), 3);
}

TEST_F(AWriterElsewhere, NeedNotBeAskedAboutACommandThatNoLogTakes) {
  std::vector<Submission> all{exclusion(1, std::string(1'000'001, 'x')), exclusion(2)};
  auto answers = hand_over(all);
  EXPECT_EQ(answer_next(done).size(), 1U);
  const Answers told = answers.get();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(std::get<patient::Refusal>(told[0]).code, patient::RefusalCode::invalid);
  EXPECT_EQ(std::get<handling::Done>(told[1]).sequence, patient::Sequence{2});
}

TEST_F(AWriterElsewhere, HasToBeThere) {
  writer.reset();
  auto answers = hand_over(exclusions(1));
  try {
    static_cast<void>(answers.get());
    FAIL() << "it answers";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::locked);
    EXPECT_EQ(std::string{broken.what()},
              "this process is a standby, and the one that has its turn to write cannot be reached "
              "now (Connection refused); nothing was appended, try again");
  }
  EXPECT_EQ(counted("unreachable"), 1);
}

TEST_F(AWriterElsewhere, IsNotAskedWhereEverybodyCouldListen) {
  for (const char* none : {"somewhere", "http://192.0.2.1:8080", "http://kartei.example"}) {
    address = none;
    EXPECT_THROW(static_cast<void>(hand_over(exclusions(1)).get()), core::Broken) << none;
  }
  EXPECT_EQ(counted("unreachable"), 3);
}

TEST_F(AWriterElsewhere, ThatGoesBeforeItAnswersLeavesAllThatItWasSentUnknown) {
  auto answers = hand_over(exclusions(65));
  answer_next(done);
  const auto held = desk.take();
  writer->stop(milliseconds{0});
  const Answers told = answers.get();
  ASSERT_EQ(told.size(), 65U);
  // What was answered before is true; whoever repeats all of it is told so again.
  EXPECT_TRUE(std::holds_alternative<handling::Done>(told[63]));
  EXPECT_EQ(unknown_among(told), 1U);
  EXPECT_EQ(counted("answered"), 1);
  EXPECT_EQ(counted("unknown"), 1);
}

TEST_F(AWriterElsewhere, ThatTakesSomeAndThenNoMoreLeavesTheRestUnknown) {
  auto answers = hand_over(exclusions(130));
  answer_next(done);
  answer_next([](auto) { return infra::rest::refusal(503, "busy", "too many"); });
  const Answers told = answers.get();
  ASSERT_EQ(told.size(), 130U);
  EXPECT_EQ(unknown_among(told), 66U);
  EXPECT_EQ(std::get<handling::OutcomeUnknown>(told[64]).why,
            "the process that writes took some of it and then no more: the process that writes "
            "took none of it: too many");
}

TEST_F(AWriterElsewhere, ThatAnswersWhatNobodyCanReadLeavesItUnknown) {
  for (const Response& response : {Response{.body = "{}"},
                                   Response{.content_type = "application/octet-stream"},
                                   done(exclusions(2)),
                                   infra::rest::refusal(500, "internal", "a defect"),
                                   infra::rest::refusal(504, "timeout", "late"),
                                   Response{.status = 502, .body = "<html>"},
                                   Response{.status = 503, .body = "<html>"},
                                   Response{.status = 201}}) {
    EXPECT_EQ(unknown_among(told(response)), 1U) << response.status << response.body;
  }
}

TEST_F(AWriterElsewhere, ThatTakesNothingSaysWhy) {
  using core::Breakage;
  using infra::rest::refusal;
  const std::string none = "the process that writes took none of it: ";
  EXPECT_EQ(refused(refusal(503, "locked", "a standby")),
            saying(Breakage::locked, none + "a standby"));
  EXPECT_EQ(refused(refusal(503, "broker_unavailable", "away")),
            saying(Breakage::broker_unavailable, none + "away"));
  EXPECT_EQ(refused(refusal(400, "usage", "another log")),
            saying(Breakage::locked, none + "another log"));
  EXPECT_EQ(refused(refusal(500, "io", "something broke and nothing was changed")),
            saying(Breakage::io,
                   "where the process that writes is, something broke and nothing was changed"));
  EXPECT_EQ(refused(refusal(404, "not_found", "")),
            saying(Breakage::locked,
                   "the process that writes is of another version, and takes no commands from this "
                   "one; nothing was appended, ask that one"));
}

TEST_F(AWriterElsewhere, ThatWantsATokenSaysWhatToDo) {
  const std::string what =
      "(--writer-token-file: one of the role operator there); nothing was appended";
  EXPECT_EQ(refused(infra::rest::refusal(401, "unauthorized", "")),
            saying(core::Breakage::locked,
                   "the process that writes takes changes with a token alone " + what));
  use({}, "kt_abc");
  authorization = "Bearer kt_abc";
  EXPECT_EQ(refused(infra::rest::refusal(403, "forbidden", "")),
            saying(core::Breakage::locked,
                   "the process that writes does not take the token of this one " + what));
}

TEST_F(AWriterElsewhere, IsNotWaitedForWhenThisProcessStops) {
  auto answers = hand_over(exclusions(1));
  const auto held = desk.take();
  elsewhere->stop();
  EXPECT_EQ(unknown_among(answers.get()), 1U);
  EXPECT_THROW(static_cast<void>(hand_over(exclusions(1)).get()), core::Broken);
}

TEST_F(AWriterElsewhere, IsSentNoMoreThanSoMuchAtATime) {
  use({.answer_timeout = milliseconds{60'000}, .together_max = 1});
  auto first = hand_over(exclusions(1));
  const auto held = desk.take();
  EXPECT_THROW(static_cast<void>(hand_over(exclusions(1)).get()), core::Broken);
  static_cast<void>(held.second.send(done(exclusions(1))));
  EXPECT_EQ(unknown_among(first.get()), 0U);
  EXPECT_EQ(counted("busy"), 1);
}

}  // namespace
