#include <gtest/gtest.h>

#include <algorithm>

#include "infra/codec/json.h"
#include "tests/http/peer.h"
#include "tests/http/tls_peer.h"
#include "tests/rest/clients/served.h"

// A `serve` that may be reached from elsewhere: tokens, TLS and what is written about requests, set
// in each of the ways in which settings come.
namespace {

using testing_http::Certificate;
using testing_http::TlsPeer;
using testing_rest::Served;
using whole::Place;
using whole::Ran;
using whole::Words;

struct Setting {
  std::string flag;
  std::string variable;
  std::string value;
};
using Settings = std::vector<Setting>;

// What to tell `serve` besides; some of it may be left in the place instead.
using Give = Words (*)(Place& place, const Settings& settings);

Words as_flags(Place&, const Settings& settings) {
  Words words;
  for (const Setting& one : settings) words.insert(words.end(), {"--" + one.flag, one.value});
  return words;
}

Words as_variables(Place& place, const Settings& settings) {
  for (const Setting& one : settings) place.variables[one.variable] = one.value;
  return {};
}

Words as_file(Place& place, const Settings& settings) {
  std::string lines;
  for (const Setting& one : settings) lines += one.flag + " = \"" + one.value + "\"\n";
  return {"--config", place.write("kartei.toml", lines)};
}

std::string text_at(const Ran& ran, const std::string& path) {
  return *infra::codec::read_json(ran.at(path)).value().as<std::string>();
}

class ServeSettings : public ::testing::TestWithParam<Give> {
 protected:
  // Makes a token that the service will know.
  std::string token(const std::string& name, const std::string& role) {
    const Ran made = place.json({"token", name, role});
    lines_ += text_at(made, "data.line") + '\n';
    return "Authorization: Bearer " + text_at(made, "data.token") + "\r\n";
  }
  Words given() {
    const infra::http::Tls tls = certificate.files();
    return GetParam()(place,
                      {{"tokens", "KARTEI_TOKENS", place.write("tokens", lines_)},
                       {"tls-certificate", "KARTEI_TLS_CERTIFICATE", tls.certificate_chain_file},
                       {"tls-key", "KARTEI_TLS_KEY", tls.private_key_file},
                       {"access-log", "KARTEI_ACCESS_LOG", log("access")},
                       {"read-log", "KARTEI_READ_LOG", log("read")}});
  }
  // The answer to a request, up to the mark; without one, to its end.
  std::string ask(const Served& served,
                  const std::string& line,
                  const std::string& headers,
                  const std::string& body = "",
                  const std::string& mark = "") {
    TlsPeer peer{served.port(), certificate.files()};
    peer.send(testing_http::request(line, headers + "Connection: close\r\n", body));
    return peer.read_until(mark);
  }
  [[nodiscard]] std::string log(const std::string& name) const {
    return (place.folder() / (name + ".log")).string();
  }

  Place place;
  const Certificate certificate;

 private:
  std::string lines_;
};

TEST_P(ServeSettings, SayWhoMayAskAndWhatIsWrittenAboutIt) {
  const std::string reader = token("Lesesaal", "reader");
  const std::string clerk = token("Empfang", "clerk");
  Served served{place, given()};
  ASSERT_TRUE(served.url().starts_with("https://")) << served.url();

  const std::string canary =
      R"({"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":"Canary"})";
  const std::string create = "POST /api/patients";
  const std::string stranger = ask(served, "GET /api/patients/1", "");
  EXPECT_TRUE(stranger.starts_with("HTTP/1.1 401 ")) << stranger;
  EXPECT_NE(stranger.find("\r\nWWW-Authenticate: Bearer\r\n"), std::string::npos) << stranger;
  EXPECT_TRUE(ask(served, create, reader, canary).starts_with("HTTP/1.1 403 "));
  const std::string created = ask(served, create, clerk, canary);
  EXPECT_TRUE(created.starts_with("HTTP/1.1 201 ")) << created;
  const std::size_t at = created.find("Kartei-Position: ") + 17;
  const std::string position = created.substr(at, created.find('\r', at) - at);
  const std::string shown =
      ask(served, "GET /api/patients/1", reader + "Kartei-Wait-For: " + position + "\r\n");
  EXPECT_NE(shown.find("Canary"), std::string::npos) << shown;
  const std::string events = ask(served, "GET /api/events", clerk, "", "\r\n\r\n");
  EXPECT_TRUE(events.starts_with("HTTP/1.1 403 ")) << "a stream has no end: " << events;
  EXPECT_TRUE(ask(served, "GET /health", "").starts_with("HTTP/1.1 200 "));

  const Ran ran = served.stop();
  EXPECT_EQ(ran.status, 0);
  const std::string access = whole::bytes_of(log("access"));
  const std::string read = whole::bytes_of(log("read"));
  EXPECT_EQ(std::count(access.begin(), access.end(), '\n'), 6) << access;
  EXPECT_EQ(std::count(read.begin(), read.end(), '\n'), 2) << read;
  EXPECT_NE(read.find(R"("actor":"Empfang","patient_id":1,"what":"change")"), std::string::npos)
      << read;
  EXPECT_NE(read.find(R"("actor":"Lesesaal","patient_id":1,"what":"patient")"), std::string::npos)
      << read;
  EXPECT_EQ((ran.out + ran.err + access + read).find("Canary"), std::string::npos);
  EXPECT_EQ(place.json({"patient", "history", "1"}).at("data.0.actor"), "\"Empfang\"");
}

TEST(Serve, OnADirectoryAndAPortThatAServiceHasNamesWhoHasTheDirectory) {
  Place place;
  Served served{place};
  const std::string port = std::to_string(served.port());
  const Ran second = place.json({"serve", "--listen", "127.0.0.1:" + port});
  EXPECT_EQ(second.status, 6) << second.out;
  EXPECT_EQ(second.code(), "\"locked\"");
  EXPECT_NE(second.out.find("is held by process"), std::string::npos) << second.out;
  EXPECT_EQ(served.stop().status, 0);
}

INSTANTIATE_TEST_SUITE_P(Flags, ServeSettings, ::testing::Values(as_flags));
INSTANTIATE_TEST_SUITE_P(Variables, ServeSettings, ::testing::Values(as_variables));
INSTANTIATE_TEST_SUITE_P(File, ServeSettings, ::testing::Values(as_file));

}  // namespace
