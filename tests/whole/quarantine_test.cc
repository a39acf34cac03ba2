#include <gtest/gtest.h>

#include "domain/handling/partitioner.h"
#include "infra/log_embedded/directory_lock.h"
#include "infra/log_embedded/embedded_log.h"
#include "tests/whole/damage.h"
#include "tests/whole/rows.h"

// Records that nobody can apply, put into the log behind the program's back: the patient is set
// apart everywhere, everybody else goes on, and nothing is answered from what went before.
namespace {

using infra::log_embedded::EmbeddedLog;
using ports::Topic;
using whole::Place;
using whole::Ran;
using whole::Words;

class FixedClock final : public ports::Clock {
 public:
  core::Timestamp now() override { return *core::parse_timestamp("2026-02-01T09:00:00Z"); }
};

constexpr std::int32_t kPartitions = ports::kPartitionsDefault;

ports::NewRecord record(Topic topic, const std::string& key, const std::string& value) {
  const std::string id = key.substr(0, key.find('/'));
  return {topic, handling::partition_of(id, kPartitions), key, value};
}

void append(const Place& place, const std::vector<ports::NewRecord>& records) {
  FixedClock clock;
  const infra::log_embedded::DirectoryLock lock{place.data()};
  const auto log = EmbeddedLog::open(place.data(), clock, infra::log_embedded::Access::read_write);
  const auto appended = log->open_writer("")->append(records);
  ASSERT_TRUE(std::holds_alternative<ports::Committed>(appended));
}

// The value of the patient's last record of `patient-events`.
std::string last_state(const Place& place, const std::string& id) {
  FixedClock clock;
  const infra::log_embedded::DirectoryLock lock{place.data()};
  const auto log = EmbeddedLog::open(place.data(), clock, infra::log_embedded::Access::read_write);
  const auto reader = log->open_reader(Topic::patient_events, ports::from_the_beginning(*log));
  std::string value;
  while (reader->poll(1000, [&](const ports::Record& found) {
    if (found.key == id && found.value) value = *found.value;
  }) > 0) {
  }
  EXPECT_FALSE(value.empty());
  return value;
}

void expect_quarantined(Place& place, const Words& words) {
  SCOPED_TRACE(::testing::PrintToString(words));
  const Ran ran = place.json(words);
  EXPECT_EQ(ran.status, 4) << ran.out;
  EXPECT_EQ(ran.code(), "\"quarantined\"") << ran.out;
  EXPECT_NE(ran.out.find("events repair"), std::string::npos) << "what to do: " << ran.out;
}

void expect_problem(Place& place, const std::string& code, const std::string& patient) {
  const Ran ran = place.json({"events", "verify"});
  EXPECT_EQ(ran.status, 7) << ran.out;
  EXPECT_EQ(ran.at("ok"), "true");
  EXPECT_EQ(ran.at("data.problems.0.code"), '"' + code + '"') << ran.out;
  EXPECT_EQ(ran.at("data.problems.0.patient_id"), patient) << ran.out;
  EXPECT_NE(ran.at("data.problems.0.message").find(" offset "), std::string::npos) << ran.out;
}

TEST(AnUnreadableState, SetsItsPatientApartUntilItIsRepaired) {
  Place sound;
  whole::fill(sound);
  const std::string before = sound.json({"patient", "show", "1"}).at("data.patient");
  const std::string others = sound.json({"patient", "show", "2"}).at("data");
  const std::string future = "\x7F" + last_state(sound, "1");
  for (const std::string& value : {std::string{"garbage"},
                                   std::string{},
                                   future,
                                   last_state(sound, "1").substr(0, 100),
                                   last_state(sound, "2")}) {
    SCOPED_TRACE(::testing::PrintToString(value.substr(0, 20)));
    Place place;
    place.copy_data_of(sound);
    append(place, {record(Topic::patient_events, "1", value)});
    expect_quarantined(place, {"patient", "show", "1"});
    expect_quarantined(place, {"patient", "update", "1", "--set", "ort=Ulm"});
    expect_quarantined(place, {"patient", "delete", "1"});
    EXPECT_EQ(place.json({"patient", "show", "2"}).at("data"), others);
    EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "10");
    const Ran list = place.json({"quarantine", "list"});
    EXPECT_EQ(list.at("data.0.patient_id"), "1") << list.out;
    EXPECT_EQ(list.size("data"), 1U);
    EXPECT_EQ(list.keys("data.0"), "patient_id partition offset error since");
    EXPECT_EQ(place.json({"quarantine", "show", "1"}).size("data"), 3U) << "state projections";
    EXPECT_EQ(place.json({"projection", "list"}).at("data.0.quarantined"), "1");
    EXPECT_EQ(place.json({"doctor"}).status, 7);
    EXPECT_EQ(place.json({"events", "verify"}).status, 7);
    const Ran repaired = place.json({"events", "repair", "1"});
    EXPECT_EQ(repaired.status, 0) << repaired.out;
    EXPECT_EQ(repaired.at("data.events"), "[\"restated\"]");
    EXPECT_EQ(place.json({"patient", "show", "1"}).at("data.patient"), before);
    EXPECT_EQ(place.json({"quarantine", "list"}).at("data"), "[]");
    EXPECT_EQ(place.json({"patient", "update", "1", "--set", "ort=Ulm"}).status, 0);
    whole::expect_in_order(place);
  }
}

