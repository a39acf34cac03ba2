#include <filesystem>

#include "infra/rest/health.h"
#include "infra/rest/streaming.h"
#include "tests/rest/service.h"

// What operators see: read models, rebuilds, the log as it goes on, health and figures.
namespace testing_rest {
namespace {

class Operations : public Service {};

TEST_F(Operations, AServiceThatHasJustStartedIsReady) {
  const Answer ready = ask("GET /health/ready");
  EXPECT_EQ(ready.status, 200) << ready.body;
  EXPECT_EQ(at(ready, "status"), "\"ready\"");
  for (const char* path : {"/health", "/health/live", "/health/kafka", "/health/import"})
    EXPECT_EQ(ask(std::string{"GET "} + path).status, 200) << path;
  EXPECT_EQ(at(ask("GET /health"), "status"), "\"healthy\"");
  EXPECT_EQ(at(ask("GET /health/kafka"), "kafka.enabled"), "false");
}

TEST_F(Operations, ReadinessTellsWhatIsBrokenFromWhatIsOnItsWay) {
  using Health = infra::service::Host::Health;
  Health ready;
  ready.opened = true;
  ready.models = {{"directory", true, 3}, {"contacts", true, 0}};
  EXPECT_EQ(infra::rest::readiness(ready), "ready");
  const auto changed = [&](const auto& change) {
    Health health = ready;
    change(health);
    return infra::rest::readiness(health);
  };
  EXPECT_EQ(changed([](Health& one) { one.opened = false; }), "starting");
  EXPECT_EQ(changed([](Health& one) { one.models[1].there = false; }), "rebuilding");
  EXPECT_EQ(changed([](Health& one) { one.models[0].lag_events = 1'000'000; }), "behind");
  EXPECT_EQ(changed([](Health& one) { one.writing.trouble = "no room"; }), "broken");
  EXPECT_EQ(changed([](Health& one) { one.projecting.trouble = "no room"; }), "broken");
  EXPECT_EQ(changed([](Health& one) { one.writing.alive = false; }), "broken");
}

TEST_F(Operations, WhatBreaksIsToldTheOperatorAndNotTheClient) {
  create();
  stop();
  std::filesystem::remove_all(folder.path() / "data/read");
  folder.write("data/read", "a file where the folder belongs");
  start();
  const Answer ready = ask("GET /health/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(at(ready, "status"), "\"broken\"");
  EXPECT_EQ(at(ready, "projecting.in_trouble"), "true");
  EXPECT_EQ(ask("GET /health/live").status, 200);
  const Answer broken = ask("GET /api/projections");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(at(broken, "code"), "\"io\"");
  const std::string path = folder.path().string();
  EXPECT_EQ((ready.body + broken.body).find(path), std::string::npos) << broken.body;
  EXPECT_EQ(ask("PUT /api/patients/1", R"({"ort":"Bonn"})").status, 200);
  std::filesystem::remove(folder.path() / "data/read");
  // It comes back by itself, with what was written meanwhile.
  Answer shown;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  do {
    shown = ask("GET /api/patients/1");
  } while (shown.status != 200 && std::chrono::steady_clock::now() < until);
  EXPECT_EQ(at(shown, "ort"), "\"Bonn\"");
  stop();
  std::string said;
  for (const std::string& notice : notices) said += notice;
  EXPECT_NE(said.find(path), std::string::npos);
}

TEST_F(Operations, RegistrationsThatArriveInAFolderBecomePatients) {
  const std::string inbox = folder.write(
      "inbox/one.json",
      R"({"patient_data":{"anrede":"Frau",)"
      R"("geschlecht":"weiblich","vorname":"Ada","nachname":"Probe","symptome":["Einsamkeit"]}})");
  folder.write("inbox/two.json", "{");
  kartei::ServeOptions options;
  options.import_folder = std::filesystem::path{inbox}.parent_path();
  options.import_interval = std::chrono::seconds{1};
  start(std::move(options));
  Answer health;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  do {
    health = ask("GET /health/import");
  } while ((at(health, "details.files_processed_today") != "1" ||
            at(health, "details.files_failed_today") != "1") &&
           std::chrono::steady_clock::now() < until);
  EXPECT_EQ(at(health, "details.files_processed_today"), "1") << health.body;
  EXPECT_EQ(at(health, "details.files_failed_today"), "1") << health.body;
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "inbox/processed/one.json"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "inbox/failed/two.json.reason.json"));
  Answer history;
  do {
    history = ask("GET /api/patients/1/history");  // As far as the read model has come.
  } while (history.status == 404 && std::chrono::steady_clock::now() < until);
  EXPECT_EQ(at(history, "0.actor"), "\"import\"");
}

TEST_F(Operations, ReadModelsAreListed) {
  const Answer listed = ask("GET /api/projections");
  EXPECT_EQ(at(listed, "0.name"), "\"directory\"");
  EXPECT_EQ(at(listed, "0.state"), "\"live\"");
  EXPECT_EQ(document(listed).as<core::Raw::Array>()->size(), 6U);
}

