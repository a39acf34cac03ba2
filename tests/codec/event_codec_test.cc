#include "infra/codec/event_codec.h"

#include <gtest/gtest.h>

#include <functional>

#include "proto/events.pb.h"
#include "tests/codec/samples.h"

// What goes into the log comes out of it, and nothing else comes out of it.
namespace infra::codec {
namespace {

namespace wire = kartei::events::v1;

TEST(EventCodec, GivesBackEveryEventOfTheHistoryExactly) {
  ProtobufEventCodec codec;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE(seed);
    samples::Random random{seed};
    const patient::Recorded recorded = samples::any_recorded(random);
    const auto decoded = codec.decode_history(codec.encode_history(recorded));
    ASSERT_TRUE(decoded) << decoded.error().why;
    ASSERT_EQ(decoded.value(), recorded);
  }
}

TEST(EventCodec, GivesBackEveryStateExactly) {
  ProtobufEventCodec codec;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE(seed);
    samples::Random random{seed};
    const patient::Recorded recorded = samples::any_recorded(random);
    const patient::State state = samples::any_state(random);
    const auto decoded = codec.decode_event(codec.encode_event(recorded, state));
    ASSERT_TRUE(decoded) << decoded.error().why;
    ASSERT_EQ(decoded.value().event_id, recorded.envelope.event_id);
    ASSERT_EQ(decoded.value().patient_id, recorded.envelope.patient_id);
    ASSERT_EQ(decoded.value().state, state);
  }
}

TEST(EventCodec, FindsTheEventIdOfARecordOfEitherTopic) {
  ProtobufEventCodec codec;
  const patient::Recorded recorded = samples::typical_contact();
  EXPECT_EQ(codec.event_id(codec.encode_history(recorded)), recorded.envelope.event_id);
  EXPECT_EQ(codec.event_id(codec.encode_event(recorded, samples::typical_state())),
            recorded.envelope.event_id);
  EXPECT_EQ(codec.event_id(""), std::nullopt);
  EXPECT_EQ(codec.event_id("garbage"), std::nullopt);
}

// The wire is written by hand; protobuf's own code must read it and write the same.
TEST(EventCodec, WritesWhatProtobufItselfWouldWrite) {
  ProtobufEventCodec codec;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(seed);
    samples::Random random{seed};
    const patient::Recorded recorded = samples::any_recorded(random);
    const std::string bytes = codec.encode_event(recorded, samples::any_state(random));
    const std::string history = codec.encode_history(recorded);
    wire::Record record;
    wire::State state;
    ASSERT_TRUE(record.ParseFromString(history));
    ASSERT_EQ(record.SerializeAsString(), history);
    ASSERT_TRUE(record.ParseFromString(bytes));
    ASSERT_EQ(record.SerializeAsString(), bytes);
    ASSERT_TRUE(state.ParseFromString(record.state()));
    ASSERT_EQ(state.SerializeAsString(), record.state());
  }
}

TEST(EventCodec, PutsTheStateLast) {
  ProtobufEventCodec codec;
  const std::string bytes =
      codec.encode_event(samples::typical_contact(), samples::typical_state());
  wire::Record record;
  ASSERT_TRUE(record.ParseFromString(bytes));
  EXPECT_TRUE(bytes.ends_with(record.state()));
}

TEST(EventCodec, KeepsTheEvidenceOfConsentOutOfPatientEvents) {
  patient::Recorded created = samples::typical_contact();
  created.event = patient::Created{patient::Registration{
      {std::string(64, 'a'), std::string(64, 'b')}, "evidence", "2026-01-01 10:00:00"}};
  created.changes = {{patient::Key::vorname, patient::None{}, std::string{"Probe"}}};
  ProtobufEventCodec codec;
  wire::Record record;
  ASSERT_TRUE(record.ParseFromString(codec.encode_event(created, samples::typical_state())));
  EXPECT_TRUE(record.has_created());
  EXPECT_FALSE(record.created().has_registration());
  EXPECT_FALSE(record.created().has_consent());
  EXPECT_EQ(record.changes_size(), 0);
  EXPECT_EQ(codec.decode_history(codec.encode_history(created)).value(), created);
}

