#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/http/peer.h"
#include "tests/http/serving.h"

// Server-sent events: in order, whole, and never more of them in memory than allowed.
namespace {

using infra::http::EventStream;
using infra::http::Options;
using infra::http::Reply;
using infra::http::Request;
using infra::http::Server;
using testing_http::Answer;
using testing_http::ask;
using testing_http::Desk;
using testing_http::into;
using testing_http::Observed;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::Queue;
using testing_http::request;

TEST(Streams, CarryEventsAndEndInGoodOrder) {
  Queue<Observed> observed;
  Options options = on_any_port();
  options.observer = into(observed);
  const Server server{options, [](const Request&, const Reply& reply) {
                        EventStream stream = reply.stream({{"Cache-Control", "no-store"}}, "/live");
                        EXPECT_TRUE(stream.open());
                        EXPECT_TRUE(stream.send({.id = "1", .event = "progress", .data = "50"}));
                        EXPECT_TRUE(stream.send({.data = "two\nlines\r\nor\rmore\n"}));
                        EXPECT_TRUE(stream.comment("still here"));
                        EXPECT_TRUE(stream.send({.id = "a\nb", .event = "c\rd"}));
                        stream.close();
                        EXPECT_FALSE(stream.open());
                        EXPECT_FALSE(stream.send({.data = "x"}));
                      }};
  Peer peer{server.port()};
  peer.send(request("GET /"));
  const Answer answer = peer.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/event-stream");
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
  EXPECT_EQ(answer.header("connection"), "close");
  const std::string expected =
      "id: 1\nevent: progress\ndata: 50\n\n"
      "data: two\ndata: lines\ndata: or\ndata: more\ndata: \n\n"
      ": still here\n\n"
      "id: ab\nevent: cd\ndata: \n\n";
  EXPECT_EQ(answer.body, expected);
  EXPECT_EQ(peer.read_to_the_end(), "");
  const Observed one = observed.take();
  EXPECT_EQ(one.route, "/live");
  EXPECT_EQ(one.bytes, expected.size());
  EXPECT_TRUE(one.complete);
}

TEST(Streams, ReachTheClientWhenTheyAreSent) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  auto [peer, reply] = ask(server, desk);
  EventStream stream = reply.stream();
  for (int i = 0; i < 100; ++i) {
    const std::string data = "data: " + std::to_string(i) + "\n\n";
    EXPECT_TRUE(stream.send({.data = std::to_string(i)}));
    EXPECT_TRUE(peer.read_until(data).ends_with(data));
  }
  stream = EventStream{};  // Closes the one it held.
  EXPECT_EQ(peer.read_to_the_end(), "\r\n0\r\n\r\n");
}

TEST(Streams, ComeWithoutChunksForHttp10) {
  const Server server{on_any_port(), [](const Request&, const Reply& reply) {
                        EXPECT_TRUE(reply.stream().send({.data = "x"}));
                      }};
  Peer peer{server.port()};
  peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(peer.answer().header("transfer-encoding"), "");
  EXPECT_EQ(peer.read_to_the_end(), "data: x\n\n");
}

TEST(Streams, AskedByHeadAreOnlyAHeader) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  Peer peer{server.port()};
  peer.send(request("HEAD /"));
  EventStream stream = desk.take().second.stream();
  EXPECT_EQ(peer.answer(true).header("content-type"), "text/event-stream");
  EXPECT_EQ(peer.read_to_the_end(), "");
  EXPECT_FALSE(stream.open());
}

TEST(Streams, ThatWereSilentForAWhileAreKeptAlive) {
  Options options = on_any_port();
  options.limits.stream_heartbeat = std::chrono::milliseconds{10};
  Desk desk;
  const Server server{options, desk.handler()};
  auto [peer, reply] = ask(server, desk);
  const EventStream stream = reply.stream();
  peer.answer(true);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(peer.read_until("\n\n"), i == 0 ? "4\r\n: \n\n" : "\r\n4\r\n: \n\n");
}

