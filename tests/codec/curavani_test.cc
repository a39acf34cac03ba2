#include "infra/codec/curavani.h"

#include <gtest/gtest.h>

#include "domain/patient/decider.h"
#include "tests/codec/documents.h"
#include "tests/codec/samples.h"

namespace infra::codec {
namespace {

using core::Raw;
using patient::Key;
using patient::PatientId;

const Raw& at(const Raw& object, std::string_view key) {
  for (const auto& [name, value] : std::get<Raw::Object>(object.value)) {
    if (name == key) return value;
  }
  ADD_FAILURE() << "no " << key;
  static const Raw kNone;
  return kNone;
}
bool has(const Raw& object, std::string_view key) {
  for (const auto& [name, value] : std::get<Raw::Object>(object.value)) {
    if (name == key) return true;
  }
  return false;
}
std::string text(const Raw& raw) { return std::get<std::string>(raw.value); }

// A patient to whom one event happens.
class Curavani : public ::testing::Test {
 protected:
  patient::Recorded recorded(patient::Event event, patient::Changes changes = {}) const {
    return {{patient::EventId{samples::uuid(7)},
             id,
             patient::Sequence{9},
             samples::day(2026, 1, 2),
             samples::day(2026, 1, 3) + std::chrono::milliseconds{1},
             "nobody",
             patient::CommandId{samples::uuid(8)},
             patient::Digest{1},
             patient::CorrelationId{samples::uuid(9)},
             std::nullopt},
            std::move(event),
            std::move(changes)};
  }
  Raw message(const patient::Recorded& event) {
    const auto written = curavani_message(event, state);
    if (written) return documents::json(*written);
    ADD_FAILURE() << "no message";
    return {};
  }

  PatientId id = PatientId::numbered(4711);
  patient::State state = samples::typical_state();
};

TEST_F(Curavani, HasTheEnvelopeInBothSpellingsAndOurOwnEventId) {
  const Raw envelope = message(recorded(patient::Updated{}));
  for (const char* name : {"eventId", "event_id"}) {
    EXPECT_EQ(text(at(envelope, name)), samples::uuid(7).text());
  }
  for (const char* name : {"eventType", "event_type"}) {
    EXPECT_EQ(text(at(envelope, name)), "patient.updated");
  }
  EXPECT_EQ(text(at(envelope, "version")), "1.0");
  EXPECT_EQ(text(at(envelope, "producer")), "kartei");
  EXPECT_EQ(text(at(envelope, "timestamp")), "2026-01-03T00:00:00.001000") << "UTC without a zone";
  EXPECT_EQ(std::get<std::int64_t>(at(at(envelope, "payload"), "patient_id").value), 4711);
}

TEST_F(Curavani, CarriesThe36KeysAsTheyAreBehindTheEvent) {
  for (const patient::Event& event :
       {patient::Event{patient::Created{}},
        patient::Event{patient::Updated{}},
        patient::Event{patient::TherapistExclusionRevoked{patient::TherapistId{301}}},
        patient::Event{patient::ContactRecorded{}}}) {
    const Raw envelope = message(recorded(event));
    EXPECT_EQ(at(at(envelope, "payload"), "patient_data"), to_raw(id, *state.on_file()));
    EXPECT_EQ(std::get<Raw::Object>(at(at(envelope, "payload"), "patient_data").value).size(), 36U);
    const bool created = std::holds_alternative<patient::Created>(event);
    EXPECT_EQ(text(at(envelope, "eventType")), created ? "patient.created" : "patient.updated");
  }
}

TEST_F(Curavani, TellsAStatusBeforeAndAfter) {
  const Raw envelope =
      message(recorded(patient::StatusChanged{},
                       {{Key::status, patient::Status::offen, patient::Status::in_therapie}}));
  EXPECT_EQ(text(at(envelope, "eventType")), "patient.status_changed");
  EXPECT_EQ(text(at(at(envelope, "payload"), "old_status")), "offen");
  EXPECT_EQ(text(at(at(envelope, "payload"), "new_status")), "in_Therapie");
  EXPECT_TRUE(has(at(envelope, "payload"), "patient_data"));
}

TEST_F(Curavani, AlwaysHasTheReasonOfAnExclusion) {
  patient::TherapistExcluded excluded{
      patient::TherapistId{301}, "Streit", samples::day(2026, 1, 1)};
  Raw envelope = message(recorded(excluded));
  EXPECT_EQ(text(at(envelope, "eventType")), "patient.therapist_excluded");
  EXPECT_EQ(std::get<std::int64_t>(at(at(envelope, "payload"), "therapist_id").value), 301);
  EXPECT_EQ(text(at(at(envelope, "payload"), "reason")), "Streit");
  excluded.reason.reset();
  envelope = message(recorded(excluded));
  EXPECT_TRUE(at(at(envelope, "payload"), "reason").is_null());
}

TEST_F(Curavani, NamesADeletedPatientWhereverSomebodyLooks) {
  for (const patient::Event& event :
       {patient::Event{patient::Deleted{}}, patient::Event{patient::Erased{}}}) {
    state = evolve(std::move(state), recorded(event));
    const Raw envelope = message(recorded(event));
    const Raw& payload = at(envelope, "payload");
    EXPECT_EQ(text(at(envelope, "eventType")), "patient.deleted");
    EXPECT_EQ(std::get<std::int64_t>(at(payload, "id").value), 4711);
    EXPECT_EQ(std::get<std::int64_t>(at(at(payload, "additional_data"), "id").value), 4711);
    EXPECT_FALSE(has(payload, "patient_data"));
  }
}

TEST_F(Curavani, HasATextForAnIdThatIsNoNumber) {
  id = *PatientId::parse("A-1");
  EXPECT_EQ(text(at(at(message(recorded(patient::Updated{})), "payload"), "patient_id")), "A-1");
}

TEST_F(Curavani, SaysNothingOfExpectedPatientsAndRestatements) {
  EXPECT_FALSE(curavani_message(recorded(patient::Restated{}), state));
  state.standing = patient::Expected{};
  EXPECT_FALSE(curavani_message(recorded(patient::ContactRecorded{}), state));
}

}  // namespace
}  // namespace infra::codec
