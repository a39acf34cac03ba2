#include <gtest/gtest.h>

#include "tests/http/tls_peer.h"
#include "tests/kafka/two_services.h"

// A standby that is asked for changes.
namespace testing_kafka {
namespace {

const std::string kAnswered = R"(kartei_forwarded_requests_total{outcome="answered"} )";

TEST_F(TwoServices, TheStandbyAnswersQuestionsAndPassesChangesOnToTheWriter) {
  const Answer created = create(*standby, "a key");
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(created.header("etag"), "\"1\"");
  EXPECT_NE(created.header("x-correlation-id"), "");
  const std::string patient = created.header("location");
  for (const Served* served : {&*standby, &*writer}) {
    const Answer shown = behind(created, *served, patient);
    EXPECT_EQ(shown.status, 200) << shown.body;
    EXPECT_EQ(shown.body, created.body);
    const Answer again = create(*served, "a key");
    EXPECT_EQ(again.body, created.body);
    EXPECT_EQ(again.header("idempotency-replayed"), "true");
  }

  const Answer moved = ask(*standby, "PUT " + patient, "If-Match: \"1\"\r\n", R"({"ort":"Bonn"})");
  EXPECT_EQ(moved.status, 200) << moved.body;
  EXPECT_EQ(at(moved, "ort"), R"("Bonn")");
  for (const Served* served : {&*standby, &*writer})
    EXPECT_EQ(behind(moved, *served, patient).body, moved.body);
  const Answer late = ask(*standby, "PUT " + patient, "If-Match: \"1\"\r\n", R"({"ort":"Ulm"})");
  EXPECT_EQ(late.status, 412) << late.body;
  EXPECT_EQ(ask(*standby, "POST /api/patients", "", "{}").status, 400);

  EXPECT_EQ(at(ask(*standby, "GET /health/kafka"), "kafka.writer"), '"' + writer->url() + '"');
  EXPECT_EQ(at(ask(*writer, "GET /health/kafka"), "kafka.writer"), "");
  EXPECT_NE(ask(*standby, "GET /metrics").body.find(kAnswered + "4\n"), std::string::npos);

  EXPECT_EQ(at(ask(*standby, "GET /api/patients"), "total"), "1");
  EXPECT_EQ(standby->stop().status, 0);
  EXPECT_EQ(writer->stop().status, 0);
}

TEST_F(TwoServices, WhatWasPassedOnIsNotPassedOnAgain) {
  const Answer refused = create(*standby, "a key", "Kartei-Forwarded: 1\r\n");
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_EQ(at(refused, "code"), R"("locked")");
  EXPECT_EQ(create(*writer, "a key", "Kartei-Forwarded: 1\r\n").status, 201);
  EXPECT_EQ(standby->stop().status, 0);
  EXPECT_EQ(writer->stop().status, 0);
}

TEST_F(TwoServices, ChangesFollowTheWriterToWhereItIsNext) {
  writer.reset();
  const Answer meanwhile = create(*standby, "meanwhile");
  EXPECT_EQ(meanwhile.status, 503) << meanwhile.body;
  EXPECT_EQ(at(meanwhile, "code"), R"("locked")");
  EXPECT_EQ(meanwhile.header("retry-after"), "1");
  ASSERT_TRUE(standby->await(kWriter));
  writer.emplace(one, whole::Words{"--advertise", "http://localhost:9"});
  ASSERT_TRUE(writer->await(kPassesOnTo + standby->url()));
  EXPECT_EQ(create(*writer, "a key").status, 201);

  EXPECT_EQ(standby->stop().status, 0);
  ASSERT_TRUE(writer->await(kWriter));
  standby.emplace(other);
  EXPECT_TRUE(standby->await(std::string{kPassesOnTo} + "http://localhost:9"));
  EXPECT_EQ(standby->stop().status, 0);
  EXPECT_EQ(writer->stop().status, 0);
}

// A token of that role, and its line for the service.
struct Token {
  Token(whole::Place& place, const char* name, const char* role) {
    const whole::Ran made = place.json({"token", name, role});
    header = "Authorization: Bearer " + text(made, "data.token") + "\r\n";
    line = text(made, "data.line") + '\n';
  }
  static std::string text(const whole::Ran& ran, const std::string& path) {
    return *infra::codec::read_json(ran.at(path)).value().as<std::string>();
  }
  std::string header;
  std::string line;
};

TEST(KafkaServe, AStandbyPassesChangesOnThroughTlsAndTheWriterLooksAtTheToken) {
  const KafkaEnvironment environment;
  const testing_http::Certificate certificate;
  const infra::http::Tls tls = certificate.files();
  whole::Place one;
  whole::Place other;
  const Token clerk{one, "Empfang", "clerk"};
  const Token stranger{one, "Fremd", "clerk"};
  ASSERT_EQ(one.json({"topics", "create", "--partitions", "5"}).status, 0);
  Served writer{one,
                {"--tokens",
                 one.write("tokens", clerk.line),
                 "--tls-certificate",
                 tls.certificate_chain_file,
                 "--tls-key",
                 tls.private_key_file}};
  ASSERT_TRUE(writer.await(kWriter));
  Served standby{other,
                 {"--tokens",
                  other.write("tokens", clerk.line + stranger.line),
                  "--tls-ca",
                  tls.certificate_chain_file}};
  ASSERT_TRUE(standby.await(kPassesOnTo + writer.url()));
  ASSERT_TRUE(writer.url().starts_with("https://")) << writer.url();
  const Answer refused = create(standby, "a key", stranger.header);
  EXPECT_EQ(refused.status, 401) << refused.body;
  EXPECT_EQ(refused.header("www-authenticate"), "Bearer");
  const Answer created = create(standby, "a key", clerk.header);
  EXPECT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(standby.stop().status, 0);
  EXPECT_EQ(writer.stop().status, 0);
  EXPECT_EQ(one.json({"patient", "history", at(created, "id")}).at("data.0.actor"), R"("Empfang")");
}

}  // namespace
}  // namespace testing_kafka
