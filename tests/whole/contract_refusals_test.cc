#include <gtest/gtest.h>

#include "tests/whole/process.h"

namespace {

using whole::new_patient;
using whole::Place;
using whole::with;
using whole::Words;

constexpr const char* kCommand = "0f8fad5b-d9cb-469f-a165-70867728950e";

TEST(Contract, GivesARefusalItsCodeAndStatus) {
  Place place;
  ASSERT_EQ(place.json(with(new_patient("7"), {"--command-id", kCommand})).status, 0);
  ASSERT_EQ(place.json(new_patient("8")).status, 0);
  ASSERT_EQ(place.json({"patient", "delete", "8"}).status, 0);
  struct Refused {
    Words words;
    const char* code;
    int status;
  };
  const std::vector<Refused> all = {
      {{"patient", "shwo"}, "\"usage\"", 2},
      {{"patient", "show", "9"}, "\"not_found\"", 3},
      {{"patient", "show", "8"}, "\"not_found\"", 3},
      {{"patient", "update", "9", "--set", "ort=Ulm", "--expect", "3"}, "\"not_found\"", 3},
      {{"query", "contacts", "9"}, "\"not_found\"", 3},
      {{"quarantine", "show", "7"}, "\"not_found\"", 3},
      {{"patient", "update", "7", "--set", "schuhgroesse=43"}, "\"invalid\"", 4},
      {{"patient", "contact", "7", "--at", "2026-02-03T09:00:01Z"}, "\"invalid\"", 4},
      {{"patient", "update", "8", "--set", "ort=Ulm"}, "\"deleted\"", 4},
      {new_patient("8"), "\"deleted\"", 4},
      {new_patient("7"), "\"already_exists\"", 5},
      {with(new_patient("7"), {"--expect", "none"}), "\"already_exists\"", 5},
      {{"patient", "update", "7", "--set", "ort=Ulm", "--command-id", kCommand},
       "\"command_id_reused\"",
       5},
      {{"patient", "update", "7", "--set", "ort=Ulm", "--expect", "6"},
       "\"wrong_expected_sequence\"",
       5},
  };
  for (const Refused& refused : all) {
    SCOPED_TRACE(::testing::PrintToString(refused.words));
    const auto ran = place.json(refused.words);
    EXPECT_EQ(ran.status, refused.status) << ran.out;
    EXPECT_EQ(ran.at("ok"), "false");
    EXPECT_EQ(ran.keys("error"), "code message details");
    EXPECT_EQ(ran.code(), refused.code);
    if (ran.code() == "\"wrong_expected_sequence\"") {
      EXPECT_EQ(ran.at("error.details.actual_sequence"), "1");
    }
  }
  const auto invalid =
      place.json({"patient", "create", "--set", "vorname=", "--set", "geburtsdatum=x"});
  EXPECT_EQ(invalid.keys("error.details.fields"),
            "anrede geburtsdatum geschlecht nachname vorname");
  EXPECT_EQ(place.json({"patient", "show", "7"}).at("data.sequence"), "1");
}

TEST(Contract, NamesEverythingThatIsWrongAtOnce) {
  Place place;
  const std::string file = place.write("patient.json",
                                       R"({"vorname": "", "email": 7, "symptome": [],
                                           "geburtsdatum": "1990-02-30", "plz": "12345678901",
                                           "schuhgroesse": 43, "status": "Offen",
                                           "raeumliche_verfuegbarkeit": {"max_km": -1},
                                           "ausgeschlossene_therapeuten": [0]})");
  const auto ran = place.json({"patient", "create", file});
  EXPECT_EQ(ran.status, 4);
  EXPECT_EQ(ran.keys("error.details.fields"),
            "anrede ausgeschlossene_therapeuten email geburtsdatum geschlecht nachname plz "
            "raeumliche_verfuegbarkeit schuhgroesse status symptome vorname");
  const auto people = place.run({"patient", "create", file});
  EXPECT_EQ(people.out, "");
  for (const char* key : {"anrede", "email", "plz", "schuhgroesse", "symptome"}) {
    EXPECT_NE(people.err.find("\n  " + std::string{key} + ": "), std::string::npos) << people.err;
  }
  EXPECT_FALSE(std::filesystem::exists(place.data()));
}

