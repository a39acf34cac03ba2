#include "tests/rest/service.h"

// Curavani's API: the shapes and messages that its clients know.
namespace testing_rest {
namespace {

class Patients : public Service {};

constexpr const char* kAda =
    R"({"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":"Probe"})";

TEST_F(Patients, ACreatedOneIsAnsweredWithAllItsKeysAndWhereItIs) {
  const Answer answer = ask("POST /api/patients", kAda);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("location"), "/api/patients/1");
  EXPECT_EQ(answer.header("etag"), "\"1\"");
  EXPECT_EQ(document(answer).as<core::Raw::Object>()->size(), 36U);
  EXPECT_EQ(at(answer, "id"), "1");
  EXPECT_EQ(at(answer, "status"), "\"offen\"");
  EXPECT_EQ(at(answer, "created_at"), "\"2026-02-01\"");
}

TEST_F(Patients, WhoWaitsForHisOwnWriteReadsIt) {
  const Answer created = ask("POST /api/patients", kAda);
  const Answer shown = ask("GET /api/patients/1", "", waiting_for(created));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body, created.body);
  EXPECT_EQ(shown.header("etag"), "\"1\"");
  EXPECT_FALSE(shown.header("kartei-position").empty());
}

TEST_F(Patients, AreListedWithPageLimitAndTotal) {
  create();
  create(R"(,"email":"ada@example.org")");
  const Answer last = ask("POST /api/patients", kAda);
  const Answer listed = ask("GET /api/patients?page=2&limit=2", "", waiting_for(last));
  EXPECT_EQ(listed.status, 200);
  EXPECT_EQ(at(listed, "page"), "2");
  EXPECT_EQ(at(listed, "limit"), "2");
  EXPECT_EQ(at(listed, "total"), "3");
  EXPECT_EQ(at(listed, "data.0.id"), "3");
  EXPECT_EQ(at(ask("GET /api/patients?search=EXAMPLE"), "total"), "1");
  EXPECT_EQ(at(ask("GET /api/patients?status=in_Therapie"), "total"), "0");
  EXPECT_EQ(at(ask("GET /api/patients?status=&search="), "total"), "3");
}

TEST_F(Patients, WhoIsNotThereIsAnsweredWithTheOriginalsMessage) {
  for (const char* line : {"GET /api/patients/7",
                           "PUT /api/patients/7",
                           "GET /api/patients/no%20id",
                           "GET /api/patients/7/history",
                           "GET /api/patients/7/communication"}) {
    const Answer answer = ask(line, std::string{line}.starts_with("PUT") ? "{}" : "");
    EXPECT_EQ(answer.status, 404) << line;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(at(answer, "code"), "\"not_found\"");
    EXPECT_EQ(at(answer, "message"), "\"Patient not found\"") << line;
  }
}

TEST_F(Patients, AnUpdateMergesAndThePaymentRuleFires) {
  create();
  for (const char* method : {"PUT", "PATCH"}) {
    const Answer answer = ask(std::string{method} + " /api/patients/1", R"({"ort":"Köln"})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(at(answer, "ort"), "\"Köln\"");
    EXPECT_EQ(at(answer, "vorname"), "\"Ada\"");
  }
  const Answer paid =
      ask("PUT /api/patients/1", R"({"vertraege_unterschrieben":true,"zahlung_eingegangen":true})");
  EXPECT_EQ(at(paid, "status"), "\"auf_der_Suche\"");
  EXPECT_EQ(at(paid, "startdatum"), "\"2026-02-01\"");
}

TEST_F(Patients, EveryWrongKeyIsNamedAtOnceAndNoValueRepeated) {
  const Answer answer =
      ask("POST /api/patients",
          R"({"anrede":"Fräulein","vorname":"Ada","zzz":1,"plz":"123456789012"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(at(answer, "code"), "\"invalid\"");
  for (const char* key : {"anrede", "geschlecht", "nachname", "zzz", "plz"})
    EXPECT_NE(at(answer, std::string{"fields."} + key), "") << key;
  EXPECT_EQ(answer.body.find("Fräulein"), std::string::npos);
}

