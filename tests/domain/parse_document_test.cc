#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/patient/parse.h"
#include "infra/codec/json.h"
#include "tests/domain/given.h"

namespace {

using patient::FieldErrors;
using patient::Key;
using patient::Status;

core::Raw json(const std::string& text) {
  auto raw = infra::codec::read_json(text);
  EXPECT_TRUE(raw) << text;
  return raw ? raw.value() : core::Raw{};
}

const std::string kAda =
    R"("anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":"Beispiel")";

FieldErrors create_errors(const std::string& text) {
  const auto parsed = patient::parse_create(json(text));
  return parsed ? FieldErrors{} : parsed.error();
}

FieldErrors update_errors(const std::string& text) {
  const auto parsed = patient::parse_update(tests::patient_number(7), json(text));
  return parsed ? FieldErrors{} : parsed.error();
}

std::vector<std::string> keys(const FieldErrors& errors) {
  std::vector<std::string> keys;
  for (const auto& [key, why] : errors) keys.push_back(key);
  return keys;
}

using Keys = std::vector<std::string>;

TEST(ParseCreate, TakesTheRequiredKeysAlone) {
  const auto request = patient::parse_create(json('{' + kAda + '}'));
  ASSERT_TRUE(request);
  EXPECT_TRUE(request.value().command == tests::create());
  EXPECT_EQ(request.value().id, std::nullopt);
}

TEST(ParseCreate, KeepsFieldsInWireOrderAndSetsIdStatusAndExclusionsApart) {
  const auto request = patient::parse_create(
      json(R"({"ausgeschlossene_therapeuten":[22,11],"status":"in_Therapie","ort":"Köln","id":7,)" +
           kAda + '}'));
  ASSERT_TRUE(request);
  auto expected = tests::create({{Key::ort, "Köln"}});
  expected.status = Status::in_therapie;
  expected.excluded = {tests::kWeiss, tests::kSchwarz};
  EXPECT_TRUE(request.value().command == expected);
  EXPECT_EQ(request.value().id, tests::patient_number(7));
}

TEST(ParseCreate, DemandsTheRequiredKeys) {
  EXPECT_EQ(keys(create_errors("{}")), (Keys{"anrede", "geschlecht", "nachname", "vorname"}));
  EXPECT_EQ(keys(create_errors(R"({"vorname":null,"anrede":"Herr","geschlecht":"divers"})")),
            (Keys{"nachname", "vorname"}));
}

TEST(ParseCreate, NamesAllThatIsWrongAtOnce) {
  const auto errors = create_errors(
      R"({"anrede":"Dr.","vorname":" ","plz":"12345678901","symptome":[],"status":"x",)"
      R"("ausgeschlossene_therapeuten":[0],"unbekannt":1,"id":0,"geburtsdatum":"1.1.1990"})");
  EXPECT_EQ(keys(errors),
            (Keys{"anrede",
                  "ausgeschlossene_therapeuten",
                  "geburtsdatum",
                  "geschlecht",
                  "id",
                  "nachname",
                  "plz",
                  "status",
                  "symptome",
                  "unbekannt",
                  "vorname"}));
  for (const auto& [key, why] : errors) {
    EXPECT_FALSE(why.empty());
    EXPECT_EQ(why.find("12345678901"), std::string::npos);
    EXPECT_EQ(why.find("1.1.1990"), std::string::npos);
  }
}

TEST(ParseCreate, IgnoresWhatTheServiceSays) {
  const auto request = patient::parse_create(
      json(R"({"startdatum":"x","letzter_kontakt":7,"created_at":null,"updated_at":[],"id":null,)" +
           kAda + '}'));
  ASSERT_TRUE(request);
  EXPECT_TRUE(request.value().command == tests::create());
  EXPECT_EQ(request.value().id, std::nullopt);
}

TEST(ParseCreate, RefusesAnIdThatIsNone) {
  for (const char* id :
       {"0", "-1", "1.5", "true", "[]", "{}", R"("")", R"("007")", R"("ä")", "9007199254740992"}) {
    EXPECT_EQ(keys(create_errors(R"({"id":)" + std::string{id} + ',' + kAda + '}')), Keys{"id"})
        << id;
  }
}

TEST(ParseCreate, TakesNothingButAnObject) {
  for (const char* text : {"null", "[]", R"("x")", "1", "true"}) {
    EXPECT_EQ(keys(create_errors(text)), Keys{"document"}) << text;
    EXPECT_EQ(keys(update_errors(text)), Keys{"document"}) << text;
  }
}

TEST(ParseUpdate, DemandsNothing) {
  const auto update = patient::parse_update(tests::patient_number(7), json("{}"));
  ASSERT_TRUE(update);
  EXPECT_TRUE(update.value() == patient::Update{});
}

TEST(ParseUpdate, TellsAnEmptyListOfExclusionsFromNone) {
  const auto update = patient::parse_update(tests::patient_number(7),
                                            json(R"({"ausgeschlossene_therapeuten":[]})"));
  ASSERT_TRUE(update);
  EXPECT_EQ(update.value().excluded, patient::TherapistIds{});
}

TEST(ParseUpdate, TakesThePatientsOwnIdAndRefusesAForeignOne) {
  EXPECT_EQ(update_errors(R"({"id":7})"), FieldErrors{});
  EXPECT_EQ(update_errors(R"({"id":"7"})"), FieldErrors{});
  for (const char* id : {"8", R"("8")", R"("07")", "7.5", "null", "true", "[7]"}) {
    EXPECT_EQ(keys(update_errors(R"({"id":)" + std::string{id} + '}')), Keys{"id"}) << id;
  }
}

TEST(ParseUpdate, IgnoresWhatTheServiceSays) {
  const auto update = patient::parse_update(
      tests::patient_number(7),
      json(R"({"startdatum":"2020-01-01","letzter_kontakt":"x","created_at":1,"updated_at":{}})"));
  ASSERT_TRUE(update);
  EXPECT_TRUE(update.value() == patient::Update{});
}

TEST(ParseUpdate, NamesAnUnknownKeyUnlessItCouldBeAnything) {
  EXPECT_EQ(keys(update_errors(R"({"Vorname":"Ada","e-mail":"x"})")), (Keys{"Vorname", "e-mail"}));
  for (const std::string& name :
       {std::string{"Frau Müller"}, std::string{}, std::string(65, 'x')}) {
    EXPECT_EQ(keys(update_errors("{\"" + name + "\":1}")), Keys{"(unprintable key)"});
  }
}

TEST(ParseUpdate, RefusesNullWhereThereIsNone) {
  EXPECT_EQ(keys(update_errors(
                R"({"vorname":null,"status":null,"ausgeschlossene_therapeuten":null,"ort":null})")),
            (Keys{"ausgeschlossene_therapeuten", "status", "vorname"}));
}

TEST(Patient, IsSaidInThe36KeysInWireOrder) {
  const auto state = tests::fold({tests::created({{Key::ort, "Köln"}})});
  EXPECT_EQ(
      infra::codec::write_json(to_raw(tests::patient_number(7), *state.on_file())),
      R"({"id":7,"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":"Beispiel",)"
      R"("strasse":null,"plz":null,"ort":"Köln","email":null,"telefon":null,"hausarzt":null,)"
      R"("krankenkasse":null,"krankenversicherungsnummer":null,"geburtsdatum":null,)"
      R"("symptome":null,"erfahrung_mit_psychotherapie":null,)"
      R"("letzte_sitzung_vorherige_psychotherapie":null,"vertraege_unterschrieben":false,)"
      R"("startdatum":null,"erster_therapieplatz_am":null,)"
      R"("funktionierender_therapieplatz_am":null,"status":"offen",)"
      R"("empfehler_der_unterstuetzung":null,"zahlungsreferenz":null,)"
      R"("zahlung_eingegangen":false,"zeitliche_verfuegbarkeit":null,)"
      R"("raeumliche_verfuegbarkeit":null,"verkehrsmittel":null,)"
      R"("offen_fuer_gruppentherapie":false,"offen_fuer_diga":false,"letzter_kontakt":null,)"
      R"("ausgeschlossene_therapeuten":[],"bevorzugtes_therapeutengeschlecht":"Egal",)"
      R"("bevorzugtes_therapieverfahren":"egal","created_at":"2026-03-01","updated_at":null})");
  const auto named = to_raw(*patient::PatientId::parse("p-7"), *state.on_file());
  EXPECT_EQ(infra::codec::write_json(named).substr(0, 12), R"({"id":"p-7",)");
}

TEST(ParseContact, TakesATimeAChannelAndASource) {
  const auto noted = patient::parse_contact(
      json(R"({"at":"2026-01-20T10:00:00+01:00","channel":"phone","source":"call-1"})"));
  ASSERT_TRUE(noted);
  EXPECT_EQ(core::format(noted.value().at), "2026-01-20T09:00:00Z");
  EXPECT_EQ(noted.value().channel, patient::Channel::phone);
  EXPECT_EQ(noted.value().source, "call-1");
  const auto bare = patient::parse_contact(json(R"({"at":"2026-01-20","source":null})"));
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare.value().channel, patient::Channel::other);
  EXPECT_EQ(bare.value().source, std::nullopt);
}

