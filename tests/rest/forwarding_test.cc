#include "infra/rest/forwarding.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "infra/codec/json.h"
#include "infra/http/server.h"
#include "infra/rest/routes.h"
#include "tests/http/peer.h"
#include "tests/http/serving.h"
#include "tests/metrics/exposition.h"

// A standby and the process that writes, as two servers: what the one is asked the other answers.
namespace {

using infra::http::Reply;
using infra::http::Request;
using infra::http::Server;
using infra::rest::Call;
using infra::rest::Forwarding;
using std::chrono::milliseconds;
using testing_http::Answer;
using testing_http::Desk;
using testing_http::on_any_port;
using testing_http::Peer;

constexpr const char* kCommand = "6f1b8f0e-3c0b-4a7e-9a51-0d7c3a1e2b44";
constexpr const char* kCorrelation = "0d7c3a1e-2b44-4a7e-9a51-6f1b8f0e3c0b";

class AStandby : public ::testing::Test {
 protected:
  explicit AStandby(infra::http::ClientOptions options = {.answer_timeout = milliseconds{60'000}})
      : forwarding(std::move(options),
                   metrics,
                   [this](std::string_view why) { complaints.put(std::string{why}); }),
        writer(std::in_place, on_any_port(), desk.handler()),
        address("http://127.0.0.1:" + std::to_string(writer->port())),
        standby(on_any_port(), [this](Request request, Reply reply) {
          auto found = infra::rest::find_route(request);
          auto call = std::make_shared<Call>(Call{std::move(request), reply, *found.route, {}});
          forwarding.forward(address,
                             std::move(call),
                             patient::CommandId{*core::Uuid::parse(kCommand)},
                             *core::Uuid::parse(kCorrelation));
        }) {}
  ~AStandby() override { standby.stop(milliseconds{0}); }

  Peer send(const std::string& headers = "") const {
    Peer peer{standby.port()};
    peer.send(testing_http::request("PUT /api/patients/7?a=b", headers, R"({"ort":"Bonn"})"));
    return peer;
  }
  static std::string code_of(const Answer& answer) {
    const auto document = infra::codec::read_json(answer.body);
    return document ? infra::codec::write_json(infra::rest::member(document.value(), "code"))
                    : answer.body;
  }

  // How many were passed on with that outcome, as /metrics says.
  double passed_on(const std::string& outcome) const {
    return testing_metrics::Exposition{metrics.text({})}.at(
        "kartei_forwarded_requests_total{outcome=\"" + outcome + "\"}");
  }

  infra::metrics::Metrics metrics;
  testing_http::Queue<std::string> complaints;
  Forwarding forwarding;
  Desk desk;
  std::optional<Server> writer;
  std::string address;
  Server standby;
};

TEST_F(AStandby, PassesOnWhatIsToBeDoneAndWhoAsksAndUnderWhatKey) {
  Peer peer = send(
      "Authorization: Bearer abc\r\nContent-Type: application/json\r\nIf-Match: \"3\"\r\n"
      "Idempotency-Key: another form\r\nCookie: c\r\n");
  const auto [request, reply] = desk.take();
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.target, "/api/patients/7?a=b");
  EXPECT_EQ(request.body, R"({"ort":"Bonn"})");
  EXPECT_EQ(request.header("authorization"), "Bearer abc");
  EXPECT_EQ(request.header("content-type"), "application/json");
  EXPECT_EQ(request.header("if-match"), "\"3\"");
  EXPECT_EQ(request.header("idempotency-key"), kCommand);
  EXPECT_EQ(request.header("x-correlation-id"), kCorrelation);
  EXPECT_EQ(request.header("cookie"), std::nullopt);
  EXPECT_TRUE(Forwarding::was_forwarded(request));
  EXPECT_FALSE(Forwarding::was_forwarded({}));
  reply.send({});
  EXPECT_EQ(peer.answer().status, 200);
}

TEST_F(AStandby, AnswersAsTheWriterDoes) {
  Peer peer = send();
  desk.take().second.send({.status = 412,
                           .content_type = "application/problem+json",
                           .headers = {{"ETag", "\"4\""},
                                       {"Location", "/api/patients/7"},
                                       {"Kartei-Position", "p"},
                                       {"X-Correlation-Id", kCorrelation}},
                           .body = R"({"code":"wrong_expected_sequence"})"});
  const Answer answer = peer.answer();
  EXPECT_EQ(answer.status, 412);
  EXPECT_EQ(answer.body, R"({"code":"wrong_expected_sequence"})");
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_EQ(answer.header("etag"), "\"4\"");
  EXPECT_EQ(answer.header("location"), "/api/patients/7");
  EXPECT_EQ(answer.header("kartei-position"), "p");
  EXPECT_EQ(answer.header("x-correlation-id"), kCorrelation);
  EXPECT_EQ(passed_on("answered"), 1);
}

TEST_F(AStandby, SaysLockedAndTellsTheOperatorOnceWhileTheWriterIsGone) {
  writer.reset();
  for (int count = 0; count < 2; ++count) {
    const Answer answer = send().answer();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(code_of(answer), R"("locked")");
    EXPECT_EQ(answer.header("retry-after"), "1");
    EXPECT_EQ(answer.header("x-correlation-id"), kCorrelation);
  }
  EXPECT_EQ(complaints.take(),
            "the writer does not answer what is passed on to it: Connection refused");
  EXPECT_TRUE(complaints.empty());
  EXPECT_EQ(passed_on("unreachable"), 2);
}

TEST_F(AStandby, SaysThatNobodyKnowsWhenTheWriterIsGoneBeforeItAnswers) {
  Peer peer = send();
  const auto held = desk.take();
  writer->stop(milliseconds{0});
  const Answer answer = peer.answer();
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(code_of(answer), R"("outcome_unknown")");
  EXPECT_NE(answer.body.find(std::string{"Idempotency-Key: "} + kCommand), std::string::npos);
  EXPECT_EQ(answer.header("x-correlation-id"), kCorrelation);
  EXPECT_EQ(passed_on("unknown"), 1);
}

TEST_F(AStandby, SaysLockedWhereTheAddressOfTheWriterIsNoneOrInTheClear) {
  for (const char* none : {"somewhere", "http://192.0.2.1:8080", "http://kartei.example"}) {
    address = none;
    const Answer answer = send().answer();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(code_of(answer), R"("locked")");
  }
  EXPECT_EQ(passed_on("unreachable"), 3);
}

class AnImpatientStandby : public AStandby {
 protected:
  AnImpatientStandby() : AStandby({.answer_timeout = milliseconds{50}}) {}
};

TEST_F(AnImpatientStandby, SaysThatNobodyKnowsWhenTheWriterHangs) {
  Peer peer = send();
  const auto held = desk.take();
  const Answer answer = peer.answer();
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(code_of(answer), R"("outcome_unknown")");
}

class ASmallStandby : public AStandby {
 protected:
  ASmallStandby() : AStandby({.together_max = 1}) {}
};

TEST_F(ASmallStandby, SaysBusyToWhatIsTooMuchAndGoesOn) {
  Peer first = send();
  const auto held = desk.take();
  const Answer refused = send().answer();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(code_of(refused), R"("busy")");
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(passed_on("busy"), 1);
  held.second.send({});
  EXPECT_EQ(first.answer().status, 200);
  Peer next = send();
  desk.take().second.send({});
  EXPECT_EQ(next.answer().status, 200);
}

}  // namespace
