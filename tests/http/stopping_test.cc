#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "domain/core/broken.h"
#include "tests/http/peer.h"
#include "tests/http/serving.h"

namespace {

using infra::http::Options;
using infra::http::Reply;
using infra::http::Request;
using infra::http::Server;
using std::chrono::milliseconds;
using testing_http::Answer;
using testing_http::ask;
using testing_http::Asked;
using testing_http::Desk;
using testing_http::kPatience;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::Queue;
using testing_http::request;

// A connection that waits for its next request, so that the server's stop shows: it is closed.
Peer idle_at(const Server& server, Desk& desk) {
  Asked asked = ask(server, desk);
  asked.reply.send({});
  EXPECT_EQ(asked.peer.answer().status, 200);
  return std::move(asked.peer);
}

TEST(Stopping, NeedsNothingThatWasServed) {
  Server server{on_any_port()};
  Peer peer{server.port()};
  server.stop(kPatience);
}

TEST(Serving, AnswersWhoConnectedBefore) {
  Server server{on_any_port()};
  Peer peer{server.port()};
  peer.send(request("GET /"));
  server.serve([](const Request&, const Reply& reply) { reply.send({.body = "now"}); });
  EXPECT_EQ(peer.answer().body, "now");
}

TEST(Stopping, LetsARunningRequestFinish) {
  Desk desk;
  Server server{on_any_port(), desk.handler()};
  Peer idle = idle_at(server, desk);
  Peer peer{server.port()};
  peer.send(request("GET /") + request("GET /never"));
  const auto held = desk.take();
  std::thread stopping{[&] { server.stop(kPatience); }};
  EXPECT_EQ(idle.read_to_the_end(), "");
  held.second.send({.body = "finished"});
  const Answer answer = peer.answer();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(peer.read_to_the_end(), "");
  stopping.join();
  EXPECT_THROW(Peer{server.port()}, std::system_error);
}

TEST(Stopping, LetsARequestComeWhoseHeaderIsThere) {
  Desk desk;
  Server server{on_any_port(), desk.handler()};
  Peer idle = idle_at(server, desk);
  Peer peer{server.port()};
  peer.send(request("PUT /", "Expect: 100-continue\r\nContent-Length: 4\r\n"));
  EXPECT_EQ(peer.answer().status, 100);
  std::thread stopping{[&] { server.stop(kPatience); }};
  EXPECT_EQ(idle.read_to_the_end(), "");
  peer.send("body");
  const auto held = desk.take();
  held.second.send({.body = held.first.body});
  EXPECT_EQ(peer.answer().body, "body");
  stopping.join();
}

TEST(Stopping, WaitsForNoOneWhoOnlyKeepsAConnection) {
  Desk desk;
  Server server{on_any_port(), desk.handler()};
  Peer idle = idle_at(server, desk);
  const Peer silent{server.port()};
  Peer ended{server.port()};
  ended.send(request("GET /", "Connection: close\r\n"));
  desk.take().second.send({});
  EXPECT_EQ(ended.answer().status, 200);
  server.stop(kPatience);  // Returns at once, or the test takes a minute.
  EXPECT_EQ(server.connections(), 0U);
  server.stop(kPatience);
}

TEST(Stopping, CutsOffWhatTakesLongerThanTheDeadline) {
  Desk desk;
  Server server{on_any_port(), desk.handler()};
  auto [peer, reply] = ask(server, desk);
  server.stop(milliseconds{20});
  EXPECT_EQ(peer.read_to_the_end(), "");
  EXPECT_TRUE(reply.send({.body = "too late"}));  // Harmless.
}

TEST(Stopping, CutsOffAReaderThatDoesNotRead) {
  Server server{on_any_port(), [](const Request&, const Reply& reply) {
                  reply.send({.body = std::string(std::size_t{32} * 1024 * 1024, 'x')});
                }};
  Peer peer = Peer::that_reads_slowly(server.port());
  peer.send(request("GET /"));
  peer.read_until("\r\n\r\n");
  server.stop(milliseconds{20});
  EXPECT_LT(peer.read_to_the_end().size(), std::size_t{32} * 1024 * 1024);
}

TEST(Stopping, LeavesRepliesAndStreamsThatOutliveTheServerHarmless) {
  Desk desk;
  std::optional<Reply> unanswered;
  std::optional<Reply> answered;
  infra::http::EventStream stream;
  infra::http::EventStream late;
  {
    const Server server{on_any_port(), desk.handler()};
    auto [one, first] = ask(server, desk);
    unanswered = std::move(first);
    auto [two, second] = ask(server, desk);
    stream = second.stream();
    two.read_until("\r\n\r\n");
    auto [three, third] = ask(server, desk);
    answered = std::move(third);
  }
  EXPECT_FALSE(stream.open());
  EXPECT_FALSE(stream.send({.data = "x"}));
  late = answered->stream();
  EXPECT_FALSE(late.open());
  bool told = false;
  late.on_closed([&] { told = true; });
  EXPECT_TRUE(told);
  unanswered.reset();
}

TEST(Stopping, MayHappenInTheMiddleOfEverything) {
  for (int round = 0; round < 20; ++round) {
    Options options = on_any_port();
    options.io_threads = 2;
    Queue<Reply> replies;
    auto server = std::make_unique<Server>(
        options, [&](const Request&, Reply reply) { replies.put(std::move(reply)); });
    std::thread answering{[&] {
      for (int i = 0; i < 10; ++i) replies.take().send({.body = "x"});
    }};
    std::vector<Peer> peers;
    for (int i = 0; i < 10; ++i) {
      peers.emplace_back(server->port());
      peers.back().send(request("GET /"));
    }
    answering.join();
    server->stop(round % 2 == 0 ? milliseconds{0} : milliseconds{kPatience});
    server.reset();
  }
}

// A tick that was due while the server stopped set the next one, and the thread never ended.
TEST(Stopping, EndsTheTicksWhenOneIsDue) {
  Options options = on_any_port();
  options.limits.header_timeout = milliseconds{1};
  for (int round = 0; round < 100; ++round) {
    Server server{options, {}};
    EXPECT_EQ(Peer{server.port()}.read_to_the_end(), "");  // So that the clock is at a tick.
    server.stop(milliseconds{0});
  }
}

TEST(Listening, SaysWhichAddressIsInUse) {
  const Server first{on_any_port(), {}};
  Options options = on_any_port();
  options.listen.port = first.port();
  try {
    const Server second{options, {}};
    FAIL() << "two servers on one port";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::io);
    EXPECT_NE(std::string{broken.what()}.find("127.0.0.1:" + std::to_string(first.port())),
              std::string::npos)
        << broken.what();
  }
}