TEST(Contract, RefusesBytesThatAreNoUtf8WhereverTextIsTaken) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  const std::string wrong = "K\xE4lte";
  const std::vector<Words> invalid = {
      {"patient", "exclude", "7", "301", "--reason", wrong},
      {"patient", "update", "7", "--set", "ort=" + wrong},
      {"patient", "update", "7", place.write("wrong.json", "{\"ort\": \"" + wrong + "\"}")},
      {"patient", "contact", "7", "--at", "2026-01-31T09:30:00Z", "--source", wrong},
      {"patient", "show", wrong},
      {"patient", "create", "--id", wrong}};
  for (const Words& words : invalid) {
    SCOPED_TRACE(::testing::PrintToString(words));
    const auto ran = place.json(words);
    EXPECT_EQ(ran.status, 4) << ran.out;
    EXPECT_EQ(ran.code(), "\"invalid\"");
    EXPECT_EQ(place.run(words).err.find(wrong), std::string::npos);
  }
  const auto actor = place.json({"patient", "delete", "7", "--actor", wrong});
  EXPECT_EQ(actor.status, 2) << actor.out;
  EXPECT_EQ(place.json({"patient", "show", "7"}).at("data.sequence"), "1");
}

TEST(Contract, CallsAWrongCommandLineUsageAndTouchesNothing) {
  Place place;
  const std::vector<Words> wrong = {{},
                                    {"patient"},
                                    {"patient", "shwo", "7"},
                                    {"patient", "show"},
                                    {"patient", "show", "7", "8"},
                                    {"patient", "show", "7", "--colour"},
                                    {"patient", "show", "7", "--as-of", "yesterday"},
                                    {"patient", "list", "--page", "0"},
                                    {"patient", "list", "--limit", "1001"},
                                    {"patient", "list", "--status", "neu"},
                                    {"patient", "create", "no-such-file.json"},
                                    {"patient", "create", "/"},
                                    {"patient", "create", "--set", "vorname"},
                                    {"patient", "delete", "7", "--expect", "-1"},
                                    {"patient", "delete", "7", "--command-id", "7"},
                                    {"patient", "delete", "7", "--correlation-id", "7"},
                                    {"query", "letzter-kontakt", "--before", "2026-02-30"},
                                    {"query", "letzter-kontakt", "--before=2026-02-01", "--never"},
                                    {"query", "exclusions", "--therapist", "x"},
                                    {"query", "contacts", "7", "--timeout", "-1"},
                                    {"query", "contacts", "7", "--timeout", "nan"},
                                    {"import", "registrations"},
                                    {"import", "registrations", "no-such-folder"},
                                    {"projection", "rebuild"},
                                    {"projection", "rebuild", "directory", "--all"},
                                    {"events", "read", "--topic", "x"},
                                    {"events", "read", "--from", "-1"},
                                    {"topics", "create", "--partitions", "0"},
                                    {"topics", "create", "--replication", "3"},
                                    {"--log-level", "loud", "version"},
                                    {"--config", "no-such.toml", "version"}};
  for (const Words& words : wrong) {
    SCOPED_TRACE(::testing::PrintToString(words));
    const auto ran = place.json(words);
    EXPECT_EQ(ran.status, 2) << ran.out;
    EXPECT_EQ(ran.code(), "\"usage\"");
    EXPECT_EQ(ran.err, "");
    const auto people = place.run(words);
    EXPECT_EQ(people.status, 2);
    EXPECT_EQ(people.out, "");
    EXPECT_EQ(people.err.find("kartei: usage: "), 0U) << people.err;
  }
  EXPECT_FALSE(std::filesystem::exists(place.data()));
}

}  // namespace