TEST(EventCodec, WritesNothingThatItCouldNotRead) {
  ProtobufEventCodec codec;
  patient::Recorded recorded = samples::typical_contact();
  recorded.envelope.actor = "\xC3";
  EXPECT_THROW(static_cast<void>(codec.encode_history(recorded)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(codec.encode_event(recorded, samples::typical_state())),
               std::invalid_argument);
}

TEST(EventCodec, TakesNoRecordOfTheOtherTopic) {
  ProtobufEventCodec codec;
  const patient::Recorded recorded = samples::typical_contact();
  EXPECT_FALSE(codec.decode_event(codec.encode_history(recorded)));
  EXPECT_FALSE(codec.decode_history(codec.encode_event(recorded, samples::typical_state())));
}

struct Spoiling {
  std::string name;
  std::function<void(wire::Record&)> spoil;
  std::string why;
};

// Every way in which a record can be a protobuf message and yet no record of the history.
const std::vector<Spoiling> kSpoiledRecords{
    {"a short event id", [](auto& r) { r.set_event_id("short"); }, "an id does not have 16 bytes"},
    {"a long command id",
     [](auto& r) { r.set_command_id(std::string(17, 'x')); },
     "an id does not have 16 bytes"},
    {"no correlation id",
     [](auto& r) { r.clear_correlation_id(); },
     "an id does not have 16 bytes"},
    {"an empty causation id",
     [](auto& r) { r.set_causation_id(""); },
     "an id does not have 16 bytes"},
    {"no patient", [](auto& r) { r.clear_patient_id(); }, "the patient id is none"},
    {"a patient with a leading zero",
     [](auto& r) { r.set_patient_id("007"); },
     "the patient id is none"},
    {"sequence 0", [](auto& r) { r.set_sequence(0); }, "the sequence is not positive"},
    {"an event type from the future",
     [](auto& r) { r.set_type(static_cast<wire::EventType>(10)); },
     "the event type is unknown"},
    {"no event", [](auto& r) { r.clear_event(); }, "the event is missing or of a future kind"},
    {"another event than its type",
     [](auto& r) { r.mutable_deleted(); },
     "the event type is not that of the event"},
    {"no schema version", [](auto& r) { r.clear_schema_version(); }, "the schema version is none"},
    {"a schema version from the future",
     [](auto& r) { r.set_schema_version(patient::kSchemaVersion + 1); },
     "the schema version is from the future"},
    {"a time outside of the calendar",
     [](auto& r) { r.set_occurred_at(INT64_MAX); },
     "a time is outside of the years 1 to 9999"},
    {"an unknown channel",
     [](auto& r) { r.mutable_contact_recorded()->set_channel(wire::CHANNEL_UNSPECIFIED); },
     "a channel is unknown"},
    {"an unknown direction",
     [](auto& r) { r.mutable_contact_recorded()->set_direction(static_cast<wire::Direction>(9)); },
     "a direction is unknown"},
    {"a therapist without a number",
     [](auto& r) { r.mutable_contact_recorded()->set_therapist(0); },
     "a therapist's number is no number"},
    {"a contact without a source",
     [](auto& r) { r.mutable_contact_recorded()->clear_source(); },
     "a contact has no source"},
    {"an unknown key", [](auto& r) { r.mutable_changes(0)->set_key(37); }, "a key is unknown"},
    {"a value of another kind",
     [](auto& r) { r.mutable_changes(0)->mutable_after()->set_flag(true); },
     "a value does not fit its key"},
    {"a day outside of the calendar",
     [](auto& r) { r.mutable_changes(0)->mutable_after()->set_day(INT32_MAX); },
     "a day is outside of the years 1 to 9999"},
    {"an unknown status",
     [](auto& r) {
       r.mutable_changes(0)->set_key(22);
       r.mutable_changes(0)->clear_before();
       r.mutable_changes(0)->mutable_after()->set_status("Offen");
     },
     "a status is unknown"},
};

TEST(EventCodec, RefusesWhatIsNoRecordOfTheHistoryAndSaysWhy) {
  ProtobufEventCodec codec;
  const std::string sound = codec.encode_history(samples::typical_contact());
  for (const Spoiling& spoiling : kSpoiledRecords) {
    SCOPED_TRACE(spoiling.name);
    wire::Record record;
    ASSERT_TRUE(record.ParseFromString(sound));
    spoiling.spoil(record);
    const auto decoded = codec.decode_history(record.SerializeAsString());
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().why, spoiling.why);
  }
}