TEST(Listening, RefusesAddressesThatAreNotThere) {
  for (const char* host : {"192.0.2.1", "no host at all"}) {
    try {
      const Server server{{.listen = {host, 0}}, {}};
      FAIL() << host;
    } catch (const core::Broken& broken) {
      EXPECT_EQ(broken.kind(), core::Breakage::io);
      EXPECT_NE(std::string{broken.what()}.find(host), std::string::npos) << broken.what();
    }
  }
}

bool has_ipv6_loopback() {
  std::ifstream addresses{"/proc/net/if_inet6"};
  std::ostringstream all;
  all << addresses.rdbuf();
  return all.str().find("00000000000000000000000000000001") != std::string::npos;
}

TEST(Listening, TakesIpv6Addresses) {
  if (!has_ipv6_loopback()) {
    EXPECT_THROW(Server({.listen = {"::1", 0}}, {}), core::Broken);
    return;
  }
  for (const char* host : {"::1", "::"}) {
    SCOPED_TRACE(host);
    const auto whence = [](const Request& request, const Reply& reply) {
      reply.send({.body = request.remote});
    };
    Options options{.listen = {host, 0}};
    const Server server{options, whence};
    Peer peer = Peer::over_ipv6(server.port());
    peer.send(request("GET /"));
    EXPECT_EQ(peer.answer().body, "::1");
    options.listen.port = server.port();
    try {
      const Server second{options, whence};
      FAIL() << "two servers on one port";
    } catch (const core::Broken& broken) {
      const std::string address = '[' + options.listen.host + "]:" + std::to_string(server.port());
      EXPECT_NE(std::string{broken.what()}.find(address), std::string::npos) << broken.what();
    }
  }
}

TEST(Listening, TakesNamesAndPortsOfItsChoice) {
  const Server server{{.listen = {"localhost", 0}}, {}};
  EXPECT_NE(server.port(), 0);
  const Peer peer{server.port()};
}

}  // namespace
