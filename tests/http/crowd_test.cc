#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

#include "tests/http/peer.h"
#include "tests/http/serving.h"

// Many at once, and more than there is room for.
namespace {

using infra::http::Options;
using infra::http::Reply;
using infra::http::Request;
using infra::http::Server;
using testing_http::Answer;
using testing_http::ask;
using testing_http::Desk;
using testing_http::into;
using testing_http::known_to;
using testing_http::Observed;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::request;

TEST(Crowd, OfTwoHundredConnectionsGetsItsAnswers) {
  constexpr int kPeers = 200;
  constexpr int kRounds = 10;
  Options options = on_any_port();
  options.io_threads = 2;
  Desk desk;
  const Server server{options, desk.handler()};
  std::thread answering{[&] {
    for (int i = 0; i < kPeers * kRounds; ++i) {
      const auto [request, reply] = desk.take();
      reply.send({.body = request.path.at(0)});
    }
  }};
  std::vector<Peer> peers;
  for (int i = 0; i < kPeers; ++i) peers.emplace_back(server.port());
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kPeers; ++i)
      peers[static_cast<std::size_t>(i)].send(request("GET /" + std::to_string(i)));
    for (int i = 0; i < kPeers; ++i)
      EXPECT_EQ(peers[static_cast<std::size_t>(i)].answer().body, std::to_string(i));
  }
  answering.join();
  EXPECT_EQ(server.connections(), static_cast<std::size_t>(kPeers));
}

TEST(Crowd, OfRequestsBeyondTheBoundIsAskedToTryAgain) {
  Options options = on_any_port();
  options.limits.in_flight_max = 2;
  Desk desk;
  const Server server{options, desk.handler()};
  auto [one, first] = ask(server, desk);
  auto [two, second] = ask(server, desk);
  Peer three{server.port()};
  three.send(request("GET /"));
  const Answer busy = three.answer();
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.header("retry-after"), "1");
  EXPECT_NE(busy.body.find(R"("code":"busy")"), std::string::npos);
  first.send({.body = "one"});
  EXPECT_EQ(one.answer().body, "one");
  three.send(request("GET /"));  // The connection is as good as before.
  desk.take().second.send({.body = "three"});
  EXPECT_EQ(three.answer().body, "three");
  second.send({.body = "two"});
  EXPECT_EQ(two.answer().body, "two");
}

TEST(Crowd, OfConnectionsBeyondTheBoundIsTurnedAway) {
  Options options = on_any_port();
  options.limits.connections_max = 2;
  const Server server{options, [](const Request&, const Reply& reply) { reply.send({}); }};
  const Peer one{server.port()};
  std::optional<Peer> two{server.port()};
  const Answer answer = Peer{server.port()}.answer();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("retry-after"), "1");
  two.reset();
  // There is room again as soon as the server has noticed.
  for (int status = 0; status != 200;) {
    Peer peer{server.port()};
    peer.send(request("GET /"));
    status = peer.answer().status;
    EXPECT_TRUE(status == 200 || status == 503 || status == 0) << status;
  }
}

// While one lives, this process can open as many files as it gives back, and no other.
class NoDescriptorLeft {
 public:
  NoDescriptorLeft() {
    ::getrlimit(RLIMIT_NOFILE, &old_);
    const rlimit limit{std::min<rlim_t>(old_.rlim_cur, 1024), old_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    for (int file = 0; (file = ::dup(STDERR_FILENO)) >= 0;) taken_.push_back(file);
  }
  ~NoDescriptorLeft() {
    while (!taken_.empty()) give_one_back();
    ::setrlimit(RLIMIT_NOFILE, &old_);
  }
  NoDescriptorLeft(const NoDescriptorLeft&) = delete;
  NoDescriptorLeft& operator=(const NoDescriptorLeft&) = delete;

  void give_one_back() {
    ::close(taken_.back());
    taken_.pop_back();
  }

 private:
  rlimit old_{};
  std::vector<int> taken_;
};

TEST(Crowd, ThatFindsNoDescriptorLeftWaitsUntilThereIsOne) {
  for (const bool stops : {false, true}) {
    SCOPED_TRACE(stops);
    Server server{on_any_port(), [](const Request&, const Reply& reply) { reply.send({}); }};
    Peer known = known_to(server);
    std::optional<NoDescriptorLeft> none{std::in_place};
    none->give_one_back();
    Peer waiting{server.port()};
    waiting.send(request("GET /"));
    // After the second round trip the one I/O thread has met the newcomer, and failed.
    for (int i = 0; i < 2; ++i) {
      known.send(request("GET /"));
      EXPECT_EQ(known.answer().status, 200);
    }
    EXPECT_EQ(server.connections(), 1U);
    if (stops) {
      server.stop(testing_http::kPatience);
      EXPECT_EQ(waiting.read_to_the_end(), "");
    } else {
      none.reset();
      EXPECT_EQ(waiting.answer().status, 200);
    }
  }
}

TEST(Observers, SeeEveryExchangeOnce) {
  testing_http::Queue<Observed> observed;
  Options options = on_any_port();
  options.observer = into(observed);
  const Server server{options, [](const Request&, const Reply& reply) {
                        reply.send({.status = 404, .body = "12345", .route = "/api/{id}"});
                      }};
  Peer peer{server.port()};
  peer.send(request("GET /a") + request("HEAD /a") + "nonsense\r\n\r\n");
  const Observed get = observed.take();
  EXPECT_EQ(get.method, "GET");
  EXPECT_EQ(get.route, "/api/{id}");
  EXPECT_EQ(get.remote, "127.0.0.1");
  EXPECT_EQ(get.status, 404);
  EXPECT_EQ(get.bytes, 5U);
  EXPECT_TRUE(get.complete);
  const Observed head = observed.take();
  EXPECT_EQ(head.method, "HEAD");
  EXPECT_EQ(head.bytes, 0U);
  const Observed nonsense = observed.take();
  EXPECT_EQ(nonsense.method, "");
  EXPECT_EQ(nonsense.route, "");
  EXPECT_EQ(nonsense.status, 400);
}

}  // namespace
