#include "infra/outgoing/client.h"

#include <gtest/gtest.h>

#include "domain/core/broken.h"
#include "infra/http/server.h"
#include "tests/http/tls_peer.h"
#include "tests/outgoing/raw_server.h"

// The client against real servers of its own.
namespace {

using infra::http::Server;
using infra::outgoing::Client;
using infra::outgoing::Options;
using infra::outgoing::Request;
using testing_outgoing::RawServer;

constexpr std::string_view kSecret = "secret";

std::string why_not(Client& client, const std::string& url) {
  try {
    const auto response =
        client.send({"POST", url + "/secret", {{"Authorization", "secret"}}, "secret"});
    return "status " + std::to_string(response.status);
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::io);
    EXPECT_EQ(std::string{broken.what()}.find(kSecret), std::string::npos) << broken.what();
    EXPECT_EQ(std::string{broken.what()}.find("127.0.0.1"), std::string::npos) << broken.what();
    return broken.what();
  }
}

infra::http::Response echo(const infra::http::Request& request) {
  infra::http::Response response;
  response.status = request.method == "POST" ? 201 : 404;
  response.body = request.method + ' ' + request.target + ' ' +
                  std::string{request.header("X-One").value_or("-")} + ' ' + request.body;
  return response;
}

std::string url_of(const Server& server) {
  return "http://127.0.0.1:" + std::to_string(server.port());
}

TEST(Client, SendsRequestsAndGivesAnswersWhateverTheirStatus) {
  const Server server{{{"127.0.0.1"}}, [](auto request, auto reply) { reply.send(echo(request)); }};
  Client client;
  const auto made = client.send({"POST", url_of(server) + "/a?b=%2F", {{"X-One", "1"}}, "body"});
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, "POST /a?b=%2F 1 body");
  const auto gone = client.send({"DELETE", url_of(server) + "/x%2F..%2Fy"});
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.body, "DELETE /x%2F..%2Fy - ");
  for (int count = 0; count < 2; ++count)
    EXPECT_EQ(client.send({"GET", url_of(server) + "/"}).body, "GET / - ");
  EXPECT_EQ(server.connections(), 2U) << "what is no GET has one of its own, and leaves it";
}

TEST(Client, SaysHowLongAServerWantsToBeLeftAlone) {
  const auto asked = [](const std::string& headers) {
    const RawServer server{"HTTP/1.1 503 Later\r\n" + headers + "Content-Length: 0\r\n\r\n"};
    return Client{}.send({"GET", server.url()}).retry_after;
  };
  EXPECT_EQ(asked(""), std::chrono::seconds{0});
  EXPECT_EQ(asked("Retry-After: 120\r\n"), std::chrono::seconds{120});
  EXPECT_EQ(asked("Retry-After: soon\r\n"), std::chrono::seconds{0});
  EXPECT_GT(asked("Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n"), std::chrono::hours{24});
  EXPECT_EQ(asked("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"), std::chrono::seconds{0});
}

TEST(Client, EscapesEverythingThatMeansSomethingInAUrl) {
  EXPECT_EQ(infra::outgoing::percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(infra::outgoing::percent_encoded("a/b c?d&e=f#g%h+\xc3\xbc"),
            "a%2Fb%20c%3Fd%26e%3Df%23g%25h%2B%C3%BC");
  EXPECT_EQ(infra::outgoing::percent_encoded(std::string_view{"\0", 1}), "%00");
}

TEST(Client, TakesNoLineBreakIntoAHeader) {
  Client client;
  EXPECT_THROW(static_cast<void>(client.send({"GET", "http://127.0.0.1:1", {{"A", "b\r\nC: d"}}})),
               core::Broken);
}

TEST(Client, FollowsNoRedirectAndSpeaksNothingButHttp) {
  const RawServer server{
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
      "Content-Length: 0\r\n\r\n"};
  Client client;
  EXPECT_EQ(why_not(client, server.url()), "status 302");
  EXPECT_EQ(why_not(client, "file:///etc"), "Unsupported protocol");
}

TEST(Client, TakesHalfAnAnswerForNone) {
  const RawServer server{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"};
  Client client;
  EXPECT_EQ(why_not(client, server.url()), "Transferred a partial file");
}

TEST(Client, TakesNoMoreThanItWants) {
  const RawServer server{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345"};
  Client client{{.answer_bytes_max = 4}};
  EXPECT_EQ(why_not(client, server.url()), "the answer is too large");
  Client other{{.answer_bytes_max = 5}};
  EXPECT_EQ(why_not(other, server.url()), "status 200");
}

TEST(Client, WaitsNoLongerThanItWants) {
  const RawServer silent{""};
  Client client{{.timeout = std::chrono::milliseconds{50}}};
  EXPECT_EQ(why_not(client, silent.url()), "Timeout was reached");
}

TEST(Client, GivesUpWhenItIsTold) {
  const RawServer silent{""};
  Client client{{.cancelled = [] { return true; }}};
  EXPECT_EQ(why_not(client, silent.url()), "the request was given up");
}

TEST(Client, SaysWhenNobodyIsThere) {
  std::string url;
  {
    const RawServer server{""};
    url = server.url();
  }
  Client client;
  EXPECT_EQ(why_not(client, url), "Couldn't connect to server");
}

TEST(Client, TrustsNoCertificateOfItsOwnMaking) {
  const testing_http::Certificate certificate;
  infra::http::Options options{{"127.0.0.1"}};
  options.tls = certificate.files();
  const Server server{options, [](auto request, auto reply) { reply.send(echo(request)); }};
  Client client;
  EXPECT_EQ(why_not(client, "https://localhost:" + std::to_string(server.port())),
            "SSL peer certificate or SSH remote key was not OK");
}

}  // namespace