TEST(AnUnreadableState, IsNamedByTheCheckAndByEveryRebuildAlike) {
  Place place;
  whole::fill(place);
  append(place, {record(Topic::patient_events, "1", "garbage")});
  expect_problem(place, "undecodable", "1");
  const std::string rows = whole::rows_of(place);
  EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
  const Ran rebuilt = place.json({"projection", "rebuild", "--all"});
  EXPECT_EQ(rebuilt.status, 0) << rebuilt.out << rebuilt.err;
  EXPECT_EQ(whole::rows_of(place), rows);
  std::filesystem::remove_all(place.data() / "read");
  std::filesystem::remove(place.data() / "states.db");
  EXPECT_EQ(whole::rows_of(place), rows);
  expect_quarantined(place, {"patient", "delete", "1"});
  // Compaction drops the last record that could be read; the answers stay as they are.
  EXPECT_EQ(place.json({"topics", "compact"}).status, 0);
  EXPECT_EQ(whole::rows_of(place), rows);
  EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
}

TEST(AnUnreadableState, DoesNotLetItsRegistrationMakeASecondPatient) {
  Place place;
  whole::fill(place);
  append(place, {record(Topic::patient_events, "1", "garbage")});
  for (const bool without_states : {false, true}) {
    SCOPED_TRACE(without_states);
    if (without_states) std::filesystem::remove(place.data() / "states.db");
    const Ran again = place.json({"import", "registrations", whole::sample("registrations")});
    EXPECT_EQ(again.status, 4) << again.out;
    EXPECT_EQ(again.at("data.imported"), "0") << again.out;
    EXPECT_EQ(again.at("data.duplicates"), "11") << again.out;
    EXPECT_EQ(again.at("data.refused.0.code"), "\"quarantined\"") << again.out;
    EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "10");
  }
  EXPECT_EQ(place.json({"events", "repair", "1"}).status, 0);
  const Ran again = place.json({"import", "registrations", whole::sample("registrations")});
  EXPECT_EQ(again.at("data.duplicates"), "12") << again.out;
  whole::expect_in_order(place);
}

TEST(UnreadableStates, OfManyAreHealedByOneRestating) {
  Place place;
  whole::fill(place);
  append(place,
         {record(Topic::patient_events, "1", "garbage"),
          record(Topic::patient_events, "2", "garbage"),
          record(Topic::patient_events, "5", "garbage")});  // 5 is deleted
  EXPECT_EQ(place.json({"quarantine", "list"}).size("data"), 3U);
  const Ran restated = place.json({"events", "restate"});
  EXPECT_EQ(restated.status, 0) << restated.out;
  EXPECT_EQ(restated.at("data.left_out"), "0");
  EXPECT_EQ(place.json({"quarantine", "list"}).at("data"), "[]");
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "11");
  EXPECT_EQ(place.json({"patient", "show", "5"}).status, 3);
  whole::expect_in_order(place);
}

TEST(AnUnreadableEvent, SetsItsPatientsHistoryApart) {
  Place place;
  whole::fill(place);
  append(place, {record(Topic::patient_history, "1/99", "garbage")});
  expect_quarantined(place, {"patient", "history", "1"});
  expect_quarantined(place, {"patient", "show", "1", "--as-of", "2026-02-01T09:00:00Z"});
  expect_quarantined(place, {"query", "contacts", "1"});
  EXPECT_EQ(place.json({"patient", "show", "1"}).status, 0) << "its state can be read";
  EXPECT_EQ(place.json({"patient", "history", "2"}).status, 0);
  EXPECT_EQ(place.json({"quarantine", "show", "1"}).size("data"), 3U) << "history projections";
  expect_problem(place, "undecodable", "1");
  const Ran repaired = place.json({"events", "repair", "1"});
  EXPECT_EQ(repaired.status, 4) << "its history folds to nothing that could be trusted";
  EXPECT_NE(repaired.out.find("offset"), std::string::npos) << repaired.out;
  EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
}

TEST(ARecordOutOfPlace, IsPassedOverAndReported) {
  Place sound;
  whole::fill(sound);
  const std::string rows = whole::rows_of(sound);
  const std::string value = last_state(sound, "2");
  const ports::Partition home = handling::partition_of("2", kPartitions);
  const ports::Partition other{(home.get() + 1) % kPartitions};
  struct Stray {
    const char* code;
    ports::NewRecord record;
    const char* patient;
  };
  const std::vector<Stray> strays = {
      {"wrong_partition", {Topic::patient_events, other, "2", value}, "2"},
      {"wrong_partition", {Topic::patient_history, other, "2/1", "garbage"}, "2"},
      {"bad_key", {Topic::patient_events, home, "no patient", value}, "null"},
      {"bad_key", {Topic::patient_history, home, "", "garbage"}, "null"}};
  for (const Stray& stray : strays) {
    SCOPED_TRACE(stray.code + (' ' + stray.record.key));
    Place place;
    place.copy_data_of(sound);
    append(place, {stray.record});
    expect_problem(place, stray.code, stray.patient);
    EXPECT_EQ(whole::rows_of(place), rows);
    EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
    EXPECT_EQ(place.json({"patient", "update", "2", "--set", "ort=Ulm"}).status, 0);
  }
}

}  // namespace
