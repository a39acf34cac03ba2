#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/domain/given.h"

// Every command against every standing of a patient: the whole of what may be refused.
namespace {

using patient::Command;
using tests::kThen;

struct Row {
  const char* command;
  Command asked;
  // never seen, expected, on file, deleted: the events that happen, or why not
  std::array<const char*, 4> answers;
};

std::string answer(const patient::Decision& decision) {
  if (!decision) return std::string{name(decision.error().code)};
  std::string events;
  for (const patient::Happening& happening : decision.value()) {
    events += (events.empty() ? "" : ", ") + std::string{name(type_of(happening.event))};
  }
  return events.empty() ? "nothing" : events;
}

patient::Update update_status() {
  patient::Update update;
  update.status = patient::Status::in_therapie;
  return update;
}

patient::Update update_without_exclusions() {
  patient::Update update;
  update.excluded = patient::TherapistIds{};
  return update;
}

std::vector<Row> matrix() {
  using patient::Reporter;
  constexpr auto kLater = tests::kNow + std::chrono::days{2};
  const patient::Contact known = tests::contact(kThen, "mail-1");
  const patient::Contact fresh = tests::contact(kThen, "mail-2");
  const patient::Contact future = tests::contact(kLater, "mail-3");
  return {
      {"create", tests::create(), {"created", "created", "already_exists", "deleted"}},
      {"update a field",
       tests::update({{patient::Key::ort, "Bonn"}}),
       {"not_found", "not_found", "updated", "deleted"}},
      {"update the status",
       update_status(),
       {"not_found", "not_found", "status_changed", "deleted"}},
      {"update nothing", patient::Update{}, {"not_found", "not_found", "nothing", "deleted"}},
      {"update with a stale list",
       update_without_exclusions(),
       {"not_found", "not_found", "invalid", "deleted"}},
      {"change the status",
       patient::ChangeStatus{patient::Status::in_therapie},
       {"not_found", "not_found", "status_changed", "deleted"}},
      {"keep the status",
       patient::ChangeStatus{patient::Status::offen},
       {"not_found", "not_found", "nothing", "deleted"}},
      {"exclude",
       patient::ExcludeTherapist{tests::kSchwarz, std::nullopt},
       {"not_found", "not_found", "therapist_excluded", "deleted"}},
      {"exclude again",
       patient::ExcludeTherapist{tests::kWeiss, std::nullopt},
       {"not_found", "not_found", "nothing", "deleted"}},
      {"include",
       patient::IncludeTherapist{tests::kWeiss},
       {"not_found", "not_found", "therapist_exclusion_revoked", "deleted"}},
      {"include nobody",
       patient::IncludeTherapist{tests::kSchwarz},
       {"not_found", "not_found", "nothing", "deleted"}},
      {"contact by a clerk",
       patient::RecordContact{fresh, Reporter::clerk},
       {"not_found", "not_found", "contact_recorded", "deleted"}},
      {"known contact by a clerk",
       patient::RecordContact{known, Reporter::clerk},
       {"not_found", "not_found", "nothing", "deleted"}},
      {"future contact by a clerk",
       patient::RecordContact{future, Reporter::clerk},
       {"not_found", "not_found", "invalid", "deleted"}},
      {"contact by ingest",
       patient::RecordContact{fresh, Reporter::ingest},
       {"contact_recorded", "contact_recorded", "contact_recorded", "deleted"}},
      {"known contact by ingest",
       patient::RecordContact{known, Reporter::ingest},
       {"contact_recorded", "nothing", "nothing", "deleted"}},
      {"future contact by ingest",
       patient::RecordContact{future, Reporter::ingest},
       {"invalid", "invalid", "invalid", "deleted"}},
      {"delete", patient::Delete{}, {"not_found", "not_found", "deleted", "deleted"}},
      {"restate", patient::Restate{}, {"not_found", "restated", "restated", "restated"}},
  };
}

TEST(RejectionMatrix, HoldsForEveryCommandAndEveryStanding) {
  const std::array<const char*, 4> names{"never seen", "expected", "on file", "deleted"};
  const auto met = tests::contacted(kThen, "mail-1");
  const auto excluded = tests::excluded(tests::kWeiss, "Streit");
  const std::array<patient::State, 4> standings{
      patient::State{},
      tests::fold({met}),
      tests::fold({tests::created(), met, excluded}),
      tests::fold({tests::created(), met, excluded, tests::deleted()})};
  for (const Row& row : matrix()) {
    for (std::size_t at = 0; at < standings.size(); ++at) {
      SCOPED_TRACE(std::string{row.command} + ", " + names[at]);
      EXPECT_EQ(answer(decide(row.asked, standings[at], tests::kNow)), row.answers[at]);
    }
  }
}

// `deleted` is both an event and a refusal: the matrix cannot tell them apart.
TEST(RejectionMatrix, DeletesAPatientOnFileAndRefusesADeletedOne) {
  EXPECT_TRUE(decide(patient::Delete{}, tests::fold({tests::created()}), tests::kNow));
  EXPECT_FALSE(
      decide(patient::Delete{}, tests::fold({tests::created(), tests::deleted()}), tests::kNow));
}

}  // namespace
