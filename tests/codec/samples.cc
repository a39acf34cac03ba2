#include "tests/codec/samples.h"

#include <algorithm>
#include <chrono>

namespace samples {
namespace {

using namespace patient;

std::int64_t below(std::int64_t limit, Random& random) {
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
}
bool coin(Random& random) { return random() % 2 == 0; }

core::Uuid any_uuid(Random& random) {
  core::Uuid uuid;
  for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(random());
  return uuid;
}

std::string any_text(Random& random) {
  constexpr std::array<std::string_view, 8> kPieces{
      "a", "Ä", "ß", "’", "\U0001F9E0", " ", "\n", "Probe"};
  std::string text;
  for (auto pieces = below(12, random); pieces > 0; --pieces)
    text += kPieces[static_cast<std::size_t>(below(kPieces.size(), random))];
  return text;
}
std::string any_filled_text(Random& random) { return "x" + any_text(random); }

core::Date any_date(Random& random) {
  return day(1, 1, 1) + std::chrono::days{below(3'652'059, random)};
}
core::Timestamp any_time(Random& random) {
  return any_date(random) + std::chrono::microseconds{below(86'400'000'000, random)};
}
TherapistId any_therapist(Random& random) { return TherapistId{1 + below(kNumberMax, random)}; }

template <class Make>
auto maybe(Random& random, Make make) -> std::optional<decltype(make(random))> {
  if (coin(random)) return std::nullopt;
  return make(random);
}

Availability any_availability(Random& random) {
  Availability availability;
  for (auto& slots : availability.days) {
    if (coin(random)) continue;
    slots.emplace();
    for (auto count = below(3, random); count > 0; --count) {
      const auto from = below(1440, random);
      const auto to = from + 1 + below(1440 - from, random);
      slots->push_back({static_cast<std::int16_t>(from), static_cast<std::int16_t>(to)});
    }
  }
  return availability;
}

TherapistIds any_therapists(Random& random) {
  TherapistIds therapists;
  for (auto count = below(4, random); count > 0; --count)
    therapists.push_back(any_therapist(random));
  std::sort(therapists.begin(), therapists.end());
  therapists.erase(std::unique(therapists.begin(), therapists.end()), therapists.end());
  return therapists;
}

PatientId any_patient_id(Random& random) {
  if (coin(random)) return PatientId::numbered(1 + below(kNumberMax, random));
  return *PatientId::parse("P-" + std::to_string(random()));
}

RegistrationIdentity any_identity(Random& random) {
  return {maybe(random, [](Random&) { return std::string(64, 'a'); }), std::string(64, 'b')};
}

Contact any_contact(Random& random) {
  return {any_time(random),
          static_cast<Channel>(below(3, random)),
          static_cast<Direction>(below(3, random)),
          maybe(random, any_therapist),
          {any_filled_text(random), Digest{random()}}};
}

Event any_event(Random& random) {
  switch (static_cast<EventType>(below(kEventTypeCount, random))) {
    case EventType::created:
      return Created{maybe(random, [](Random& r) {
        return Registration{any_identity(r), maybe(r, any_text), maybe(r, any_text)};
      })};
    case EventType::updated: return Updated{};
    case EventType::status_changed: return StatusChanged{};
    case EventType::therapist_excluded:
      return TherapistExcluded{any_therapist(random), maybe(random, any_text), any_date(random)};
    case EventType::therapist_exclusion_revoked:
      return TherapistExclusionRevoked{any_therapist(random)};
    case EventType::contact_recorded: return ContactRecorded{any_contact(random)};
    case EventType::deleted: return Deleted{};
    case EventType::erased: return Erased{};
    case EventType::restated: break;
  }
  return Restated{};
}

Changes any_changes(Random& random) {
  Changes changes;
  for (const KeyInfo& known : all_keys()) {
    if (known.key == Key::id || below(4, random) != 0) continue;
    const Value before = coin(random) ? Value{None{}} : any_value(known.key, random);
    changes.push_back({known.key, before, any_value(known.key, random)});
  }
  return changes;
}

OnFile any_patient(Random& random) {
  OnFile patient;
  for (const KeyInfo& known : all_keys()) {
    if (known.key == Key::id || known.key == Key::ausgeschlossene_therapeuten) continue;
    const bool null = fits(known.key, None{}) && coin(random);
    patient.fields.set(known.key, null ? Value{None{}} : any_value(known.key, random));
  }
  for (auto count = below(4, random); count > 0; --count)
    patient.exclusions[any_therapist(random)] = {maybe(random, any_text), any_date(random)};
  patient.status_since = any_time(random);
  return patient;
}

RememberedCommand any_command(Random& random) {
  RememberedCommand command{
      CommandId{any_uuid(random)}, Digest{random()}, Sequence{1 + below(1000, random)}, {}};
  for (auto count = below(4, random); count > 0; --count)
    command.events.push_back(static_cast<EventType>(below(kEventTypeCount, random)));
  return command;
}

Standing any_standing(Random& random) {
  switch (below(6, random)) {
    case 0: return NeverSeen{};
    case 1: return Expected{};
    case 2: return Gone{};
    default: return any_patient(random);
  }
}

}  // namespace

core::Uuid uuid(std::uint8_t fill) {
  core::Uuid uuid;
  uuid.bytes.fill(fill);
  return uuid;
}

core::Date day(int year, unsigned month, unsigned day) {
  return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
}

Value any_value(Key key, Random& random) {
  switch (info(key).kind) {
    case Kind::identity:
    case Kind::text:
    case Kind::choice: return any_text(random);
    case Kind::flag: return coin(random);
    case Kind::date: return any_date(random);
    case Kind::symptoms: return Symptoms{any_text(random), any_filled_text(random)};
    case Kind::availability: return any_availability(random);
    case Kind::radius: return Radius{static_cast<std::int32_t>(below(1001, random))};
    case Kind::status: return static_cast<Status>(below(kStatusCount, random));
    case Kind::therapists: return any_therapists(random);
  }
  return None{};
}

Recorded any_recorded(Random& random) {
  Envelope envelope{EventId{any_uuid(random)},
                    any_patient_id(random),
                    Sequence{1 + below(1'000'000, random)},
                    any_time(random),
                    any_time(random),
                    any_text(random),
                    CommandId{any_uuid(random)},
                    Digest{random()},
                    CorrelationId{any_uuid(random)},
                    maybe(random, [](Random& r) { return EventId{any_uuid(r)}; })};
  return {std::move(envelope), any_event(random), any_changes(random)};
}

State any_state(Random& random) {
  State state;
  state.sequence = Sequence{1 + below(1'000'000, random)};
  state.sequence_without_contacts = Sequence{below(state.sequence.get() + 1, random)};
  state.recorded_at = any_time(random);
  state.standing = any_standing(random);
  state.last_contact = maybe(random, [](Random& r) {
    return LastContact{any_time(r), static_cast<Channel>(below(3, r)), any_filled_text(r)};
  });
  for (auto count = below(20, random); count > 0; --count)
    state.contact_sources.push_back(random());
  state.registration = maybe(random, any_identity);
  for (auto count = below(5, random); count > 0; --count)
    state.commands.push_back(any_command(random));
  return state;
}

State typical_state() {
  OnFile patient;
  const auto set = [&](Key key, Value value) { patient.fields.set(key, std::move(value)); };
  set(Key::anrede, std::string{"Frau"});
  set(Key::geschlecht, std::string{"weiblich"});
  set(Key::vorname, std::string{"Annegret"});
  set(Key::nachname, std::string{"Sommerfeld-Beispiel"});
  set(Key::strasse, std::string{"Musterstraße 101"});
  set(Key::plz, std::string{"01234"});
  set(Key::ort, std::string{"Musterstadt"});
  set(Key::email, std::string{"annegret.sommerfeld@example.org"});
  set(Key::telefon, std::string{"0151 0001001"});
  set(Key::hausarzt, std::string{"Dr. med. Beispiel"});
  set(Key::krankenkasse, std::string{"Musterkasse Nord"});
  set(Key::geburtsdatum, day(1984, 5, 17));
  set(Key::symptome, Symptoms{"Depression / Niedergeschlagenheit", "Schlafstörungen"});
  set(Key::erfahrung_mit_psychotherapie, true);
  set(Key::vertraege_unterschrieben, true);
  set(Key::zahlungsreferenz, std::string{"37c996e9"});
  Availability availability;
  availability.days[0] = std::vector<Slot>{{540, 720}};
  availability.days[3] = std::vector<Slot>{{900, 1110}};
  set(Key::zeitliche_verfuegbarkeit, std::move(availability));
  set(Key::raeumliche_verfuegbarkeit, Radius{25});
  set(Key::verkehrsmittel, std::string{"ÖPNV"});
  set(Key::letzter_kontakt, day(2025, 12, 15));
  set(Key::created_at, day(2025, 11, 3));
  patient.exclusions[TherapistId{301}] = {"Probe", day(2025, 12, 1)};
  patient.exclusions[TherapistId{307}] = {std::nullopt, day(2025, 12, 2)};
  patient.status_since = day(2025, 11, 3);
  State state;
  state.sequence = Sequence{7};
  state.sequence_without_contacts = Sequence{6};
  state.recorded_at = day(2025, 12, 15) + std::chrono::microseconds{34'567'890'123};
  state.standing = std::move(patient);
  state.last_contact = LastContact{day(2025, 12, 15) + std::chrono::hours{9},
                                   Channel::email,
                                   "2f296e78-70de-41f1-81ae-ae171e12077b"};
  for (const std::uint64_t source : {std::uint64_t{1}, 0x1122334455667788U, UINT64_MAX})
    state.contact_sources.push_back(source);
  state.registration = RegistrationIdentity{std::string(64, 'a'), std::string(64, 'b')};
  for (std::uint8_t at = 1; at <= 6; ++at) {
    state.commands.push_back(
        {CommandId{uuid(at)}, Digest{at}, Sequence{at}, {EventType::contact_recorded}});
  }
  return state;
}

Recorded typical_contact() {
  Contact contact{day(2025, 12, 15) + std::chrono::hours{9},
                  Channel::email,
                  Direction::outgoing,
                  TherapistId{301},
                  {"2f296e78-70de-41f1-81ae-ae171e12077b", Digest{0x1122334455667788}}};
  return {{EventId{uuid(1)},
           PatientId::numbered(1),
           Sequence{7},
           contact.at,
           contact.at,
           "ingest",
           CommandId{uuid(2)},
           Digest{3},
           CorrelationId{uuid(4)},
           std::nullopt},
          ContactRecorded{contact},
          {{Key::letzter_kontakt, day(2025, 12, 1), day(2025, 12, 15)}}};
}

}  // namespace samples
