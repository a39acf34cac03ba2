#include "domain/core/match.h"
#include "domain/patient/decider.h"

namespace patient {
namespace {

void remember(State& state, const Envelope& envelope, EventType type) {
  if (state.commands.empty() || state.commands.back().id != envelope.command_id) {
    state.commands.push_back({envelope.command_id, envelope.command_digest, envelope.sequence, {}});
  }
  RememberedCommand& command = state.commands.own_back();
  command.sequence = envelope.sequence;
  command.events.push_back(type);
}

void record(State& state, const Contact& contact) {
  if (std::holds_alternative<NeverSeen>(state.standing)) state.standing = Expected{};
  state.contact_sources.push_back(contact.source.digest.get());
  if (!state.last_contact || contact.at > state.last_contact->at) {
    state.last_contact = LastContact{contact.at, contact.channel, contact.source.text};
  }
}

void close(State& state) {
  state.standing = Gone{};
  state.last_contact.reset();
  state.contact_sources.clear();
}

void apply(OnFile& patient, const Recorded& recorded) {
  for (const KeyChange& change : recorded.changes) {
    if (change.key == Key::id || change.key == Key::ausgeschlossene_therapeuten) continue;
    patient.fields.set(change.key, change.after);
    if (change.key == Key::status) patient.status_since = recorded.envelope.recorded_at;
  }
}

}  // namespace

State evolve(State state, const Recorded& recorded) {
  const Envelope& envelope = recorded.envelope;
  core::match(
      recorded.event,
      [&](const Created& created) {
        state.standing = OnFile{};
        if (created.registration) state.registration = created.registration->identity;
      },
      [](const Updated&) {},
      [](const StatusChanged&) {},
      [&](const TherapistExcluded& excluded) {
        auto* patient = std::get_if<OnFile>(&state.standing);
        if (patient == nullptr) return;
        patient->exclusions.insert_or_assign(excluded.therapist,
                                             Exclusion{excluded.reason, excluded.since});
      },
      [&](const TherapistExclusionRevoked& revoked) {
        if (auto* patient = std::get_if<OnFile>(&state.standing))
          patient->exclusions.erase(revoked.therapist);
      },
      [&](const ContactRecorded& contact) { record(state, contact.contact); },
      [&](const Deleted&) { close(state); },
      [&](const Erased&) {
        close(state);
        state.registration.reset();
      },
      [](const Restated&) {});
  if (auto* patient = std::get_if<OnFile>(&state.standing)) apply(*patient, recorded);
  state.sequence = envelope.sequence;
  state.recorded_at = envelope.recorded_at;
  if (!std::holds_alternative<ContactRecorded>(recorded.event)) {
    state.sequence_without_contacts = envelope.sequence;
  }
  remember(state, envelope, type_of(recorded.event));
  return state;
}

}  // namespace patient
