#include <gtest/gtest.h>

#include "tests/whole/process.h"

namespace {

using whole::new_patient;
using whole::Place;
using whole::with;
using whole::Words;

constexpr const char* kCommand = "0f8fad5b-d9cb-469f-a165-70867728950e";
constexpr const char* kOtherCommand = "1f8fad5b-d9cb-469f-a165-70867728950e";

TEST(Contract, RepeatsACommandOnce) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  const Words update = {"patient", "update", "7", "--set", "ort=Ulm", "--command-id", kCommand};
  const auto first = place.json(update);
  EXPECT_EQ(first.keys("data"), "patient sequence events deduplicated");
  EXPECT_EQ(first.at("data.deduplicated"), "false");
  const auto again = place.json(update);
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(again.at("data.deduplicated"), "true");
  EXPECT_EQ(again.at("data.sequence"), "2");
  EXPECT_EQ(again.at("data.events"), "[\"updated\"]");
  ASSERT_EQ(place.json({"patient", "delete", "7", "--command-id", kOtherCommand}).status, 0);
  for (const Words& words :
       {update, Words{"patient", "delete", "7", "--command-id", kOtherCommand}}) {
    const auto deleted = place.json(words);
    EXPECT_EQ(deleted.status, 0) << deleted.out;
    EXPECT_EQ(deleted.at("data.deduplicated"), "true");
    EXPECT_EQ(deleted.at("data.patient"), "null");
  }
  EXPECT_EQ(place.json({"patient", "history", "7"}).at("data.2.type"), "\"deleted\"");
  EXPECT_EQ(place.json({"patient", "history", "7"}).at("data.3"), "");
}

TEST(Contract, RepeatsACreationUnderItsFirstNumber) {
  Place place;
  const Words create = with(new_patient(""), {"--command-id", kCommand});
  const auto first = place.json(create);
  ASSERT_EQ(place.json(new_patient("")).at("data.patient.id"), "2");
  std::filesystem::remove(place.data() / "states.db");
  const auto again = place.json(create);
  EXPECT_EQ(again.at("data.patient"), first.at("data.patient")) << again.out;
  EXPECT_EQ(again.at("data.sequence"), "1");
  EXPECT_EQ(again.at("data.events"), "[\"created\"]");
  EXPECT_EQ(again.at("data.deduplicated"), "true");
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "2");
}

TEST(Contract, KeepsToWhatIsExpected) {
  Place place;
  ASSERT_EQ(place.json(with(new_patient("7"), {"--expect", "none"})).status, 0);
  struct Case {
    const char* expect;
    int status;
    const char* code;
    const char* sequence;  // afterwards
  };
  const std::vector<Case> cases = {{"exists", 0, "", "2"},
                                   {"2", 0, "", "3"},
                                   {"2", 5, "\"wrong_expected_sequence\"", "3"},
                                   {"4", 5, "\"wrong_expected_sequence\"", "3"},
                                   {"none", 5, "\"wrong_expected_sequence\"", "3"},
                                   {"any", 0, "", "4"}};
  int plz = 10000;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.expect);
    const std::string set = "plz=" + std::to_string(++plz);
    const auto ran = place.json({"patient", "update", "7", "--set", set, "--expect", one.expect});
    EXPECT_EQ(ran.status, one.status) << ran.out;
    EXPECT_EQ(ran.code(), one.code);
    const auto now = place.json({"patient", "show", "7"});
    EXPECT_EQ(now.at("data.sequence"), one.sequence);
    if (one.status == 5) {
      EXPECT_EQ(ran.at("error.details.actual_sequence"), one.sequence);
    }
  }
}

TEST(Contract, SaysWhenThereIsNothingToChange) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  const auto ran = place.json({"patient", "update", "7", "--set", "vorname=Ada"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.at("data.events"), "[]");
  EXPECT_EQ(ran.at("data.sequence"), "1");
  EXPECT_EQ(ran.keys(""), "ok data") << "nothing was appended, so there is no position";
}

TEST(Contract, DryRunAnswersAndAppendsNothing) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  const auto ran = place.json({"patient", "update", "7", "--set", "ort=Ulm", "--dry-run"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.at("data.dry_run"), "true");
  EXPECT_EQ(ran.at("data.patient.ort"), "\"Ulm\"");
  EXPECT_EQ(ran.at("data.sequence"), "2");
  EXPECT_EQ(place.json({"patient", "show", "7"}).at("data.patient.ort"), "null");
  EXPECT_EQ(place.json({"events", "verify"}).at("data.events"), "1");
}

TEST(Contract, AsOfShowsWhatWasRecordedThen) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  place.clock = "2026-02-02T09:00:00Z";
  ASSERT_EQ(place.json({"patient", "update", "7", "--set", "ort=Ulm"}).status, 0);
  place.clock = "2026-02-03T09:00:00Z";
  ASSERT_EQ(place.json({"patient", "delete", "7"}).status, 0);
  const auto as_of = [&](const char* time) {
    return place.json({"patient", "show", "7", "--as-of", time});
  };
  EXPECT_EQ(as_of("2026-02-01T08:59:59Z").status, 3);
  EXPECT_EQ(as_of("2026-02-01T09:00:00Z").at("data.patient.ort"), "null");
  EXPECT_EQ(as_of("2026-02-02T10:00:00+01:00").at("data.patient.ort"), "\"Ulm\"");
  EXPECT_EQ(as_of("2026-02-02T10:00:00Z").at("data.patient.updated_at"), "\"2026-02-02\"");
  EXPECT_EQ(as_of("2026-02-03T09:00:00Z").status, 3);
}

TEST(Contract, WaitsForATokenAndKnowsAForeignOne) {
  Place place;
  Place other;
  const std::string quoted = place.json(new_patient("7")).at("position");
  ASSERT_GT(quoted.size(), 2U);
  const std::string token = quoted.substr(1, quoted.size() - 2);
  EXPECT_EQ(place.json({"patient", "show", "7", "--wait-for", token}).status, 0);
  ASSERT_EQ(other.json(new_patient("7")).status, 0);
  const auto foreign = other.json({"patient", "show", "7", "--wait-for", token});
  EXPECT_EQ(foreign.status, 1);
  EXPECT_EQ(foreign.code(), "\"log_mismatch\"");
  EXPECT_EQ(place.json({"patient", "show", "7", "--wait-for", "garbage"}).status, 2);
  const std::string later = token.substr(0, token.find_last_of('.')) + ".10-900-900";
  const auto late = place.json({"patient", "show", "7", "--wait-for", later, "--timeout", "0"});
  EXPECT_EQ(late.status, 6) << late.out;
  EXPECT_EQ(late.code(), "\"timeout\"");
}

}  // namespace
