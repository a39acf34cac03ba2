#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "domain/patient/value.h"
#include "infra/codec/json.h"

// One table for each of the 36 keys: what a client may send for it. Values are written as JSON.
namespace {

using patient::Access;
using patient::Key;
using patient::Kind;
using std::string_literals::operator""s;

core::Raw json(const std::string& text) {
  auto raw = infra::codec::read_json(text);
  EXPECT_TRUE(raw) << text;
  return raw ? raw.value() : core::Raw{};
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

// Characters of two bytes each: a limit that counted bytes would refuse them.
std::string umlauts(std::size_t count) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) text += "ä";
  return text;
}

struct Row {
  Key key;
  Kind kind;
  std::size_t limit = 0;                  // of texts, in characters
  std::vector<std::string> taken = {};    // beyond what every key of the kind takes
  std::vector<std::string> refused = {};  // beyond what every key of the kind refuses
  bool nullable = true;
};

const std::string kFive = R"("Einsamkeit","Mobbing","Zwänge","Innere Leere","Identitätskrise")";
const std::string kSix = '[' + kFive + R"(,"Selbstzweifel"])";
const std::string kSeven = '[' + kFive + R"(,"Selbstzweifel","Trauer / Verlust"])";

const std::vector<Row> kSettable{
    {Key::anrede, Kind::choice, 0, {R"("Herr")", R"("Frau")"}, {R"("frau")", R"("Dr.")"}, false},
    {Key::geschlecht,
     Kind::choice,
     0,
     {R"("männlich")", R"("weiblich")", R"("divers")", R"("keine_Angabe")"},
     {R"("Männlich")", R"("maennlich")", R"("keine Angabe")"},
     false},
    {Key::vorname, Kind::text, 100, {R"(" A ")"}, {R"("")", R"("  ")", R"("\u00a0\t")"}, false},
    {Key::nachname, Kind::text, 100, {R"("Ó")"}, {R"("")", R"("\u3000")"}, false},
    {Key::strasse, Kind::text, 255},
    {Key::plz, Kind::text, 10, {R"("01067")", R"("CH-8001")"}, {"1067"}},
    {Key::ort, Kind::text, 100},
    {Key::email, Kind::text, 255, {R"("nicht geprüft")"}},
    {Key::telefon, Kind::text, 50},
    {Key::hausarzt, Kind::text, 255},
    {Key::krankenkasse, Kind::text, 100},
    {Key::krankenversicherungsnummer, Kind::text, 50, {R"("A000000000")"}},
    {Key::geburtsdatum, Kind::date},
    {Key::symptome,
     Kind::symptoms,
     0,
     {R"(["Einsamkeit"])", kSix, R"x(["Suchtprobleme (Alkohol/Drogen)"])x"},
     {"[]",
      kSeven,
      R"(["Einsamkeit","Einsamkeit"])",
      R"(["einsamkeit"])",
      R"(["Müde"])",
      "[1]",
      "[null]",
      R"("Einsamkeit")",
      R"({"0":"Einsamkeit"})"}},
    {Key::erfahrung_mit_psychotherapie, Kind::flag},
    {Key::letzte_sitzung_vorherige_psychotherapie, Kind::date},
    {Key::vertraege_unterschrieben, Kind::flag},
    {Key::erster_therapieplatz_am, Kind::date},
    {Key::funktionierender_therapieplatz_am, Kind::date},
    {Key::status,
     Kind::status,
     0,
     {R"("offen")",
      R"("auf_der_Suche")",
      R"("in_Therapie")",
      R"("Therapie_abgeschlossen")",
      R"("Suche_abgebrochen")",
      R"("Therapie_abgebrochen")"},
     {R"("auf_der_suche")", R"("Offen")", R"("")", "0", "true", "[]"},
     false},
    {Key::empfehler_der_unterstuetzung, Kind::text, 0, {quoted(umlauts(10'000))}},
    {Key::zahlungsreferenz, Kind::text, 8},
    {Key::zahlung_eingegangen, Kind::flag},
    {Key::zeitliche_verfuegbarkeit,
     Kind::availability,
     0,
     {"{}",
      R"({"montag":[]})",
      R"({"montag":["09:00-12:00","13:00-24:00"],"sonntag":["00:00-00:01"]})",
      R"({"monday":["09:00-12:00"],"mittwoch":["10:00-10:01"]})"},
     {R"({"montag":"09:00-12:00"})",
      R"({"montag":null})",
      R"({"Montag":["09:00-12:00"]})",
      R"({"feiertag":["09:00-12:00"]})",
      R"({"montag":[],"monday":[]})",
      R"({"montag":["12:00-09:00"]})",
      R"({"montag":["09:00-09:00"]})",
      R"({"montag":["9:00-12:00"]})",
      R"({"montag":["09:00 - 12:00"]})",
      R"({"montag":["09:00-24:01"]})",
      R"({"montag":["09:60-12:00"]})",
      R"({"montag":["24:00-24:00"]})",
      R"({"montag":["ab:cd-ef:gh"]})",
      R"({"montag":["ö9:00-12:00"]})",
      R"({"montag":[900]})",
      "[]",
      R"("montag")",
      "true"}},
    {Key::raeumliche_verfuegbarkeit,
     Kind::radius,
     0,
     {R"({"max_km":0})", R"({"max_km":1000})"},
     {R"({"max_km":-1})",
      R"({"max_km":1001})",
      R"({"max_km":2.5})",
      R"({"max_km":"20"})",
      R"({"max_km":null})",
      R"({"max_km":20,"ort":"Köln"})",
      R"({"km":20})",
      "{}",
      "20",
      "[]"}},
    {Key::verkehrsmittel, Kind::text, 50, {R"("Auto")", R"("ÖPNV")"}},
    {Key::offen_fuer_gruppentherapie, Kind::flag},
    {Key::offen_fuer_diga, Kind::flag},
    {Key::ausgeschlossene_therapeuten,
     Kind::therapists,
     0,
     {"[]", "[3,1,2,1]", "[9007199254740991]"},
     {"[0]", "[-1]", "[9007199254740992]", "[1.5]", R"(["1"])", "[null]", "1", "{}", R"("1")"},
     false},
    {Key::bevorzugtes_therapeutengeschlecht,
     Kind::choice,
     0,
     {R"("Männlich")", R"("Weiblich")", R"("Egal")"},
     {R"("egal")"}},
    {Key::bevorzugtes_therapieverfahren,
     Kind::choice,
     0,
     {R"("egal")", R"("Verhaltenstherapie")", R"("tiefenpsychologisch_fundierte_Psychotherapie")"},
     {R"("Egal")"}},
};

std::vector<std::string> taken_by_kind(const Row& row) {
  switch (row.kind) {
    case Kind::text: {
      std::vector<std::string> taken{quoted("x"), quoted("  x  "), quoted(umlauts(1))};
      if (row.limit > 0) taken.push_back(quoted(umlauts(row.limit)));
      if (row.nullable) taken.push_back(quoted(""));
      return taken;
    }
    case Kind::flag: return {"true", "false"};
    case Kind::date: return {R"("1815-12-10")", R"("2024-02-29")", R"("9999-12-31")"};
    default: return {};
  }
}

std::vector<std::string> refused_by_kind(const Row& row) {
  switch (row.kind) {
    case Kind::text: {
      std::vector<std::string> refused{"1", "1.5", "true", "[]", "{}", R"(["x"])"};
      if (row.limit > 0) refused.push_back(quoted(umlauts(row.limit + 1)));
      return refused;
    }
    case Kind::choice: return {R"("")", "1", "true", "[]", "{}", R"(["Frau"])", R"(" Frau")"};
    case Kind::flag: return {"0", "1", "1.0", R"("true")", R"("")", "[]", "{}"};
    case Kind::date:
      return {R"("2026-02-29")",
              R"("")",
              R"("02.01.2026")",
              R"("2026-01-02T00:00:00Z")",
              "20260102",
              "true",
              "[]",
              "{}"};
    default: return {};
  }
}

TEST(ParseValue, TakesWhatEachKeyMayHoldAndSaysTheSameAgain) {
  for (const Row& row : kSettable) {
    auto taken = taken_by_kind(row);
    taken.insert(taken.end(), row.taken.begin(), row.taken.end());
    EXPECT_FALSE(taken.empty());
    for (const std::string& text : taken) {
      SCOPED_TRACE(std::string{name(row.key)} + ' ' + text.substr(0, 60));
      const auto value = patient::parse(row.key, json(text));
      ASSERT_TRUE(value) << value.error();
      EXPECT_TRUE(fits(row.key, value.value()));
      const auto again = patient::parse(row.key, to_raw(value.value()));
      ASSERT_TRUE(again) << again.error();
      EXPECT_TRUE(again.value() == value.value());
    }
  }
}

TEST(ParseValue, RefusesEverythingElseWithoutRepeatingIt) {
  for (const Row& row : kSettable) {
    auto refused = refused_by_kind(row);
    refused.insert(refused.end(), row.refused.begin(), row.refused.end());
    EXPECT_FALSE(refused.empty());
    for (const std::string& text : refused) {
      SCOPED_TRACE(std::string{name(row.key)} + ' ' + text.substr(0, 60));
      const auto value = patient::parse(row.key, json(text));
      ASSERT_FALSE(value);
      EXPECT_FALSE(value.error().empty());
      for (const char* secret : {"ää", "1067", "Müde", "Dr.", "feiertag", "9007199254740992"}) {
        EXPECT_EQ(value.error().find(secret), std::string::npos) << value.error();
      }
    }
  }
}

TEST(ParseValue, RefusesTextsThatAreNoUtf8OrHoldNul) {
  for (const Row& row : kSettable) {
    if (row.kind != Kind::text) continue;
    for (const std::string& text : {"a\xFF"s, "\xC3"s, "\xED\xA0\x80"s, "a\0b"s}) {
      EXPECT_FALSE(patient::parse(row.key, core::Raw{text})) << name(row.key);
    }
  }
}

// null clears: what may be null becomes null, what has a default gets it back, but for what
// others rely on.
TEST(ParseValue, OfNullIsNullOrTheDefaultOrRefused) {
  for (const Row& row : kSettable) {
    SCOPED_TRACE(name(row.key));
    const auto value = patient::parse(row.key, core::Raw{core::Raw::Null{}});
    ASSERT_EQ(value.has_value(), row.nullable);
    if (!value) continue;
    const bool optional = info(row.key).access == Access::optional;
    EXPECT_TRUE(value.value() == (optional ? patient::Value{} : default_of(row.key)));
  }
}

TEST(ParseValue, KnowsEveryKeyThatIsNotTheServicesOwn) {
  std::size_t derived = 0;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    if (key.access == Access::derived) {
      ++derived;
      continue;
    }
    bool known = false;
    for (const Row& row : kSettable) {
      if (row.key != key.key) continue;
      known = true;
      EXPECT_EQ(row.kind, key.kind) << key.name;
      if (key.kind == Kind::text) {
        EXPECT_EQ(row.limit, key.limit) << key.name;
      }
    }
    EXPECT_TRUE(known) << key.name;
  }
  EXPECT_EQ(derived, 5U);
  EXPECT_EQ(kSettable.size() + derived, patient::kKeyCount);
}

TEST(ParseValue, CountsSixSymptomsOfThirty) {
  EXPECT_EQ(info(Key::symptome).choices.size(), 30U);
  EXPECT_EQ(info(Key::symptome).limit, 6U);
}

TEST(ParseValue, SortsTherapistsAndDropsRepetitions) {
  const auto value = patient::parse(Key::ausgeschlossene_therapeuten, json("[3,1,2,1]"));
  EXPECT_EQ(infra::codec::write_json(to_raw(value.value())), "[1,2,3]");
}

TEST(ParseValue, SpeaksGermanWhateverItReads) {
  const auto value = patient::parse(Key::zeitliche_verfuegbarkeit,
                                    json(R"({"sunday":["09:00-24:00"],"montag":[]})"));
  EXPECT_EQ(infra::codec::write_json(to_raw(value.value())),
            R"({"montag":[],"sonntag":["09:00-24:00"]})");
}

}  // namespace
