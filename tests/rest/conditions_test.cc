#include "tests/rest/service.h"

// What travels in headers: what a sender believes, which command this is, how far a reader has
// come.
namespace testing_rest {
namespace {

class Conditions : public Service {};

constexpr const char* kMove = R"({"ort":"Bonn"})";

TEST_F(Conditions, AnEditOnAnOlderStateIsRefusedAndNamesTheActualOne) {
  create();
  EXPECT_EQ(ask("PUT /api/patients/1", kMove, "If-Match: \"1\"\r\n").header("etag"), "\"2\"");
  EXPECT_EQ(ask("POST /api/patients/1/contacts", R"({"at":"2026-01-20T10:00:00Z"})").status, 200);
  const Answer late = ask("PUT /api/patients/1", R"({"ort":"Köln"})", "If-Match: \"1\"\r\n");
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(at(late, "code"), "\"wrong_expected_sequence\"");
  EXPECT_EQ(at(late, "actual_sequence"), "2");
}

TEST_F(Conditions, MailThatComesInDoesNotSpoilAClerksEdit) {
  create();
  EXPECT_EQ(ask("POST /api/patients/1/contacts", R"({"at":"2026-01-20T10:00:00Z"})").status, 200);
  const Answer edited = ask("PUT /api/patients/1", kMove, "If-Match: \"1\"\r\n");
  EXPECT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(edited.header("etag"), "\"3\"");
}

TEST_F(Conditions, IfMatchTakesOneTagOrAStar) {
  create();
  EXPECT_EQ(ask("PUT /api/patients/1", kMove, "If-Match: *\r\n").status, 200);
  for (const char* tag : {"1", "W/\"1\"", "\"1\", \"2\"", "\"x\"", "\"-1\"", "\"\""}) {
    const Answer answer =
        ask("PUT /api/patients/1", kMove, "If-Match: " + std::string{tag} + "\r\n");
    EXPECT_EQ(answer.status, 400) << tag;
  }
}

TEST_F(Conditions, WhoHasThePatientAlreadyIsToldSo) {
  create();
  const Answer moved = ask("PUT /api/patients/1", kMove);
  for (const char* tags : {"\"2\"", "W/\"2\"", "*", "\"7\", W/\"2\" "}) {
    const Answer shown =
        ask("GET /api/patients/1", "", waiting_for(moved) + "If-None-Match: " + tags + "\r\n");
    EXPECT_EQ(shown.status, 304) << tags;
    EXPECT_EQ(shown.body, "");
  }
  for (const char* tags : {"\"1\"", "2", "\"22\", \"1\""})
    EXPECT_EQ(ask("GET /api/patients/1", "", "If-None-Match: " + std::string{tags} + "\r\n").status,
              200);
}

TEST_F(Conditions, ARepeatedKeyIsAnsweredAsTheFirstTimeAndDoesNothing) {
  create();
  for (const char* key : {"0f8fad5b-d9cb-469f-a165-70867728950e", "order 66"}) {
    const std::string header = "Idempotency-Key: " + std::string{key} + "\r\n";
    const std::string body = R"({"ort":")" + std::string{key} + "\"}";
    const Answer first = ask("PUT /api/patients/1", body, header);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.header("idempotency-replayed"), "");
    const Answer again = ask("PUT /api/patients/1", body, header);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.header("idempotency-replayed"), "true");
    EXPECT_EQ(again.body, first.body);
    const Answer other = ask("PUT /api/patients/1", R"({"ort":"Ulm"})", header);
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(at(other, "code"), "\"command_id_reused\"");
  }
  EXPECT_EQ(ask("PUT /api/patients/1", kMove, "Idempotency-Key: \xC3\xA4\r\n").status, 400);
}

TEST_F(Conditions, ARepeatedCreationIsOnePatient) {
  const std::string body =
      R"({"anrede":"Herr","geschlecht":"divers","vorname":"B","nachname":"C"})";
  const std::string header = "Idempotency-Key: once\r\n";
  const Answer first = ask("POST /api/patients", body, header);
  const Answer again = ask("POST /api/patients", body, header);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(at(ask("GET /api/patients", "", waiting_for(first)), "total"), "1");
}

// Frozen: a client may repeat a request after an update of ours. The UUID was computed by another
// implementation of SHA-256, so it must never be adapted to the code.
TEST_F(Conditions, AKeyThatIsNoUuidNamesTheSameCommandForEver) {
  create();
  EXPECT_EQ(ask("PUT /api/patients/1", kMove, "Idempotency-Key: order 66\r\n").status, 200);
  EXPECT_NE(events_until(R"("changed_keys":["ort","updated_at"])")
                .find(R"("command_id":"7860496e-8189-860a-a64c-ed7feb924bbc")"),
            std::string::npos);
}

TEST_F(Conditions, WhatARequestIsPartOfIsKeptWithItsEvents) {
  create();
  const std::string id = "6f1c2d3e-0000-4000-8000-00000000abcd";
  const Answer named = ask("PUT /api/patients/1", kMove, "X-Correlation-Id: " + id + "\r\n");
  EXPECT_EQ(named.header("x-correlation-id"), id);
  const Answer traced =
      ask("PUT /api/patients/1",
          R"({"ort":"Ulm"})",
          "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n");
  const std::string trace = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";
  EXPECT_EQ(traced.header("x-correlation-id"), trace);
  EXPECT_EQ(ask("POST /api/patients/1/status", R"({"status":"in_Therapie"})").status, 200);
  const std::string events = events_until(R"("type":"status_changed")");
  for (const std::string& correlation : {id, trace})
    EXPECT_NE(events.find("\"correlation_id\":\"" + correlation + '"'), std::string::npos)
        << events;
}

TEST_F(Conditions, AWaitForAPositionThatDoesNotComeEndsWithTheOneReached) {
  const Answer created = ask("POST /api/patients",
                             R"({"anrede":"Frau","geschlecht":"weiblich","vorname":"A",)"
                             R"("nachname":"B"})");
  const std::string token = created.header("kartei-position");
  const std::string later = token.substr(0, token.find_last_of('-')) + "-999999";
  const std::string future =
      later.substr(0, later.find('-')) + "-999999" + later.substr(later.find_last_of('-'));
  const Answer late = ask("GET /api/patients/1", "", "Kartei-Wait-For: " + future + "\r\n");
  EXPECT_EQ(late.status, 504);
  EXPECT_EQ(at(late, "code"), "\"timeout\"");
  EXPECT_EQ(at(late, "position").substr(0, 10), '"' + token.substr(0, 9));
  EXPECT_EQ(ask("GET /api/patients/1", "", "Kartei-Wait-For: nonsense\r\n").status, 400);
}

}  // namespace
}  // namespace testing_rest
