#include <gtest/gtest.h>

#include <array>
#include <map>

#include "tests/whole/process.h"

namespace {

using whole::Place;
using whole::sample;
using whole::Words;

struct Expected {
  const char* name;
  const char* zahlungsreferenz;
  const char* letzter_kontakt;
};

constexpr std::array<Expected, 12> kExpected{{
    {"Annegret Sommerfeld", "\"37c996e9\"", "\"2025-12-15\""},
    {"Jörg-Peter Weißgerber", "\"efa0c268\"", "null"},
    {"Gülşah Yıldırım-Probst", "\"ac819ff8\"", "\"2026-01-07\""},
    {"Kim Lindqvist", "\"7ee75c91\"", "\"2026-01-09\""},
    {"Eckehard Trautwein", "null", "\"2025-12-18\""},
    {"Li Ng", "\"6aeba95d\"", "\"2025-11-16\""},
    {"Maria Theresia Österreicher", "\"2302a307\"", "\"2025-12-17\""},
    {"Zbigniew Kowalczyk", "\"fb047a47\"", "\"2026-01-01\""},
    {"Niccolò D’Angelo-Beispiel", "\"da217dc9\"", "\"2026-01-10\""},
    {"Henriette Freifrau von und zu Probenau", "\"d655db7e\"", "\"2025-12-03\""},
    {"Lotte Schäfer", "null", "\"2025-12-05\""},
    {"Baraka Otieno", "\"5e664d9a\"", "\"2025-12-31\""},
}};

void expect_import(Place& place, const Words& words, int status, const std::string& counts) {
  SCOPED_TRACE(::testing::PrintToString(words));
  const auto ran = place.json(words);
  EXPECT_EQ(ran.status, status) << ran.err;
  EXPECT_EQ(ran.at("ok"), "true");
  EXPECT_EQ(ran.keys("data"), "imported duplicates ignored refused");
  EXPECT_EQ(
      ran.at("data.imported") + ' ' + ran.at("data.duplicates") + ' ' + ran.at("data.ignored"),
      counts);
  if (status == 0) {
    EXPECT_EQ(ran.at("data.refused"), "[]");
  }
}

void import_samples(Place& place) {
  expect_import(place, {"import", "registrations", sample("registrations")}, 0, "12 0 0");
  expect_import(
      place, {"import", "communications", sample("communication-events.jsonl")}, 0, "42 4 14");
}

void expect_patients(Place& place) {
  for (std::size_t at = 0; at < kExpected.size(); ++at) {
    const std::string id = std::to_string(at + 1);
    SCOPED_TRACE(id);
    const auto ran = place.json({"patient", "show", id});
    ASSERT_EQ(ran.status, 0) << ran.out;
    const std::string name = ran.at("data.patient.vorname") + ' ' + ran.at("data.patient.nachname");
    std::string plain;
    for (const char c : name) {
      if (c != '"') plain += c;
    }
    EXPECT_EQ(plain, kExpected[at].name);
    EXPECT_EQ(ran.at("data.patient.id"), id);
    EXPECT_EQ(ran.at("data.patient.zahlungsreferenz"), kExpected[at].zahlungsreferenz);
    EXPECT_EQ(ran.at("data.patient.letzter_kontakt"), kExpected[at].letzter_kontakt);
    EXPECT_EQ(ran.at("data.patient.status"), "\"offen\"");
    EXPECT_EQ(ran.at("data.patient.vertraege_unterschrieben"), "true");
    EXPECT_EQ(ran.at("data.patient.zahlung_eingegangen"), "false");
    EXPECT_EQ(ran.at("data.patient.startdatum"), "null");
  }
}

// Every answer that the read models give, as bytes.
std::string all_answers(Place& place) {
  std::string answers;
  const std::vector<Words> questions = {{"patient", "list", "--limit", "100"},
                                        {"query", "letzter-kontakt"},
                                        {"query", "exclusions"},
                                        {"query", "status-summary"},
                                        {"query", "status-durations"},
                                        {"query", "contacts", "1"},
                                        {"patient", "history", "3"},
                                        {"patient", "show", "3", "--as-of", "2026-02-01T09:00:00Z"},
                                        {"events", "stats"},
                                        {"events", "verify"}};
  for (const Words& question : questions) {
    const auto ran = place.json(question);
    EXPECT_EQ(ran.status, 0) << ran.out;
    answers += ran.out;
  }
  return answers;
}

TEST(Samples, GiveTheExpectedTableAndGiveItAgainWhenRepeated) {
  Place place;
  import_samples(place);
  expect_patients(place);
  expect_import(place, {"import", "registrations", sample("registrations")}, 0, "0 12 0");
  expect_import(
      place, {"import", "communications", sample("communication-events.jsonl")}, 0, "0 46 14");
  expect_patients(place);
}

TEST(Samples, ThatAreBadAreRefusedByNameAndTheRestIsIn) {
  Place place;
  const auto ran =
      place.json({"import", "registrations", sample("registrations-bad"), sample("registrations")});
  EXPECT_EQ(ran.status, 4);
  EXPECT_EQ(ran.at("ok"), "true");
  EXPECT_EQ(ran.at("data.imported"), "12");
  EXPECT_EQ(ran.keys("data.refused.0"), "file line code message");
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"bad-date.json", "geburtsdatum"},
      {"empty.json", "nothing in it"},
      {"invalid-json.json", "line 23, column 56"},
      {"missing-vorname.json", "vorname"},
      {"no-patient-data.json", "patient_data"},
      {"no-symptoms.json", "symptome"},
      {"unknown-symptom.json", "symptome"},
      {"wrong-capital.json", "geschlecht"}};
  for (std::size_t at = 0; at < wrong.size(); ++at) {
    const std::string refusal = "data.refused." + std::to_string(at);
    EXPECT_NE(ran.at(refusal + ".file").find(wrong[at].first), std::string::npos);
    EXPECT_NE(ran.at(refusal + ".message").find(wrong[at].second), std::string::npos);
    EXPECT_EQ(ran.at(refusal + ".code"), "\"invalid\"");
  }
  EXPECT_EQ(ran.at("data.refused.8"), "");
}

TEST(Samples, ComeBackByteForByteWhenEveryCacheIsGone) {
  Place place;
  import_samples(place);
  const std::string before = all_answers(place);
  std::filesystem::remove(place.data() / "states.db");
  std::filesystem::remove_all(place.data() / "read");
  EXPECT_EQ(all_answers(place), before);
  expect_import(place, {"import", "registrations", sample("registrations")}, 0, "0 12 0");
  EXPECT_EQ(all_answers(place), before);
  EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
}

TEST(Samples, ComeInFromStandardInputOneALine) {
  Place place;
  const auto ran = place.json({"import", "communications", "-"},
                              whole::bytes_of(sample("communication-events.jsonl")));
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.at("data.imported"), "42");
  // All of them are about expected patients, whom nobody sees and whose numbers stay free.
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "0");
  EXPECT_EQ(place.json({"patient", "show", "1"}).status, 3);
  const auto created = place.json(whole::new_patient(""));
  EXPECT_EQ(created.at("data.patient.id"), "2") << created.out;
  // Who is put on file later has been contacted all the same.
  const auto expected = place.json(whole::new_patient("3"));
  EXPECT_EQ(expected.at("data.patient.letzter_kontakt"), kExpected[2].letzter_kontakt);
}

}  // namespace
