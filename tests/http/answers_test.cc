#include <gtest/gtest.h>

#include <thread>

#include "tests/http/peer.h"
#include "tests/http/serving.h"

// What every client meets: requests that are read as they were meant, answers that are whole and in
// order.
namespace {

using infra::http::Reply;
using infra::http::Request;
using infra::http::Response;
using infra::http::Server;
using testing_http::Answer;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::request;

// Says what it understood: method, then each segment, parameter and the body.
void echo(const Request& request, const Reply& reply) {
  std::string text = request.method;
  for (const auto& segment : request.path) text += " [" + segment + ']';
  for (const auto& [name, value] : request.query) text += " {" + name + '=' + value + '}';
  text += ' ' + request.body;
  reply.send({.content_type = "text/plain", .body = std::move(text)});
}

std::string echoed(const std::string& text) {
  const Server server{on_any_port(), echo};
  Peer peer{server.port()};
  peer.send(text);
  return peer.answer().body;
}

TEST(Answers, AreWhatTheHandlerSent) {
  const Server server{on_any_port(), [](const Request&, const Reply& reply) {
                        reply.send({.status = 201,
                                    .content_type = "application/json",
                                    .headers = {{"ETag", "\"7\""}},
                                    .body = "{}"});
                      }};
  Peer peer{server.port()};
  peer.send(request("POST /api/patients", "", "{}"));
  const Answer answer = peer.answer();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header("etag"), "\"7\"");
  EXPECT_EQ(answer.header("content-length"), "2");
  EXPECT_EQ(answer.header("date").size(), std::string{"Sun, 06 Nov 1994 08:49:37 GMT"}.size());
  EXPECT_EQ(answer.header("connection"), "");
  EXPECT_EQ(answer.body, "{}");
}

TEST(Requests, AreReadWithPathQueryAndBody) {
  EXPECT_EQ(echoed(request("GET /api/patients/7?a=1&b=%C3%A4+o%2B&c&=d&&", "")),
            "GET [api] [patients] [7] {a=1} {b=ä o+} {c=} {=d} ");
  EXPECT_EQ(echoed(request("GET /")), "GET ");
  EXPECT_EQ(echoed(request("GET /a%2Fb//+/")), "GET [a/b] [] [+] [] ");
  EXPECT_EQ(echoed(request("OPTIONS *")), "OPTIONS ");
  EXPECT_EQ(echoed(request("GET http://kartei/a?b=c")), "GET [a] {b=c} ");
  EXPECT_EQ(echoed(request("GET http://kartei?b=c")), "GET {b=c} ");
  EXPECT_EQ(echoed(request("PUT /x", "", "body")), "PUT [x] body");
  EXPECT_EQ(echoed(request("POST /x", "Transfer-Encoding: chunked\r\n") +
                   "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: 1\r\n\r\n"),
            "POST [x] abcde");
}

TEST(Requests, FindHeadersInAnyCaseAndParametersAsWritten) {
  const Request request{.query = {{"a", "1"}, {"a", "2"}},
                        .headers = {{"If-Match", "\"7\""}, {"if-match", "\"8\""}}};
  EXPECT_EQ(request.header("IF-MATCH"), "\"7\"");
  EXPECT_EQ(request.header("If-Matc"), std::nullopt);
  EXPECT_EQ(request.parameter("a"), "1");
  EXPECT_EQ(request.parameter("A"), std::nullopt);
}

TEST(Requests, KnowWhoSentThem) {
  const Server server{on_any_port(), [](const Request& request, const Reply& reply) {
                        reply.send({.body = request.remote});
                      }};
  Peer peer{server.port()};
  peer.send(request("GET /"));
  EXPECT_EQ(peer.answer().body, "127.0.0.1");
}