TEST(Streams, TellWhenTheClientIsGone) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  for (const bool politely : {true, false}) {
    auto [peer, reply] = ask(server, desk);
    EventStream stream = reply.stream();
    Queue<int> closed;
    stream.on_closed([&] { closed.put(1); });
    EXPECT_TRUE(stream.send({.data = "x"}));
    peer.read_until("data: x\n\n");
    if (politely) {
      peer.end_sending();
    } else {
      peer.vanish();
    }
    EXPECT_EQ(closed.take(), 1);
    EXPECT_FALSE(stream.open());
    EXPECT_FALSE(stream.send({.data = "x"}));
    bool told = false;
    stream.on_closed([&] { told = true; });
    EXPECT_TRUE(told);
  }
}

TEST(Streams, MayBeDestroyedByTheirOwnCallback) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  auto [peer, reply] = ask(server, desk);
  auto stream = std::make_shared<std::optional<EventStream>>(reply.stream());
  Queue<int> closed;
  (*stream)->on_closed([stream, &closed] {
    stream->reset();
    closed.put(1);
  });
  peer.vanish();
  EXPECT_EQ(closed.take(), 1);
}

TEST(Streams, GiveUpAReaderThatIsTooSlow) {
  Queue<Observed> observed;
  Options options = on_any_port();
  options.limits.stream_buffer_bytes = 10'000;
  options.observer = into(observed);
  Desk desk;
  const Server server{options, desk.handler()};
  Peer peer = Peer::that_reads_slowly(server.port());
  peer.send(request("GET /"));
  EventStream stream = desk.take().second.stream();
  Queue<int> closed;
  stream.on_closed([&] { closed.put(1); });
  const std::string data(1000, 'x');
  std::size_t sent = 0;
  while (stream.send({.data = data})) sent += data.size();
  EXPECT_FALSE(stream.open());
  EXPECT_EQ(closed.take(), 1);
  EXPECT_FALSE(observed.take().complete);
  EXPECT_LE(peer.read_to_the_end().size(), sent + sent / 10 + 1000);
}

TEST(Streams, RefuseAnEventThatFitsNoBuffer) {
  Options options = on_any_port();
  options.limits.stream_buffer_bytes = 1000;
  Desk desk;
  const Server server{options, desk.handler()};
  auto [peer, reply] = ask(server, desk);
  EventStream stream = reply.stream();
  EXPECT_FALSE(stream.send({.data = std::string(1000, 'x')}));
  EXPECT_FALSE(stream.send({.data = "x"}));
  peer.read_to_the_end();
}

TEST(Streams, TakeEventsFromManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kEvents = 500;
  Options options = on_any_port();
  options.limits.stream_buffer_bytes = std::size_t{1} << 20U;
  Desk desk;
  const Server server{options, desk.handler()};
  auto [peer, reply] = ask(server, desk);
  EventStream stream = reply.stream();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&stream, thread] {
      for (int i = 0; i < kEvents; ++i) EXPECT_TRUE(stream.send({.id = std::to_string(thread)}));
    });
  }
  for (std::thread& thread : threads) thread.join();
  stream.close();
  const std::string body = peer.answer().body;
  EXPECT_EQ(body.size(), kThreads * kEvents * std::string{"id: 0\ndata: \n\n"}.size());
}

TEST(Streams, EndWhenTheServerStops) {
  Desk desk;
  Server server{on_any_port(), desk.handler()};
  auto [peer, reply] = ask(server, desk);
  EventStream stream = reply.stream();
  std::atomic<bool> told = false;
  stream.on_closed([&] { told = true; });
  EXPECT_TRUE(stream.send({.data = "last"}));
  server.stop(testing_http::kPatience);
  EXPECT_TRUE(told);
  EXPECT_EQ(peer.answer().body, "data: last\n\n");
  EXPECT_FALSE(stream.send({.data = "x"}));
}

TEST(Streams, DoNotCountAsRequestsInFlight) {
  Options options = on_any_port();
  options.limits.in_flight_max = 1;
  Desk desk;
  const Server server{options, desk.handler()};
  auto [listener, first] = ask(server, desk);
  EventStream stream = first.stream();
  EXPECT_TRUE(stream.send({.data = "x"}));
  listener.read_until("data: x");
  auto [peer, second] = ask(server, desk);
  second.send({.body = "ok"});
  EXPECT_EQ(peer.answer().body, "ok");
}

}  // namespace
