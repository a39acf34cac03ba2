#include <gtest/gtest.h>

#include <random>

#include "infra/http/request_parser.h"
#include "tests/http/peer.h"
#include "tests/http/serving.h"

// Whatever comes, the server stands, and what it hands over is well-formed. A failure prints its
// seed; with it the same bytes come again.
namespace {

using infra::http::Limits;
using infra::http::Options;
using infra::http::Reply;
using infra::http::Request;
using infra::http::RequestParser;
using infra::http::Server;
using testing_http::known_to;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::request;

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }

const std::vector<std::string>& good_requests() {
  static const std::vector<std::string> all = {
      request("GET /api/patients/7?as_of=2026-01-01&x=%C3%A4"),
      request("PUT /a", "If-Match: \"7\"\r\n", R"({"vorname": "Ada"})"),
      request("POST /b", "Transfer-Encoding: chunked\r\n") +
          "5;a=\"b\"\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n",
      request("HEAD /c", "Connection: keep-alive\r\n"),
      "GET / HTTP/1.0\r\n\r\n",
      request("POST /d", "Expect: 100-continue\r\n", "body")};
  return all;
}

std::string mutated(Random& random) {
  std::string bytes;
  for (std::size_t i = 1 + below(random, 3); i > 0; --i)
    bytes += good_requests()[below(random, good_requests().size())];
  for (std::size_t i = below(random, 6); i > 0; --i) {
    const std::size_t at = below(random, bytes.size());
    switch (below(random, 4)) {
      case 0: bytes[at] = static_cast<char>(random()); break;
      case 1: bytes.erase(at, 1 + below(random, 8)); break;
      case 2: bytes.insert(at, bytes.substr(below(random, bytes.size()), below(random, 12))); break;
      default: bytes[at] = "\r\n\0 :;0%,"[below(random, 9)];
    }
    if (bytes.empty()) bytes += '\r';
  }
  return bytes;
}

struct Parsed {
  std::vector<std::string> requests;  // method, target and body
  int status = 0;                     // of the refusal; 0: none
  bool unfinished = false;            // the last one did not come to its end
};

// What becomes of `bytes` when they come in pieces of at most `piece` bytes.
Parsed parsed(const std::string& bytes, std::size_t piece, Random& random) {
  const Limits limits;
  Parsed parsed;
  std::string waiting;
  std::size_t came = 0;
  std::optional<RequestParser> parser;
  parser.emplace(limits);
  for (;;) {
    if (!waiting.empty()) waiting.erase(0, parser->put(waiting));
    if (parser->unreadable()) {
      parsed.status = parser->unreadable()->status;
      return parsed;
    }
    if (parser->done()) {
      const Request& one = parser->request();
      parsed.requests.push_back(one.method + ' ' + one.target + ' ' + one.body);
      parser.emplace(limits);
      if (!waiting.empty()) continue;
    }
    if (came == bytes.size()) {
      parsed.unfinished = !waiting.empty() || parser->has_header();
      return parsed;
    }
    const std::size_t size = std::min(bytes.size() - came, 1 + below(random, piece));
    waiting += bytes.substr(came, size);
    came += size;
  }
}

TEST(Garbage, IsReadTheSameHoweverItIsCutIntoPackets) {
  for (std::uint64_t seed = 1; seed <= 5'000; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    const std::string bytes = mutated(random);
    const Parsed at_once = parsed(bytes, bytes.size() * 1000, random);
    const Parsed in_pieces = parsed(bytes, 1 + below(random, 10), random);
    ASSERT_EQ(at_once.requests, in_pieces.requests) << bytes;
    // Of an unfinished request more may be known when it comes at once.
    if (in_pieces.unfinished) continue;
    ASSERT_EQ(at_once.status, in_pieces.status) << bytes;
  }
}

TEST(Garbage, DoesNoHarmToTheServer) {
  Options options = on_any_port();
  options.limits.header_timeout = options.limits.body_timeout = std::chrono::milliseconds{100};
  const Server server{options, [](const Request& request, const Reply& reply) {
                        reply.send({.body = request.body});
                      }};
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    std::string bytes;
    if (below(random, 2) == 0) {
      bytes = mutated(random);
    } else {
      bytes.resize(1 + below(random, 3000));
      for (char& c : bytes) c = static_cast<char>(random());
    }
    Peer peer{server.port()};
    peer.send(bytes);
    peer.end_sending();
    const std::string answer = peer.read_to_the_end();
    if (!answer.empty()) {
      ASSERT_TRUE(answer.starts_with("HTTP/1.1 ")) << answer;
    }
  }
  Peer peer = known_to(server);
  peer.send(request("PUT /", "", "alive"));
  EXPECT_EQ(peer.answer().body, "alive");
}

}  // namespace
