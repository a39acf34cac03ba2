#include <gtest/gtest.h>

#include "tests/http/peer.h"
#include "tests/http/serving.h"

// Nobody holds a connection by doing nothing, and whoever goes harms nobody. Nothing here waits for
// a time: the server does something, and the test waits for that.
namespace {

using infra::http::Options;
using infra::http::Reply;
using infra::http::Request;
using infra::http::Server;
using std::chrono::milliseconds;
using testing_http::Answer;
using testing_http::ask;
using testing_http::Desk;
using testing_http::into;
using testing_http::known_to;
using testing_http::Observed;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::Queue;
using testing_http::request;

constexpr milliseconds kShort{40};

void ok(const Request&, const Reply& reply) { reply.send({.body = "ok"}); }

TEST(Patience, EndsWithAConnectionThatSaysNothing) {
  Options options = on_any_port();
  options.limits.header_timeout = kShort;
  const Server server{options, ok};
  EXPECT_EQ(Peer{server.port()}.read_to_the_end(), "");
}

TEST(Patience, EndsWithAHeaderThatDoesNotComeToItsEnd) {
  Options options = on_any_port();
  options.limits.header_timeout = kShort;
  const Server server{options, ok};
  for (const char* begun : {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: "}) {
    Peer peer = known_to(server);
    peer.send(begun);
    const Answer answer = peer.answer();
    EXPECT_EQ(answer.status, 408);
    EXPECT_NE(answer.body.find(R"("code":"timeout")"), std::string::npos);
    EXPECT_EQ(peer.read_to_the_end(), "");
  }
}

// A byte now and then buys no time: the limit is for the whole header.
TEST(Patience, EndsWithAHeaderThatDripsForEver) {
  Options options = on_any_port();
  options.limits.header_timeout = kShort;
  const Server server{options, ok};
  Peer dripping = known_to(server);
  dripping.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  // The other connection's answers are the clock: each takes a round trip.
  Peer other = known_to(server);
  bool open = true;
  while (open) {
    open = dripping.send("x");
    other.send(request("GET /"));
    ASSERT_EQ(other.answer().body, "ok");
  }
}

TEST(Patience, EndsWithABodyThatDoesNotComeToItsEnd) {
  Options options = on_any_port();
  options.limits.body_timeout = kShort;
  const Server server{options, ok};
  for (const char* headers : {"Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Peer peer{server.port()};
    peer.send(request("POST /", headers) + "1\r");
    EXPECT_EQ(peer.answer().status, 408);
    EXPECT_EQ(peer.read_to_the_end(), "");
  }
}

TEST(Patience, EndsWithAnIdleConnectionWithoutAWord) {
  Options options = on_any_port();
  options.limits.idle_timeout = kShort;
  const Server server{options, ok};
  Peer peer{server.port()};
  peer.send(request("GET /"));
  EXPECT_EQ(peer.answer().body, "ok");
  EXPECT_EQ(peer.read_to_the_end(), "");
}

TEST(Patience, EndsWithAReaderThatDoesNotRead) {
  Queue<Observed> observed;
  Options options = on_any_port();
  options.limits.write_timeout = kShort;
  options.observer = into(observed);
  const Server server{options, [](const Request&, const Reply& reply) {
                        reply.send({.body = std::string(std::size_t{32} * 1024 * 1024, 'x')});
                      }};
  Peer peer = Peer::that_reads_slowly(server.port());
  peer.send(request("GET /"));
  EXPECT_FALSE(observed.take().complete);
}

TEST(Patience, HasNoLimitForTheHandler) {
  Options options = on_any_port();
  options.limits.body_timeout = options.limits.idle_timeout = options.limits.write_timeout = kShort;
  Desk desk;
  const Server server{options, desk.handler()};
  auto [peer, held] = ask(server, desk);
  for (int i = 0; i < 2; ++i) {
    auto [other, reply] = ask(server, desk);
    reply.send({});
    EXPECT_EQ(other.answer().status, 200);
    EXPECT_EQ(other.read_to_the_end(), "");  // Its limit has passed, and so has ours.
  }
  held.send({.body = "late"});
  EXPECT_EQ(peer.answer().body, "late");
}

TEST(Continue, IsSaidToWhoWaitsForIt) {
  const Server server{on_any_port(), [](const Request& request, const Reply& reply) {
                        reply.send({.body = request.body});
                      }};
  Peer peer{server.port()};
  const std::string header = request("PUT /", "Expect: 100-continue\r\nContent-Length: 4\r\n");
  for (int i = 0; i < 3; ++i) {
    peer.send(header);
    EXPECT_EQ(peer.answer().status, 100);
    peer.send("bo");
    peer.send("dy");
    EXPECT_EQ(peer.answer().body, "body");
  }
  peer.send(header + "body");  // Who does not wait needs no word.
  EXPECT_EQ(peer.answer().status, 200);
}

TEST(Clients, ThatVanishWhileTheirRequestRunsHarmNobody) {
  Queue<Observed> observed;
  Options options = on_any_port();
  options.observer = into(observed);
  Desk desk;
  const Server server{options, desk.handler()};
  for (int i = 0; i < 20; ++i) {
    auto [peer, reply] = ask(server, desk);
    peer.vanish();
    EXPECT_TRUE(reply.send({.body = std::string(std::size_t{1} << (i % 20), 'x')}));
    EXPECT_EQ(observed.take().status, 200);
  }
  auto [peer, reply] = ask(server, desk);
  reply.send({.body = "still here"});
  EXPECT_EQ(peer.answer().body, "still here");
}

TEST(Clients, ThatVanishWithinARequestHarmNobody) {
  const Server server{on_any_port(), ok};
  const std::string whole = request("POST /", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Peer peer{server.port()};
    peer.send(whole.substr(0, length));
    if (length % 2 == 0) peer.vanish();
  }
  Peer peer{server.port()};
  peer.send(request("GET /"));
  EXPECT_EQ(peer.answer().body, "ok");
}

}  // namespace
