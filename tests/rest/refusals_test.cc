#include <fstream>

#include "infra/access/tokens.h"
#include "infra/rest/routes.h"
#include "tests/rest/service.h"

// What is refused before anybody looks for a patient, and who is.
namespace testing_rest {
namespace {

using infra::access::Role;

class Refusals : public Service {
 protected:
  std::string bytes_of(const char* name) const {
    std::ifstream file{folder.path() / name};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  }
  void put_tokens(const std::string& lines) const {
    const std::string file = folder.write("tokens.new", lines);
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    std::filesystem::rename(file, folder.path() / "tokens");
  }
  void start_with_tokens() {
    kartei::ServeOptions options;
    options.tokens = folder.path() / "tokens";
    options.limits.stream_heartbeat = std::chrono::minutes{10};  // A stream is silent or ends.
    start(std::move(options));
  }
};

TEST_F(Refusals, WhatIsNotThereAndWhatItDoesNotKnow) {
  EXPECT_EQ(ask("GET /").status, 404);
  EXPECT_EQ(ask("GET /api").status, 404);
  EXPECT_EQ(ask("GET /api/patients/1/").status, 404);
  EXPECT_EQ(ask("GET /api/patients//history").status, 404);
  const Answer wrong = ask("DELETE /api/patients");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET, HEAD, POST");
  EXPECT_EQ(ask("HEAD /api/patients").status, 200);
}

TEST_F(Refusals, ABodyIsAJsonObject) {
  for (const char* body :
       {"[]", "1", "{", "{\"a\":1,\"a\":2}", "\xFF", "{\"vorname\":\"\\u0000\"}"}) {
    const Answer answer = ask("POST /api/patients", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(at(answer, "code"), "\"invalid\"") << body;
  }
  EXPECT_NE(at(ask("POST /api/patients", "{\n \"a\" 1}"), "message").find("line 2"),
            std::string::npos);
  EXPECT_EQ(ask("POST /api/patients").status, 400);
  testing_http::Peer peer{serving->port()};
  ASSERT_TRUE(peer.send(testing_http::request(
      "POST /api/patients", "Content-Type: application/x-www-form-urlencoded\r\n", "a=b")));
  EXPECT_EQ(peer.answer().status, 415);
}

TEST_F(Refusals, AMisspeltParameterIsNoticed) {
  for (const char* line : {"GET /api/patients?stat=offen",
                           "GET /api/patients?page=0",
                           "GET /api/patients?limit=1001",
                           "GET /api/patients?limit=1&limit=2",
                           "GET /api/patients?status=krank",
                           "GET /api/patients/1?as_of=gestern",
                           "GET /api/queries/letzter-kontakt?before=2026-02-30",
                           "GET /api/queries/letzter-kontakt?never=perhaps",
                           "GET /api/queries/exclusions?therapist=x",
                           "GET /api/queries/status-summary?x=1"}) {
    EXPECT_EQ(ask(line).status, 400) << line;
  }
}

TEST_F(Refusals, NoRouteTakesAParameterThatItDoesNotKnow) {
  for (const infra::rest::Route& route : infra::rest::all_routes()) {
    std::string target{route.pattern};
    for (const auto& [name, value] : {std::pair{"{id}", "1"},
                                      std::pair{"{therapist}", "1"},
                                      std::pair{"{name}", "directory"}}) {
      const std::size_t at = target.find(name);
      if (at != std::string::npos) target.replace(at, std::string_view{name}.size(), value);
    }
    const Answer answer = ask(std::string{route.method} + ' ' + target + "?unheard-of=1");
    EXPECT_EQ(answer.status, 400) << route.method << ' ' << route.pattern;
    EXPECT_EQ(at(answer, "code"), R"("usage")") << route.method << ' ' << route.pattern;
  }
}

TEST_F(Refusals, ATokenThatIsTakenOutOfTheFileStopsWorking) {
  const auto stays = infra::access::new_token(ids, {"stays", Role::reader}, std::nullopt);
  const auto goes = infra::access::new_token(ids, {"goes", Role::operator_}, std::nullopt);
  const auto header = [](const auto& token) {
    return "Authorization: Bearer " + token.token + "\r\n";
  };
  const auto status = [&](const auto& token) {
    return ask("GET /api/patients", "", header(token)).status;
  };
  put_tokens(stays.line + '\n' + goes.line + '\n');
  start_with_tokens();
  EXPECT_EQ(status(goes), 200);
  testing_http::Peer watching{serving->port()};
  ASSERT_TRUE(watching.send(testing_http::request("GET /api/events?from=now", header(goes))));
  EXPECT_NE(watching.read_until("\r\n\r\n").find(" 200 "), std::string::npos);
  put_tokens(stays.line + '\n');
  // What is watched ends, too, and says why.
  const std::string told = watching.read_to_the_end();
  EXPECT_NE(told.find("event: problem"), std::string::npos) << told;
  EXPECT_NE(told.find("\"status\":401"), std::string::npos) << told;
  EXPECT_EQ(status(goes), 401);
  EXPECT_EQ(status(stays), 200);
}

TEST_F(Refusals, WhoMayNoLongerFollowTheLogStopsFollowingIt) {
  const auto was = infra::access::new_token(ids, {"desk", Role::operator_}, std::nullopt);
  put_tokens(was.line + '\n');
  start_with_tokens();
  testing_http::Peer watching{serving->port()};
  ASSERT_TRUE(watching.send(testing_http::request("GET /api/events?from=now",
                                                  "Authorization: Bearer " + was.token + "\r\n")));
  EXPECT_NE(watching.read_until("\r\n\r\n").find(" 200 "), std::string::npos);
  std::string line = was.line;
  line.replace(line.find("operator"), std::string_view{"operator"}.size(), "clerk");
  put_tokens(line + '\n');
  EXPECT_NE(watching.read_to_the_end().find("\"status\":403"), std::string::npos);
}

TEST_F(Refusals, WithTokensEachRoleMayWhatItMayAndNobodyElseAnything) {
  std::string lines;
  std::vector<std::string> tokens;
  for (const auto role :
       {infra::access::Role::reader, infra::access::Role::clerk, infra::access::Role::operator_}) {
    const auto made = infra::access::new_token(
        ids, {std::string{infra::access::name(role)} + " desk", role}, std::nullopt);
    lines += made.line + '\n';
    tokens.push_back("Authorization: Bearer " + made.token + "\r\n");
  }
  const std::string file = folder.write("tokens", lines);
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  kartei::ServeOptions options;
  options.tokens = file;
  options.access_log = folder.path() / "access.log";
  start(std::move(options));

  const std::string body =
      R"({"anrede":"Frau","geschlecht":"divers","vorname":"A","nachname":"B"})";
  struct Row {
    const char* line;
    std::array<int, 4> statuses;  // nobody, reader, clerk, operator
  };
  const std::vector<Row> rows{{"GET /api/patients", {401, 200, 200, 200}},
                              {"POST /api/patients", {401, 403, 201, 201}},
                              {"GET /api/projections", {401, 403, 403, 200}},
                              {"GET /metrics", {401, 200, 200, 200}},
                              {"GET /health", {200, 200, 200, 200}}};
  std::string waiting;
  for (const Row& row : rows) {
    for (std::size_t who = 0; who < row.statuses.size(); ++who) {
      const bool posts = std::string_view{row.line}.starts_with("POST");
      const Answer answer = ask(row.line, posts ? body : "", who == 0 ? "" : tokens.at(who - 1));
      EXPECT_EQ(answer.status, row.statuses.at(who)) << row.line << ' ' << who;
      if (answer.status == 401) {
        EXPECT_EQ(answer.header("www-authenticate"), "Bearer");
      }
      if (answer.status == 201 && waiting.empty()) waiting = waiting_for(answer);
    }
  }
  EXPECT_EQ(ask("GET /api/patients", "", "Authorization: Bearer kt_wrong\r\n").status, 401);
  const Answer history = ask("GET /api/patients/1/history", "", tokens.at(0) + waiting);
  EXPECT_EQ(at(history, "0.actor"), "\"clerk desk\"");
  EXPECT_EQ(ask("GET /api/patients?stat=offen", "", tokens.at(0)).status, 400);

  stop();
  const std::string accesses = bytes_of("access.log");
  const auto has = [&](const std::string& part) {
    EXPECT_NE(accesses.find(part), std::string::npos) << part << " in " << accesses;
  };
  has(R"("method":"GET","route":"/api/patients","actor":"reader desk","status":200)");
  has(R"("method":"GET","route":"/api/patients","actor":"reader desk","status":400)");
  has(R"("method":"POST","route":"/api/patients","actor":"reader desk","status":403)");
  has(R"("method":"POST","route":"/api/patients","actor":"clerk desk","status":201)");
  has(R"("method":"GET","route":"/api/patients","actor":null,"status":401)");
  has(R"("method":"GET","route":"/health","actor":null,"status":200)");
}

TEST_F(Refusals, WhoReadWhomIsRecordedAndNothingElseOfAPatient) {
  kartei::ServeOptions options;
  options.access_log = folder.path() / "access.log";
  options.read_log = folder.path() / "read.log";
  start(std::move(options));
  const std::string id = create(R"(,"email":"kanarie@example.org")");
  EXPECT_EQ(ask("GET /api/patients/" + id).status, 200);
  EXPECT_EQ(ask("GET /api/patients?search=kanarie").status, 200);
  EXPECT_EQ(ask("PUT /api/patients/" + id, R"({"email":12})").status, 400);
  // Its answer is the patient.
  EXPECT_EQ(ask("PUT /api/patients/" + id, "{}", "X-Correlation-Id: nothing\r\n").status, 200);
  stop();
  const std::string reads = bytes_of("read.log");
  const std::string accesses = bytes_of("access.log");
  EXPECT_NE(reads.find("\"what\":\"patient\""), std::string::npos) << reads;
  EXPECT_NE(reads.find("\"what\":\"list\""), std::string::npos) << reads;
  const std::size_t change = reads.rfind("\"what\":\"change\"");
  ASSERT_NE(change, std::string::npos) << reads;
  EXPECT_NE(reads.find("nothing", change), std::string::npos) << reads;
  EXPECT_NE(accesses.find("\"route\":\"/api/patients/{id}\""), std::string::npos) << accesses;
  EXPECT_EQ(accesses.find("\"actor\":\""), std::string::npos) << accesses;  // No token was needed.
  std::string all = reads + accesses;
  for (const std::string& notice : notices) all += notice;
  for (const char* canary : {"kanarie", "Ada", "Probe"})
    EXPECT_EQ(all.find(canary), std::string::npos) << canary;
}

}  // namespace
}  // namespace testing_rest
