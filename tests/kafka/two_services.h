#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "infra/codec/json.h"
#include "tests/http/peer.h"
#include "tests/kafka/kafka_environment.h"
#include "tests/rest/clients/served.h"
#include "tests/whole/rows.h"

// Processes that serve one log on the broker, and what clients ask them.
namespace testing_kafka {

using testing_http::Answer;
using testing_http::Peer;
using testing_rest::Served;

inline constexpr const char* kWriter = "writer: this process has its turn";
inline constexpr const char* kPassesOnTo = "standby: changes are passed on to ";
inline constexpr const char* kNewPatient =
    R"({"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":"Probe"})";

// A request: its first line, its headers, its body.
inline Answer ask(const Served& served,
                  const std::string& line,
                  const std::string& headers = "",
                  const std::string& body = "") {
  Peer peer{served.port()};
  peer.send(testing_http::request(line, headers, body));
  return peer.answer();
}

inline std::string creation(const std::string& key) {
  return testing_http::request(
      "POST /api/patients", "Idempotency-Key: " + key + "\r\n", kNewPatient);
}

inline Answer create(const Served& served,
                     const std::string& key,
                     const std::string& headers = "") {
  return ask(
      served, "POST /api/patients", "Idempotency-Key: " + key + "\r\n" + headers, kNewPatient);
}

// What `served` shows at `target` once it has seen what `changed` appended.
inline Answer behind(const Answer& changed, const Served& served, const std::string& target) {
  return ask(
      served, "GET " + target, "Kartei-Wait-For: " + changed.header("kartei-position") + "\r\n");
}

inline std::string at(const Answer& answer, const std::string& path) {
  const auto document = infra::codec::read_json(answer.body);
  return document ? whole::Ran{0, "", "", document.value()}.at(path) : answer.body;
}

// A writer, and a standby that knows where it is.
class TwoServices : public ::testing::Test {
 protected:
  TwoServices() {
    EXPECT_EQ(one.json({"topics", "create", "--partitions", "5"}).status, 0);
    writer.emplace(one);
    EXPECT_TRUE(writer->await(kWriter));
    standby.emplace(other);
    EXPECT_TRUE(standby->await(kPassesOnTo + writer->url()));
  }

  KafkaEnvironment environment;
  whole::Place one;
  whole::Place other;
  std::optional<Served> writer;
  std::optional<Served> standby;
};

}  // namespace testing_kafka