TEST(ParseContact, NamesAllThatIsWrongAtOnceAndRepeatsNothing) {
  const auto noted =
      patient::parse_contact(json(R"({"channel":"fax","source":"a\nb","Ada Probe":1,"zzz":2})"));
  ASSERT_FALSE(noted);
  EXPECT_EQ(keys(noted.error()),
            (std::vector<std::string>{"(unprintable key)", "at", "channel", "source", "zzz"}));
  EXPECT_EQ(keys(patient::parse_contact(json("[]")).error()),
            (std::vector<std::string>{"at", "document"}));
}

TEST(ParseStatusChange, TakesAKnownStatusAlone) {
  EXPECT_EQ(patient::parse_status_change(json(R"({"status":"in_Therapie"})")).value().status,
            Status::in_therapie);
  for (const char* wrong : {"{}",
                            R"({"status":null})",
                            R"({"status":"krank"})",
                            R"({"status":1})",
                            R"({"status":"offen","ort":"Bonn"})"}) {
    EXPECT_FALSE(patient::parse_status_change(json(wrong))) << wrong;
  }
}

TEST(ParseExclusion, TakesAReasonOrNone) {
  const patient::TherapistId therapist{301};
  const auto reason = [&](const char* text) {
    return patient::parse_exclusion(therapist, json(text)).value().reason;
  };
  EXPECT_EQ(reason("{}"), std::nullopt);
  EXPECT_EQ(reason(R"({"reason":null})"), std::nullopt);
  EXPECT_EQ(reason(R"({"reason":"Kälte"})"), "Kälte");
  EXPECT_EQ(keys(patient::parse_exclusion(therapist, json(R"({"reason":1,"x":2})")).error()),
            (std::vector<std::string>{"reason", "x"}));
}

}  // namespace
