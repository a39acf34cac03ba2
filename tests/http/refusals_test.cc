#include <gtest/gtest.h>

#include "infra/http/request_parser.h"
#include "tests/http/peer.h"
#include "tests/http/serving.h"

// What is no request, or could be read in two ways, never reaches the handler: it is answered, and
// the connection ends, because nobody knows where the next request would begin.
namespace {

using infra::http::Options;
using infra::http::Reply;
using infra::http::Request;
using infra::http::Server;
using testing_http::Answer;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::request;

void never(const Request&, const Reply&) { ADD_FAILURE() << "the handler was called"; }

void expect_refusal(const Options& options, const std::string& bytes, int status) {
  SCOPED_TRACE(bytes.substr(0, 200));
  const Server server{options, never};
  Peer peer{server.port()};
  EXPECT_TRUE(peer.send(bytes));
  const Answer answer = peer.answer();
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_NE(answer.body.find(R"("code":"usage")"), std::string::npos) << answer.body;
  EXPECT_EQ(peer.read_to_the_end(), "");
}

void expect_refusal(const std::string& bytes, int status) {
  expect_refusal(on_any_port(), bytes, status);
}

TEST(Refusals, OfWhatIsNoHttp) {
  for (const char* bytes : {"GARBAGE\r\n\r\n",
                            "\r\n\r\n",
                            "GET /\r\n\r\n",
                            "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                            "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                            "GET / HTTP/1.1\nHost: a\n\n",
                            "GET / HTTP/1.1\r\nHost a\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
                            "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"}) {
    expect_refusal(bytes, 400);
  }
}

TEST(Refusals, OfRequestsWithoutOneHost) {
  expect_refusal("GET / HTTP/1.1\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
}

TEST(Refusals, OfBodiesWhoseLengthTwoServersCouldReadDifferently) {
  for (const char* headers : {"Content-Length: 5\r\nContent-Length: 5\r\n",
                              "Content-Length: 5\r\nContent-Length: 6\r\n",
                              "Content-Length: 5, 5\r\n",
                              "Content-Length: -1\r\n",
                              "Content-Length: +5\r\n",
                              "Content-Length: 0x5\r\n",
                              "Content-Length: 5 5\r\n",
                              "Content-Length: 99999999999999999999\r\n",
                              "Content-Length: \r\n",
                              "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                              "Transfer-Encoding: identity\r\nContent-Length: 5\r\n",
                              "Transfer-Encoding: gzip\r\n",
                              "Transfer-Encoding: gzip, chunked\r\n",
                              "Transfer-Encoding: chunked, gzip\r\n",
                              "Transfer-Encoding: chunked, chunked\r\n",
                              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding: xchunked\r\n",
                              "Transfer-Encoding : chunked\r\n"}) {
    expect_refusal(request("POST /", headers) + "0\r\n\r\n", 400);
  }
  expect_refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
}

TEST(Refusals, OfMalformedChunks) {
  const std::string chunked = request("POST /", "Transfer-Encoding: chunked\r\n");
  for (const char* chunks : {"zz\r\nabcdef\r\n0\r\n\r\n",
                             "3\r\nabcd\r\n0\r\n\r\n",
                             "-3\r\nabc\r\n0\r\n\r\n",
                             "ffffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
                             "\r\n\r\n\r\n",
                             "0\r\nContent-Length: 5\r\n\r\n"}) {
    expect_refusal(chunked + chunks, 400);
  }
}

TEST(Refusals, OfTargetsThatAreNoPercentEncodedUtf8) {
  for (const char* target : {"/%",
                             "/%4",
                             "/%zz",
                             "/a%00b",
                             "/%ff",
                             "/%c0%af",
                             "/%ed%a0%80",
                             "/?a=%ff",
                             "/?%00=a",
                             "/?a=%",
                             "kartei",
                             "kartei:443",
                             "?a=b"}) {
    expect_refusal(request(std::string{"GET "} + target), 400);
  }
}

TEST(Refusals, OfExpectationsOtherThanToContinue) {
  expect_refusal(request("POST /", "Expect: miracles\r\nContent-Length: 1\r\n"), 417);
}

TEST(Refusals, OfHeadersThatAreTooLarge) {
  const std::string large(std::size_t{17} * 1024, 'x');
  expect_refusal(request("GET /", "X: " + large + "\r\n"), 431);
  expect_refusal(request("GET /" + large), 431);
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "X: y\r\n";
  expect_refusal(request("GET /", many), 431);
  expect_refusal(large, 431);
}

TEST(Refusals, OfBodiesThatAreTooLargeBeforeTheyCome) {
  expect_refusal(request("POST /", "Content-Length: 4194305\r\n"), 413);
  expect_refusal(request("POST /", "Content-Length: 4194305\r\nExpect: 100-continue\r\n"), 413);
}

TEST(Refusals, OfBodiesThatTurnOutToBeTooLarge) {
  Options options = on_any_port();
  options.limits.body_bytes = 1000;
  const std::string chunked = request("POST /", "Transfer-Encoding: chunked\r\n");
  expect_refusal(options, chunked + "3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n", 413);
  std::string small;
  for (int i = 0; i < 200; ++i) small += "6\r\nabcdef\r\n";
  expect_refusal(options, chunked + small + "0\r\n\r\n", 413);
}

// The answer must not be lost because a megabyte that nobody reads is still on its way.
TEST(Refusals, AreHeardByAClientThatIsStillSending) {
  const Server server{on_any_port(), never};
  for (int i = 0; i < 5; ++i) {
    Peer peer{server.port()};
    EXPECT_TRUE(peer.send(request("POST /", "", std::string(std::size_t{5} * 1024 * 1024, 'x'))));
    EXPECT_EQ(peer.answer().status, 413);
    EXPECT_EQ(peer.read_to_the_end(), "");
  }
}

TEST(Refusals, ComeAfterTheAnswersToGoodRequests) {
  const Server server{on_any_port(), [](const Request& request, const Reply& reply) {
                        reply.send({.body = request.path.at(0)});
                      }};
  Peer peer{server.port()};
  peer.send(request("GET /a") + request("GET /b") + "nonsense\r\n\r\n" + request("GET /c"));
  EXPECT_EQ(peer.answer().body, "a");
  EXPECT_EQ(peer.answer().body, "b");
  EXPECT_EQ(peer.answer().status, 400);
  EXPECT_EQ(peer.read_to_the_end(), "");
}

TEST(Bodies, MayBeAsLargeAsTheLimit) {
  const Server server{on_any_port(), [](const Request& request, const Reply& reply) {
                        reply.send({.body = std::to_string(request.body.size())});
                      }};
  const std::string body(std::size_t{4} * 1024 * 1024, 'x');
  Peer peer{server.port()};
  peer.send(request("POST /", "", body));
  EXPECT_EQ(peer.answer().body, "4194304");
  peer.send(request("POST /", "Transfer-Encoding: chunked\r\n") + "400000\r\n" + body +
            "\r\n0\r\n\r\n");
  EXPECT_EQ(peer.answer().body, "4194304");
}

// Beast forgets the size of what it has parsed when a packet ends with the first byte of a line.
TEST(RequestParser, CountsTheHeaderAlsoWhenItComesLineByLine) {
  const infra::http::Limits limits;
  infra::http::RequestParser parser{limits};
  std::string waiting;
  std::size_t sent = 0;
  for (std::string piece = "GET / HTTP/1.1\r\nX"; !parser.unreadable(); piece = ": y\r\nX") {
    ASSERT_LE(sent, limits.header_bytes + 1024);
    waiting += piece;
    waiting.erase(0, parser.put(waiting));
    sent += piece.size();
  }
  EXPECT_EQ(parser.unreadable()->status, 431);
}

// Beast 1.81 asserts that the last chunk has five bytes when it looks at it again.
TEST(RequestParser, ReadsTheLastChunkByteByByte) {
  const infra::http::Limits limits;
  const std::string header = request("POST /", "Transfer-Encoding: chunked\r\n");
  for (const std::string chunks : {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0\r\nA: b\r\n\r\n"}) {
    SCOPED_TRACE(chunks);
    infra::http::RequestParser parser{limits};
    std::string waiting;
    for (const char c : header + chunks) {
      ASSERT_FALSE(parser.done());
      waiting += c;
      waiting.erase(0, parser.put(waiting));
      ASSERT_FALSE(parser.unreadable());
    }
    EXPECT_TRUE(parser.done());
    EXPECT_EQ(parser.request().headers.size(), 2U) << "a trailer is no header";
  }
}

}  // namespace
