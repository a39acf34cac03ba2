#include <gtest/gtest.h>

#include <fstream>

#include "domain/core/broken.h"
#include "tests/http/peer.h"
#include "tests/http/serving.h"
#include "tests/http/tls_peer.h"

namespace {

using infra::http::EventStream;
using infra::http::Options;
using infra::http::Reply;
using infra::http::Request;
using infra::http::Server;
using std::chrono::milliseconds;
using testing_http::Certificate;
using testing_http::Desk;
using testing_http::on_any_port;
using testing_http::Peer;
using testing_http::request;
using testing_http::TlsPeer;

Options with(const Certificate& certificate) {
  Options options = on_any_port();
  options.tls = certificate.files();
  return options;
}

void echo(const Request& request, const Reply& reply) { reply.send({.body = request.body}); }

TEST(Encryption, CarriesRequestsAndAnswersOfEverySize) {
  const Certificate certificate;
  const Server server{with(certificate), echo};
  TlsPeer peer{server.port(), certificate.files()};
  for (const std::size_t size : {1UL, 1000UL, 100'000UL, 4'000'000UL}) {
    const std::string body = std::string(size, 'x') + '!';
    peer.send(request("PUT /", "", body));
    EXPECT_TRUE(peer.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(peer.read_until("!") == body);
  }
}

TEST(Encryption, KeepsConnectionsPipelinesAndEndsThemInGoodOrder) {
  const Certificate certificate;
  const Server server{with(certificate), echo};
  TlsPeer peer{server.port(), certificate.files()};
  peer.send(request("PUT /", "", "one") + request("PUT /", "Expect: 100-continue\r\n", "two"));
  EXPECT_TRUE(peer.read_until("one").ends_with("\r\n\r\none"));
  EXPECT_TRUE(peer.read_until("two").ends_with("\r\n\r\ntwo"));
  peer.send(request("PUT /", "Expect: 100-continue\r\nContent-Length: 5\r\n"));
  EXPECT_EQ(peer.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("three");
  EXPECT_TRUE(peer.read_until("three").ends_with("\r\n\r\nthree"));
  peer.send("nonsense\r\n\r\n");
  EXPECT_TRUE(peer.read_until("").starts_with("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_TRUE(peer.ended_well());
}

TEST(Encryption, CarriesEventStreams) {
  const Certificate certificate;
  Desk desk;
  const Server server{with(certificate), desk.handler()};
  TlsPeer peer{server.port(), certificate.files()};
  peer.send(request("GET /"));
  EventStream stream = desk.take().second.stream();
  for (const char* data : {"one", "two", "three"}) {
    EXPECT_TRUE(stream.send({.data = data}));
    EXPECT_TRUE(peer.read_until(data).ends_with(data));
  }
  stream.close();
  EXPECT_TRUE(peer.read_until("").ends_with("\r\n0\r\n\r\n"));
  EXPECT_TRUE(peer.ended_well());
}

TEST(Encryption, TellsWhenTheListenerOfAStreamIsGone) {
  const Certificate certificate;
  Desk desk;
  const Server server{with(certificate), desk.handler()};
  testing_http::Queue<int> closed;
  EventStream stream;
  {
    TlsPeer peer{server.port(), certificate.files()};
    peer.send(request("GET /"));
    stream = desk.take().second.stream();
    stream.on_closed([&] { closed.put(1); });
  }
  EXPECT_EQ(closed.take(), 1);
}

TEST(Encryption, RefusesPlainTextAndOldProtocols) {
  const Certificate certificate;
  const Server server{with(certificate), echo};
  Peer plain{server.port()};
  plain.send(request("GET /"));
  EXPECT_EQ(plain.read_to_the_end().find("HTTP/"), std::string::npos);
  EXPECT_THROW(TlsPeer(server.port(), certificate.files(), TLS1_1_VERSION), std::runtime_error);
  const TlsPeer good{server.port(), certificate.files(), TLS1_2_VERSION};
}

TEST(Encryption, DoesNotWaitForAHandshakeForEver) {
  const Certificate certificate;
  Options options = with(certificate);
  options.limits.header_timeout = milliseconds{40};
  const Server server{options, echo};
  const std::string hello{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11};  // its beginning
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, hello.size()}) {
    SCOPED_TRACE(size);
    Peer peer{server.port()};
    peer.send(hello.substr(0, size));
    EXPECT_EQ(peer.read_to_the_end(), "");
  }
}

TEST(Encryption, TurnsConnectionsBeyondTheBoundAwayWithoutAWord) {
  const Certificate certificate;
  Options options = with(certificate);
  options.limits.connections_max = 1;
  const Server server{options, echo};
  TlsPeer one{server.port(), certificate.files()};
  EXPECT_EQ(Peer{server.port()}.read_to_the_end(), "");
  one.send(request("PUT /", "", "!"));
  EXPECT_TRUE(one.read_until("!").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(Encryption, StopsWithRequestsHandshakesAndStreamsUnderWay) {
  const Certificate certificate;
  Desk desk;
  Server server{with(certificate), desk.handler()};
  TlsPeer waiting{server.port(), certificate.files()};
  waiting.send(request("GET /"));
  const auto held = desk.take();
  TlsPeer listening{server.port(), certificate.files()};
  listening.send(request("GET /"));
  EventStream stream = desk.take().second.stream();
  const Peer silent{server.port()};
  server.stop(milliseconds{20});
  EXPECT_FALSE(stream.open());
  EXPECT_EQ(waiting.read_until(""), "");
  held.second.send({});
}

void expect_broken(const Options& options, const std::string& names) {
  try {
    const Server server{options, echo};
    FAIL() << "it took " << names;
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::io);
    EXPECT_NE(std::string{broken.what()}.find(names), std::string::npos) << broken.what();
  }
}

TEST(Encryption, SaysWhichFileCannotBeUsed) {
  const Certificate certificate;
  const Certificate other;
  Options options = with(certificate);
  options.tls->certificate_chain_file = "/nowhere/certificate.pem";
  expect_broken(options, "/nowhere/certificate.pem");
  options = with(certificate);
  options.tls->private_key_file = "/nowhere/key.pem";
  expect_broken(options, "/nowhere/key.pem");
  options.tls->private_key_file = options.tls->certificate_chain_file;
  expect_broken(options, options.tls->private_key_file);
  options.tls->private_key_file = other.files().private_key_file;
  expect_broken(options, options.tls->private_key_file);
}

}  // namespace
