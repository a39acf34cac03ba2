#include "infra/http/client.h"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <thread>

#include "domain/core/broken.h"
#include "tests/http/serving.h"
#include "tests/http/tls_peer.h"

// The client against the real server, which answers, breaks off, is silent, or is not there.
namespace {

using infra::http::Client;
using infra::http::ClientOptions;
using infra::http::Header;
using infra::http::NoAnswer;
using infra::http::Origin;
using infra::http::Reply;
using infra::http::Request;
using infra::http::Response;
using infra::http::Server;
using std::chrono::milliseconds;
using testing_http::Certificate;
using testing_http::Desk;
using testing_http::on_any_port;
using Outcome = std::variant<Response, NoAnswer>;

void echo(const Request& request, const Reply& reply) {
  reply.send({.status = 201,
              .content_type = "text/plain",
              .headers = {{"ETag", "\"7\""}, {"Kartei-Position", "p"}},
              .body = request.method + ' ' + request.target + ' ' + request.body});
}

Origin origin_of(const Server& server) { return {false, "127.0.0.1", server.port()}; }

Request put(std::string body = "text") {
  return {.method = "PUT",
          .target = "/a%20b?c=d",
          .headers = {{"If-Match", "\"6\""}, {"Content-Length", "9999"}},
          .body = std::move(body)};
}

// Sends and waits.
class AClient : public ::testing::Test {
 protected:
  void start(ClientOptions options = {}) { client.emplace(std::move(options)); }
  void send(const Origin& to, Request request = put()) {
    EXPECT_TRUE(client->send(
        to, std::move(request), [this](Outcome outcome) { outcomes.put(std::move(outcome)); }));
  }
  Response answer() { return std::get<Response>(outcomes.take()); }
  NoAnswer none() { return std::get<NoAnswer>(outcomes.take()); }
  Response ask(const Origin& to, Request request = put()) {
    send(to, std::move(request));
    return answer();
  }

  testing_http::Queue<Outcome> outcomes;
  std::optional<Client> client;
};

TEST_F(AClient, CarriesRequestsAndAnswersOfEverySize) {
  const Server server{on_any_port(), echo};
  start({.answer_bytes = 5'000'000});
  for (const std::size_t size : {0UL, 1UL, 100'000UL, 4'000'000UL}) {
    const Response response = ask(origin_of(server), put(std::string(size, 'x')));
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.content_type, "text/plain");
    EXPECT_TRUE(response.body == "PUT /a%20b?c=d " + std::string(size, 'x'));
    EXPECT_EQ(response.headers, (std::vector<Header>{{"ETag", "\"7\""}, {"Kartei-Position", "p"}}));
  }
}

TEST_F(AClient, SaysItsHostAndTheHeadersOfTheRequest) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  start();
  send(origin_of(server));
  const auto [request, reply] = desk.take();
  EXPECT_EQ(request.header("host"), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(request.header("if-match"), "\"6\"");
  EXPECT_EQ(request.header("content-length"), "4");
  reply.send({});
  EXPECT_EQ(answer().status, 200);
}

TEST_F(AClient, KeepsItsConnection) {
  const Server server{on_any_port(), echo};
  start();
  for (int count = 0; count < 3; ++count) EXPECT_EQ(ask(origin_of(server)).status, 201);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(AClient, ReplacesAKeptConnectionThatIsDead) {
  std::optional<Server> server{std::in_place, on_any_port(), echo};
  const Origin origin = origin_of(*server);
  start();
  EXPECT_EQ(ask(origin).status, 201);
  server.reset();
  server.emplace(infra::http::Options{.listen = {"127.0.0.1", origin.port}}, echo);
  EXPECT_EQ(ask(origin).status, 201);
}

// The first try may have been done before the connection died.
TEST_F(AClient, DoesNotTakeANoToItsSecondTryForANoToTheFirst) {
  for (const int no : {401, 403, 503}) {
    std::optional<Server> server{std::in_place, on_any_port(), echo};
    const Origin origin = origin_of(*server);
    start();
    EXPECT_EQ(ask(origin).status, 201);
    server.reset();
    server.emplace(infra::http::Options{.listen = {"127.0.0.1", origin.port}},
                   [no](const Request&, const Reply& reply) { reply.send({.status = no}); });
    send(origin);
    EXPECT_TRUE(none().may_have_arrived) << no;
    EXPECT_EQ(ask(origin).status, no) << "to its first try";
  }
}

TEST_F(AClient, TakesNoAnswerThatIsNotTheLastOne) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor{
      io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}}};
  std::thread server{[&] {
    auto socket = acceptor.accept();
    std::string request;
    boost::asio::read_until(socket, boost::asio::dynamic_buffer(request), "text");
    boost::asio::write(
        socket,
        boost::asio::buffer(std::string{
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}));
  }};
  start();
  send({false, "127.0.0.1", acceptor.local_endpoint().port()});
  EXPECT_TRUE(none().may_have_arrived);
  server.join();
}