TEST_F(Operations, ARebuildTellsHowFarItIsAndGoesLive) {
  create();
  testing_http::Peer peer{serving->port()};
  ASSERT_TRUE(peer.send(testing_http::request("POST /api/projections/directory/rebuild")));
  const std::string told = peer.read_to_the_end();
  EXPECT_NE(told.find("text/event-stream"), std::string::npos) << told;
  EXPECT_NE(told.find("event: done"), std::string::npos) << told;
  EXPECT_NE(told.find("\"cutover\":true"), std::string::npos) << told;
  const Answer listed = ask("GET /api/projections");
  EXPECT_EQ(at(listed, "0.state"), "\"previous\"");
  EXPECT_EQ(at(listed, "1.generation"), "2");
  // The new generation is kept up, and asked.
  const Answer moved = ask("PUT /api/patients/1", R"({"ort":"Bonn"})");
  EXPECT_EQ(at(ask("GET /api/patients/1", "", waiting_for(moved)), "ort"), "\"Bonn\"");
  EXPECT_EQ(ask("POST /api/projections/nonsense/rebuild").status, 404);
}

TEST_F(Operations, RebuildsInARowLoseNoWrite) {
  create();
  for (int round = 0; round < 5; ++round) {
    testing_http::Peer peer{serving->port()};
    ASSERT_TRUE(peer.send(testing_http::request("POST /api/projections/timeline/rebuild")));
    const Answer moved =
        ask("PUT /api/patients/1", R"({"ort":"Town )" + std::to_string(round) + "\"}");
    EXPECT_NE(peer.read_to_the_end().find("event: done"), std::string::npos);
    const Answer history = ask("GET /api/patients/1/history", "", waiting_for(moved));
    EXPECT_EQ(at(history, std::to_string(round + 1) + ".changes.ort.1"),
              "\"Town " + std::to_string(round) + "\"")
        << history.status << ' ' << history.body;
  }
}

TEST_F(Operations, TheLogIsFollowedFromItsBeginningAndGoesOn) {
  create();
  testing_http::Peer peer{serving->port()};
  ASSERT_TRUE(peer.send(testing_http::request("GET /api/events?from=beginning")));
  std::string told = peer.read_until("\"type\":\"created\"");
  EXPECT_NE(told.find("event: event"), std::string::npos);
  EXPECT_EQ(told.find("Ada"), std::string::npos) << "a value is in the stream";
  EXPECT_EQ(ask("PUT /api/patients/1", R"({"ort":"Bonn"})").status, 200);
  told = peer.read_until("\"changed_keys\":[\"ort\",\"updated_at\"]");
  const std::size_t id = told.rfind("id: ");
  const std::string last = told.substr(id + 4, told.find('\n', id) - id - 4);
  // Whoever was away goes on behind what he has seen.
  EXPECT_EQ(ask("POST /api/patients/1/status", R"({"status":"in_Therapie"})").status, 200);
  testing_http::Peer again{serving->port()};
  ASSERT_TRUE(
      again.send(testing_http::request("GET /api/events", "Last-Event-ID: " + last + "\r\n")));
  told = again.read_until("\"type\":\"status_changed\"");
  EXPECT_EQ(told.find("\"type\":\"updated\""), std::string::npos) << told;
  EXPECT_EQ(ask("GET /api/events?from=nonsense").status, 400);
}

TEST_F(Operations, WhatIsWatchedIsBounded) {
  std::vector<std::unique_ptr<testing_http::Peer>> peers;
  for (std::size_t count = 0; count < infra::rest::Streaming::kTogetherMax; ++count) {
    peers.push_back(std::make_unique<testing_http::Peer>(serving->port()));
    ASSERT_TRUE(peers.back()->send(testing_http::request("GET /api/events?from=now")));
    EXPECT_NE(peers.back()->read_until("\r\n\r\n").find(" 200 "), std::string::npos);
  }
  const Answer refused = ask("GET /api/events?from=now");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
}

TEST_F(Operations, FiguresCountWhatHappened) {
  create();
  EXPECT_EQ(ask("PUT /api/patients/1", R"({"zzz":1})").status, 400);
  EXPECT_EQ(ask("PUT /api/patients/9", R"({"ort":"Bonn"})").status, 404);
  const std::string text = ask("GET /metrics").body;
  EXPECT_NE(text.find("kartei_commands_total{outcome=\"done\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("kartei_commands_total{outcome=\"refused\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("kartei_events_published_total{type=\"created\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("kartei_transactions_total{outcome=\"committed\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("route=\"/api/patients/{id}\""), std::string::npos);
  EXPECT_EQ(text.find("Ada"), std::string::npos);
}

}  // namespace
}  // namespace testing_rest
