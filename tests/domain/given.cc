#include "tests/domain/given.h"

#include <algorithm>

#include "domain/core/match.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"

namespace tests {

using patient::Happening;
using patient::Happenings;
using patient::Key;
using patient::None;
using patient::Value;

namespace {

std::string text(const Value& value) { return infra::codec::write_json(patient::to_raw(value)); }

std::string describe(const patient::Event& event) {
  std::string said{patient::name(patient::type_of(event))};
  if (const auto* excluded = std::get_if<patient::TherapistExcluded>(&event)) {
    said += ' ' + std::to_string(excluded->therapist.get()) + " (" +
            excluded->reason.value_or("no reason") + ") since " + core::format(excluded->since);
  }
  if (const auto* revoked = std::get_if<patient::TherapistExclusionRevoked>(&event)) {
    said += ' ' + std::to_string(revoked->therapist.get());
  }
  if (const auto* contact = std::get_if<patient::ContactRecorded>(&event)) {
    said += ' ' + contact->contact.source.text + " at " + core::format(contact->contact.at);
  }
  return said;
}

// Other names for the commands of a test's own story than the writer would ever give.
std::uint8_t next_command(const patient::State& state) {
  return static_cast<std::uint8_t>(state.sequence.get() + 100);
}

}  // namespace

patient::PatientId patient_number(std::int64_t number) {
  return patient::PatientId::numbered(number);
}

patient::Patch ada(const patient::Patch& more) {
  patient::Patch patch{{Key::anrede, "Frau"},
                       {Key::geschlecht, "weiblich"},
                       {Key::vorname, "Ada"},
                       {Key::nachname, "Beispiel"}};
  for (const auto& field : more) {
    std::erase_if(patch, [&](const auto& known) { return known.first == field.first; });
    patch.push_back(field);
  }
  std::sort(
      patch.begin(), patch.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return patch;
}

patient::Create create(const patient::Patch& more) { return {ada(more), {}, {}, {}}; }

patient::Update update(patient::Patch fields) { return {std::move(fields), {}, {}}; }

patient::Contact contact(core::Timestamp at, const std::string& source) {
  return {at,
          patient::Channel::phone,
          patient::Direction::incoming,
          kWeiss,
          infra::codec::contact_source(source)};
}

Happening created(const patient::Patch& more) {
  patient::Fields fields;
  fields.set(Key::created_at, kYesterday);
  for (const auto& [key, value] : ada(more)) fields.set(key, value);
  patient::Changes changes;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    if (key.key == Key::ausgeschlossene_therapeuten || is_null(fields[key.key])) continue;
    changes.push_back({key.key, None{}, fields[key.key]});
  }
  return {patient::Created{}, std::move(changes)};
}

Happening excluded(patient::TherapistId therapist,
                   std::optional<std::string> reason,
                   core::Date since) {
  return {patient::TherapistExcluded{therapist, std::move(reason), since}, {}};
}

Happening contacted(core::Timestamp at, const std::string& source) {
  return {patient::ContactRecorded{contact(at, source)},
          {{Key::letzter_kontakt, None{}, core::day_of(at)}}};
}

Happening changed(Key key, Value to) {
  return {patient::Updated{}, {{key, None{}, std::move(to)}}};
}

Happening deleted() { return {patient::Deleted{}, {}}; }

patient::KeyChange touched_today() { return {Key::updated_at, None{}, kToday}; }

patient::KeyChange therapists(patient::TherapistIds before, patient::TherapistIds after) {
  return {Key::ausgeschlossene_therapeuten, std::move(before), std::move(after)};
}

patient::Recorded recorded(const Happening& happening,
                           patient::Sequence sequence,
                           core::Timestamp at,
                           std::uint8_t command) {
  core::Uuid id;
  id.bytes.front() = command;
  core::Uuid event = id;
  event.bytes.back() = static_cast<std::uint8_t>(sequence.get());
  return {{patient::EventId{event},
           patient_number(1),
           sequence,
           at,
           at,
           "clerk",
           patient::CommandId{id},
           patient::Digest{command},
           patient::CorrelationId{id},
           std::nullopt},
          happening.event,
          happening.changes};
}

patient::State fold(const Happenings& happenings) {
  patient::State state;
  for (const Happening& happening : happenings) {
    const auto sequence = following(state.sequence);
    state = evolve(std::move(state),
                   recorded(happening, sequence, kThen, static_cast<std::uint8_t>(sequence.get())));
  }
  return state;
}

std::string describe(const Happenings& happenings) {
  std::string all;
  for (const Happening& happening : happenings) {
    all += describe(happening.event) + '\n';
    for (const patient::KeyChange& change : happening.changes) {
      all += "    " + std::string{patient::name(change.key)} + ": " + text(change.before) + " -> " +
             text(change.after) + '\n';
    }
  }
  return all.empty() ? "nothing\n" : all;
}

Scene& Scene::when(const patient::Command& command, const char* file, int line) {
  place_ = std::string{"when() at "} + file + ':' + std::to_string(line);
  decision_ = patient::decide(command, state_, kNow);
  if (!*decision_) return *this;
  const std::uint8_t name = next_command(state_);
  for (const Happening& happening : decision_->value()) {
    const auto sequence = following(state_.sequence);
    state_ = evolve(std::move(state_), recorded(happening, sequence, kNow, name));
  }
  return *this;
}

Scene& Scene::then(const Happenings& expected) {
  SCOPED_TRACE(place_);
  EXPECT_TRUE(*decision_) << "refused: " << (*decision_ ? "" : refusal().message);
  if (!*decision_) return *this;
  EXPECT_TRUE(decision_->value() == expected) << "happened:\n"
                                              << describe(decision_->value()) << "expected:\n"
                                              << describe(expected);
  return *this;
}

Scene& Scene::refused(patient::RefusalCode code) {
  SCOPED_TRACE(place_);
  EXPECT_FALSE(*decision_) << "happened:\n"
                           << (*decision_ ? describe(decision_->value()) : std::string{});
  if (!*decision_) {
    EXPECT_EQ(name(refusal().code), name(code));
  }
  return *this;
}

}  // namespace tests