TEST_F(AClient, SaysThatNothingWasSentWhereNobodyListens) {
  Origin nobody;
  {
    const Server server{on_any_port(), echo};
    nobody = origin_of(server);
  }
  start();
  send(nobody);
  const NoAnswer failed = none();
  EXPECT_FALSE(failed.may_have_arrived);
  EXPECT_EQ(failed.why, "Connection refused");
}

TEST_F(AClient, SaysThatTheRequestMayHaveArrivedWhenTheConnectionBreaks) {
  Desk desk;
  Server server{on_any_port(), desk.handler()};
  start();
  send(origin_of(server));
  const auto held = desk.take();
  server.stop(milliseconds{0});
  EXPECT_TRUE(none().may_have_arrived);
}

TEST_F(AClient, SaysSoAlsoWhenAKeptConnectionBreaksAndNobodyListensAnyMore) {
  Desk desk;
  Server server{on_any_port(), desk.handler()};
  start();
  send(origin_of(server));
  desk.take().second.send({});
  EXPECT_EQ(answer().status, 200);
  send(origin_of(server));
  const auto held = desk.take();
  server.stop(milliseconds{0});
  EXPECT_TRUE(none().may_have_arrived);
}

TEST_F(AClient, WaitsForAnAnswerNoLongerThanItsLimit) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  start({.answer_timeout = milliseconds{50}});
  send(origin_of(server));
  const auto held = desk.take();
  const NoAnswer failed = none();
  EXPECT_TRUE(failed.may_have_arrived);
  EXPECT_EQ(failed.why, "Connection timed out");
}

TEST_F(AClient, WaitsForAConnectionNoLongerThanItsLimit) {
  const Server listens{on_any_port()};  // and does not serve: the handshake never comes
  start({.connect_timeout = milliseconds{50}});
  send({true, "localhost", listens.port()});
  const NoAnswer failed = none();
  EXPECT_FALSE(failed.may_have_arrived);
  EXPECT_EQ(failed.why, "Connection timed out");
}

TEST_F(AClient, TakesNoAnswerThatIsLargerThanItsLimit) {
  const Server server{on_any_port(), echo};
  start({.answer_bytes = 1'000});
  send(origin_of(server), put(std::string(2'000, 'x')));
  EXPECT_TRUE(none().may_have_arrived);
}

TEST_F(AClient, SendsNoMoreAtATimeThanItsLimit) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  start({.together_max = 2});
  send(origin_of(server));
  send(origin_of(server));
  EXPECT_FALSE(client->send(origin_of(server), put(), [](const Outcome&) { FAIL(); }));
  desk.take().second.send({});
  EXPECT_EQ(answer().status, 200);
  send(origin_of(server));
  for (int count = 0; count < 2; ++count) desk.take().second.send({});
  for (int count = 0; count < 2; ++count) EXPECT_EQ(answer().status, 200);
}

TEST_F(AClient, CallsNobodyAnyMoreWhenItIsGone) {
  Desk desk;
  const Server server{on_any_port(), desk.handler()};
  auto lives = std::make_shared<int>();
  const std::weak_ptr<int> seen = lives;
  start();
  EXPECT_TRUE(client->send(
      origin_of(server), put(), [lives = std::move(lives)](const Outcome&) { FAIL(); }));
  const auto held = desk.take();
  client.reset();
  EXPECT_TRUE(seen.expired());
}

TEST_F(AClient, BelievesTheCertificatesOfItsFileAboutTheirHostsAlone) {
  const Certificate certificate;
  infra::http::Options options = on_any_port();
  options.tls = certificate.files();
  const Server server{options, echo};
  start({.ca_file = certificate.files().certificate_chain_file});
  for (const char* host : {"localhost", "localhost", "127.0.0.1"})
    EXPECT_EQ(ask({true, host, server.port()}).status, 201);
  options.listen.host = "127.0.0.2";
  const Server elsewhere{options, echo};
  send({true, "127.0.0.2", elsewhere.port()});
  EXPECT_FALSE(none().may_have_arrived);

  const Certificate other;
  start({.ca_file = other.files().certificate_chain_file});
  send({true, "localhost", server.port()});
  EXPECT_FALSE(none().may_have_arrived);
  start();
  send({true, "localhost", server.port()});
  EXPECT_FALSE(none().may_have_arrived) << "the system does not know who signed it";
}

TEST_F(AClient, NamesTheFileOfCertificatesThatItCannotUse) {
  try {
    start({.ca_file = "/nowhere/ca.pem"});
    FAIL() << "it was taken";
  } catch (const core::Broken& broken) {
    EXPECT_NE(std::string{broken.what()}.find("cannot use /nowhere/ca.pem: "), std::string::npos);
  }
}

}  // namespace