TEST(Connections, AreKeptForTheNextRequest) {
  const Server server{on_any_port(), echo};
  Peer peer{server.port()};
  for (int i = 0; i < 100; ++i) {
    peer.send(request("POST /" + std::to_string(i), "", std::string(static_cast<size_t>(i), 'x')));
    EXPECT_EQ(peer.answer().status, 200);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(Connections, AnswerPipelinedRequestsInOrder) {
  const Server server{on_any_port(), echo};
  Peer peer{server.port()};
  std::string all;
  for (int i = 0; i < 500; ++i) all += request("POST /" + std::to_string(i), "", "body");
  std::thread sender{[&] { peer.send(all); }};
  for (int i = 0; i < 500; ++i)
    EXPECT_EQ(peer.answer().body, "POST [" + std::to_string(i) + "] body");
  sender.join();
}

TEST(Connections, EndWhenTheClientSaysSoAndAfterHttp10) {
  const Server server{on_any_port(), echo};
  Peer closing{server.port()};
  closing.send(request("GET /", "Connection: close\r\n"));
  EXPECT_EQ(closing.answer().header("connection"), "close");
  EXPECT_EQ(closing.read_to_the_end(), "");
  Peer old{server.port()};
  old.send("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.answer().body, "GET [old] ");
  EXPECT_EQ(old.read_to_the_end(), "");
  Peer old_that_stays{server.port()};
  old_that_stays.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(old_that_stays.answer().header("connection"), "keep-alive");
  old_that_stays.send("GET /b HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old_that_stays.answer().body, "GET [b] ");
}

TEST(Connections, AnswerAClientThatOnlyListensAnyMore) {
  const Server server{on_any_port(), echo};
  Peer peer{server.port()};
  peer.send(request("GET /a") + request("GET /b"));
  peer.end_sending();
  EXPECT_EQ(peer.answer().body, "GET [a] ");
  EXPECT_EQ(peer.answer().body, "GET [b] ");
  EXPECT_EQ(peer.read_to_the_end(), "");
}

TEST(Answers, ToHeadHaveTheLengthAndNoBody) {
  const Server server{on_any_port(), echo};
  Peer peer{server.port()};
  peer.send(request("HEAD /a") + request("GET /b"));
  const Answer answer = peer.answer(true);
  EXPECT_EQ(answer.header("content-length"), "9");
  EXPECT_EQ(answer.header("content-type"), "text/plain");
  EXPECT_EQ(peer.answer().body, "GET [b] ");
}

TEST(Answers, WithoutContentHaveNeitherLengthNorType) {
  const Server server{on_any_port(), [](const Request&, const Reply& reply) {
                        reply.send({.status = 204, .body = "not sent"});
                      }};
  Peer peer{server.port()};
  for (int i = 0; i < 2; ++i) {
    peer.send(request("DELETE /a"));
    const Answer answer = peer.answer();
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.header("content-length"), "");
    EXPECT_EQ(answer.header("content-type"), "");
  }
}

TEST(Answers, MayBeLargerThanWhatTheSystemTakesAtOnce) {
  std::string large(std::size_t{8} * 1024 * 1024, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 % 251);
  const Server server{on_any_port(), [&](const Request& request, const Reply& reply) {
                        reply.send({.body = request.path.empty() ? large : request.path[0]});
                      }};
  Peer peer = Peer::that_reads_slowly(server.port());
  peer.send(request("GET /") + request("GET /next"));
  EXPECT_TRUE(peer.answer().body == large);
  EXPECT_EQ(peer.answer().body, "next");
}

TEST(Answers, MayComeFromAnotherThreadLater) {
  std::vector<std::thread> threads;
  {
    const Server server{
        on_any_port(), [&](Request request, Reply reply) {
          threads.emplace_back([request = std::move(request), reply] { echo(request, reply); });
        }};
    Peer peer{server.port()};
    peer.send(request("GET /a") + request("GET /b"));
    EXPECT_EQ(peer.answer().body, "GET [a] ");
    EXPECT_EQ(peer.answer().body, "GET [b] ");
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Answers, CountOnce) {
  const Server server{on_any_port(), [](const Request&, const Reply& reply) {
                        const Reply& copy = reply;
                        EXPECT_TRUE(copy.send({.body = "first"}));
                        EXPECT_FALSE(reply.send({.body = "second"}));
                        EXPECT_FALSE(reply.stream().open());
                      }};
  Peer peer{server.port()};
  for (int i = 0; i < 3; ++i) {
    peer.send(request("GET /"));
    EXPECT_EQ(peer.answer().body, "first");
  }
}

void expect_problem(const Answer& answer, int status, const std::string& code) {
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_NE(answer.body.find("\"status\":" + std::to_string(status)), std::string::npos);
  EXPECT_NE(answer.body.find("\"code\":\"" + code + '"'), std::string::npos) << answer.body;
}

TEST(Answers, ThatNobodyGaveAreProblems) {
  const Server server{on_any_port(), [](const Request& request, const Reply& reply) {
                        if (request.method == "PUT") throw std::runtime_error{"secret"};
                        if (request.method == "POST")
                          reply.send({.headers = {{"X-Id", "1\r\nSet-Cookie: a=b"}}});
                        if (request.method == "PATCH")
                          reply.send({.headers = {{"content-length", "1"}}});
                      }};
  Peer peer{server.port()};
  for (const char* method : {"GET", "PUT", "POST", "PATCH"}) {
    SCOPED_TRACE(method);
    peer.send(request(std::string{method} + " /"));
    const Answer answer = peer.answer();
    expect_problem(answer, 500, "internal");
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  }
}

TEST(Problems, AreDocumentsAndEscapeWhatJsonWants) {
  EXPECT_EQ(infra::http::problem(400, "usage", "a \"b\"\\\n").body,
            R"({"type":"about:blank","title":"Bad Request","status":400,"code":"usage",)"
            R"("message":"a \"b\"\\\u000a","detail":"a \"b\"\\\u000a"})");
}

}  // namespace