struct StateSpoiling {
  std::string name;
  std::function<void(wire::Record&, wire::State&)> spoil;
  std::string why;
};

const std::vector<StateSpoiling> kSpoiledStates{
    {"a short event id",
     [](auto& r, auto&) { r.set_event_id("short"); },
     "an id does not have 16 bytes"},
    {"an event type from the future",
     [](auto& r, auto&) { r.set_type(static_cast<wire::EventType>(10)); },
     "the event type is unknown"},
    {"a schema version from the future",
     [](auto& r, auto&) { r.set_schema_version(2); },
     "the schema version is from the future"},
    {"an unknown standing",
     [](auto&, auto& s) { s.set_standing(static_cast<wire::Standing>(5)); },
     "a patient who is not on file has fields"},
    {"no standing",
     [](auto&, auto& s) {
       s.Clear();
       s.set_sequence(1);
     },
     "the standing is unknown"},
    {"a required key that is missing",
     [](auto&, auto& s) { s.mutable_fields()->DeleteSubrange(2, 1); },
     "a key that is never null is missing"},
    {"a key twice",
     [](auto&, auto& s) { *s.add_fields() = s.fields(0); },
     "a key is where it must not be"},
    {"the id among the fields",
     [](auto&, auto& s) { s.mutable_fields(0)->set_key(1); },
     "a key is where it must not be"},
    {"a field of another kind",
     [](auto&, auto& s) { s.mutable_fields(0)->set_radius_km(4); },
     "a value does not fit its key"},
    {"a field without a value",
     [](auto&, auto& s) { s.mutable_fields(4)->clear_kind(); },
     "a key is null and yet there"},
    {"a malformed slot",
     [](auto&, auto& s) {
       for (auto& field : *s.mutable_fields()) {
         if (field.has_availability())
           field.mutable_availability()->mutable_days(0)->set_slots(1, 2000);
       }
     },
     "a slot has malformed times"},
    {"half a slot",
     [](auto&, auto& s) {
       for (auto& field : *s.mutable_fields()) {
         if (field.has_availability())
           field.mutable_availability()->mutable_days(0)->add_slots(800);
       }
     },
     "an availability has a malformed day"},
    {"a therapist excluded twice",
     [](auto&, auto& s) { *s.add_exclusions() = s.exclusions(0); },
     "a therapist is excluded twice"},
    {"a command with a short id",
     [](auto&, auto& s) { s.mutable_commands(0)->set_id("short"); },
     "an id does not have 16 bytes"},
    {"a sequence that contradicts the other",
     [](auto&, auto& s) { s.set_sequence_without_contacts(s.sequence() + 1); },
     "the state's sequences contradict each other"},
};

TEST(EventCodec, RefusesWhatIsNoStateAndSaysWhy) {
  ProtobufEventCodec codec;
  const std::string sound =
      codec.encode_event(samples::typical_contact(), samples::typical_state());
  for (const StateSpoiling& spoiling : kSpoiledStates) {
    SCOPED_TRACE(spoiling.name);
    wire::Record record;
    wire::State state;
    ASSERT_TRUE(record.ParseFromString(sound));
    ASSERT_TRUE(state.ParseFromString(record.state()));
    spoiling.spoil(record, state);
    record.set_state(state.SerializeAsString());
    const auto decoded = codec.decode_event(record.SerializeAsString());
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().why, spoiling.why);
  }
}

}  // namespace
}  // namespace infra::codec