TEST_F(Patients, ADeletedOneIsGoneForEver) {
  create();
  const Answer deleted = ask("DELETE /api/patients/1");
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(at(deleted, "message"), "\"Patient deleted successfully\"");
  EXPECT_EQ(ask("GET /api/patients/1", "", waiting_for(deleted)).status, 404);
  EXPECT_EQ(ask("PUT /api/patients/1", R"({"ort":"Bonn"})").status, 410);
  EXPECT_EQ(ask("GET /api/patients/1/history").status, 200);
}

TEST_F(Patients, ContactsAreListedAsCommunicationNewestFirst) {
  create();
  EXPECT_EQ(
      ask("POST /api/patients/1/contacts", R"({"at":"2026-01-20T10:00:00Z","channel":"email"})")
          .status,
      200);
  const Answer last = ask("POST /api/patients/1/contacts",
                          R"({"at":"2026-01-25T10:00:00Z","channel":"phone","source":"call-1"})");
  EXPECT_EQ(at(last, "letzter_kontakt"), "\"2026-01-25\"");
  const Answer answer = ask("GET /api/patients/1/communication", "", waiting_for(last));
  EXPECT_EQ(at(answer, "patient_name"), "\"Ada Probe\"");
  EXPECT_EQ(at(answer, "last_contact"), "\"2026-01-25\"");
  EXPECT_EQ(at(answer, "total_emails"), "1");
  EXPECT_EQ(at(answer, "total_calls"), "1");
  EXPECT_EQ(at(answer, "communications.0.source"), "\"call-1\"");
}

TEST_F(Patients, AContactIsRefusedWithAllThatIsWrongAndNothingOfIt) {
  create();
  const Answer answer = ask("POST /api/patients/1/contacts",
                            R"({"channel":"fax","source":"a\nb","Kanarie Vogel":1})");
  EXPECT_EQ(answer.status, 400);
  for (const char* key : {"at", "channel", "source"})
    EXPECT_NE(at(answer, std::string{"fields."} + key), "") << key;
  EXPECT_EQ(answer.body.find("Kanarie"), std::string::npos) << answer.body;
}

TEST_F(Patients, StatusAndExclusionsHavePathsOfTheirOwn) {
  create();
  EXPECT_EQ(at(ask("POST /api/patients/1/status", R"({"status":"in_Therapie"})"), "status"),
            "\"in_Therapie\"");
  const Answer wrong = ask("POST /api/patients/1/status", R"({"status":"krank"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(at(wrong, "fields.status").find("auf_der_Suche"), std::string::npos);
  EXPECT_EQ(at(ask("POST /api/patients/1/excluded-therapists/301", R"({"reason":"x"})"),
               "ausgeschlossene_therapeuten"),
            "[301]");
  EXPECT_EQ(at(ask("POST /api/patients/1/excluded-therapists/302"), "ausgeschlossene_therapeuten"),
            "[301,302]");
  const Answer last = ask("DELETE /api/patients/1/excluded-therapists/301");
  EXPECT_EQ(at(last, "ausgeschlossene_therapeuten"), "[302]");
  const Answer listed = ask("GET /api/queries/exclusions?therapist=302", "", waiting_for(last));
  EXPECT_EQ(at(listed, "0.patient_id"), "1");
}

TEST_F(Patients, AreShownAsTheyWere) {
  create();
  clock.advance(std::chrono::hours{24});
  const Answer moved = ask("PUT /api/patients/1", R"({"ort":"Bonn"})");
  const Answer before =
      ask("GET /api/patients/1?as_of=2026-02-01T12:00:00Z", "", waiting_for(moved));
  EXPECT_EQ(before.status, 200) << before.body;
  EXPECT_EQ(at(before, "ort"), "null");
  EXPECT_EQ(ask("GET /api/patients/1?as_of=2025-01-01").status, 404);
  EXPECT_EQ(at(ask("GET /api/patients/1/history"), "1.changes.ort"), "[null,\"Bonn\"]");
}

TEST_F(Patients, QuestionsAcrossPatientsAnswer) {
  create();
  const Answer last = ask("POST /api/patients", kAda);
  const Answer never = ask("GET /api/queries/letzter-kontakt?never=true", "", waiting_for(last));
  EXPECT_EQ(at(never, "1.patient_id"), "2");
  EXPECT_EQ(at(ask("GET /api/queries/status-summary", "", waiting_for(last)), "offen"), "2");
  EXPECT_EQ(at(ask("GET /api/queries/status-durations", "", waiting_for(last)), "0.patients"), "2");
}

}  // namespace
}  // namespace testing_rest
