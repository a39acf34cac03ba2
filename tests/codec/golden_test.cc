#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "infra/codec/event_codec.h"
#include "tests/codec/samples.h"

// The bytes of every event type in both topics, as version 1 writes them. They are read for ever;
// they are written so as long as kSchemaVersion is 1. See README.md for when and how to make new
// ones.
namespace infra::codec {
namespace {

using namespace patient;

struct Golden {
  Recorded recorded;
  State after;
};

Recorded recorded_as(Event event, Changes changes) {
  Recorded recorded = samples::typical_contact();
  recorded.envelope.causation_id = EventId{samples::uuid(9)};
  recorded.event = std::move(event);
  recorded.changes = std::move(changes);
  return recorded;
}

State closed(std::optional<RegistrationIdentity> registration) {
  State state = samples::typical_state();
  state.standing = Gone{};
  state.last_contact.reset();
  state.contact_sources.clear();
  state.registration = std::move(registration);
  return state;
}

State expected() {
  State state = samples::typical_state();
  state.standing = Expected{};
  state.registration.reset();
  return state;
}

Changes every_kind_of_change() {
  Availability availability;
  availability.days[0] = std::vector<Slot>{{540, 720}, {780, 1440}};
  availability.days[6].emplace();
  return {{Key::vorname, None{}, std::string{"Jörg"}},
          {Key::geburtsdatum, samples::day(1969, 12, 31), samples::day(1970, 1, 2)},
          {Key::symptome, None{}, Symptoms{"Mobbing", "Schlafstörungen"}},
          {Key::erfahrung_mit_psychotherapie, true, false},
          {Key::status, Status::offen, Status::auf_der_suche},
          {Key::zeitliche_verfuegbarkeit, None{}, std::move(availability)},
          {Key::raeumliche_verfuegbarkeit, Radius{0}, Radius{1000}},
          {Key::ausgeschlossene_therapeuten,
           TherapistIds{},
           TherapistIds{TherapistId{301}, TherapistId{kNumberMax}}}};
}

Golden golden_of(EventType type) {
  const State state = samples::typical_state();
  const auto registration = *state.registration;
  switch (type) {
    case EventType::created:
      return {recorded_as(Created{Registration{registration, R"({"a":1})", "2025-11-03 09:12:44"}},
                          every_kind_of_change()),
              state};
    case EventType::updated: return {recorded_as(Updated{}, every_kind_of_change()), state};
    case EventType::status_changed:
      return {recorded_as(StatusChanged{}, {{Key::status, Status::offen, Status::in_therapie}}),
              state};
    case EventType::therapist_excluded:
      return {
          recorded_as(TherapistExcluded{TherapistId{301}, "Probe", samples::day(2025, 12, 1)}, {}),
          state};
    case EventType::therapist_exclusion_revoked:
      return {recorded_as(TherapistExclusionRevoked{TherapistId{301}}, {}), state};
    case EventType::contact_recorded: return {samples::typical_contact(), expected()};
    case EventType::deleted: return {recorded_as(Deleted{}, {}), closed(registration)};
    case EventType::erased: return {recorded_as(Erased{}, {}), closed(std::nullopt)};
    case EventType::restated: return {recorded_as(Restated{}, {}), state};
  }
  return {recorded_as(Restated{}, {}), state};
}

std::filesystem::path file_of(EventType type, std::string_view topic) {
  return std::filesystem::path{SOURCE_ROOT} / "tests/codec/golden" /
         (std::string{name(type)} + "." + std::string{topic} + ".v1.hex");
}

constexpr std::string_view kHex = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
    if (at % 40 == 39 || at + 1 == bytes.size()) hex += '\n';
  }
  return hex;
}

std::string from_hex(std::string hex) {
  std::erase(hex, '\n');
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
    bytes += static_cast<char>(kHex.find(hex[at]) * 16 + kHex.find(hex[at + 1]));
  return bytes;
}

// The file's bytes; with KARTEI_WRITE_GOLDEN set, the file is made of `now` first.
std::string golden_bytes(EventType type, std::string_view topic, const std::string& now) {
  const auto path = file_of(type, topic);
  if (std::getenv("KARTEI_WRITE_GOLDEN") != nullptr) std::ofstream{path} << to_hex(now);
  std::ifstream file{path};
  return from_hex({std::istreambuf_iterator<char>{file}, {}});
}

class GoldenRecords : public ::testing::TestWithParam<std::size_t> {
 protected:
  EventType type = static_cast<EventType>(GetParam());
  Golden golden = golden_of(type);
  ProtobufEventCodec codec;
};

TEST_P(GoldenRecords, OfTheHistoryAreReadAndWritten) {
  const std::string now = codec.encode_history(golden.recorded);
  const std::string bytes = golden_bytes(type, "history", now);
  const auto decoded = codec.decode_history(bytes);
  ASSERT_TRUE(decoded) << decoded.error().why;
  EXPECT_EQ(decoded.value(), golden.recorded);
  EXPECT_EQ(to_hex(now), to_hex(bytes));
}

TEST_P(GoldenRecords, OfPatientEventsAreReadAndWritten) {
  const std::string now = codec.encode_event(golden.recorded, golden.after);
  const std::string bytes = golden_bytes(type, "events", now);
  const auto decoded = codec.decode_event(bytes);
  ASSERT_TRUE(decoded) << decoded.error().why;
  EXPECT_EQ(decoded.value().event_id, golden.recorded.envelope.event_id);
  EXPECT_EQ(decoded.value().patient_id, golden.recorded.envelope.patient_id);
  EXPECT_EQ(decoded.value().state, golden.after);
  EXPECT_EQ(to_hex(now), to_hex(bytes));
}

INSTANTIATE_TEST_SUITE_P(Version1,
                         GoldenRecords,
                         ::testing::Range<std::size_t>(0, kEventTypeCount),
                         [](const auto& parameter) {
                           return std::string{name(static_cast<EventType>(parameter.param))};
                         });

}  // namespace
}  // namespace infra::codec
