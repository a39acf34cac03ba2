#include "infra/codec/state_coding.h"

#include <bitset>

#include "domain/core/match.h"

namespace infra::codec {
namespace {

using patient::Key;
using patient::State;

bool beside_the_fields(Key key) {
  return key == Key::id || key == Key::ausgeschlossene_therapeuten;
}

void write_patient(const patient::OnFile& patient, wire::State& out) {
  out.set_status_since(micros_of(patient.status_since));
  out.mutable_fields()->Reserve(static_cast<int>(patient::kKeyCount));
  for (const patient::KeyInfo& known : patient::all_keys()) {
    const patient::Value& value = patient.fields[known.key];
    if (is_null(value) || beside_the_fields(known.key)) continue;
    wire::Value& field = *out.add_fields();
    field.set_key(static_cast<std::uint32_t>(known.key));
    write(value, field);
  }
  for (const auto& [therapist, exclusion] : patient.exclusions) {
    wire::Exclusion& excluded = *out.add_exclusions();
    excluded.set_therapist(therapist.get());
    if (exclusion.reason) excluded.set_reason(utf8(*exclusion.reason));
    excluded.set_since(days_of(exclusion.since));
  }
}

void write_command(const patient::RememberedCommand& command, wire::RememberedCommand& out) {
  out.set_id(bytes_of(command.id.get()));
  out.set_digest(command.digest.get());
  out.set_sequence(command.sequence.get());
  for (const patient::EventType type : command.events) out.add_events(to_wire(type));
}

void read_fields(const wire::State& in, patient::Fields& fields, Verdict& verdict) {
  std::bitset<patient::kKeyCount + 1> seen;
  for (const wire::Value& field : in.fields()) {
    const Key key = read_key(field.key(), verdict);
    const auto at = static_cast<std::size_t>(key);
    verdict.demand(!seen.test(at) && !beside_the_fields(key), "a key is where it must not be");
    seen.set(at);
    patient::Value value = read_value(key, field, verdict);
    verdict.demand(!is_null(value), "a key is null and yet there");
    fields.set(key, std::move(value));
  }
  for (const patient::KeyInfo& known : patient::all_keys()) {
    if (seen.test(static_cast<std::size_t>(known.key)) || beside_the_fields(known.key)) continue;
    fields.set(known.key, patient::None{});
    verdict.demand(fits(known.key, patient::None{}), "a key that is never null is missing");
  }
}

void read_patient(const wire::State& in, patient::OnFile& patient, Verdict& verdict) {
  patient.status_since = read_time(in.status_since(), verdict);
  read_fields(in, patient.fields, verdict);
  for (const wire::Exclusion& excluded : in.exclusions()) {
    patient::Exclusion exclusion{std::nullopt, read_date(excluded.since(), verdict)};
    if (excluded.has_reason()) exclusion.reason = excluded.reason();
    patient.exclusions.emplace_hint(patient.exclusions.end(),
                                    read_therapist(excluded.therapist(), verdict),
                                    std::move(exclusion));
  }
  verdict.demand(patient.exclusions.size() == static_cast<std::size_t>(in.exclusions_size()),
                 "a therapist is excluded twice");
}

void read_standing(const wire::State& in, State& state, Verdict& verdict) {
  if (in.standing() == wire::STANDING_ON_FILE) {
    read_patient(in, state.standing.emplace<patient::OnFile>(), verdict);
    return;
  }
  const bool empty = in.fields_size() == 0 && in.exclusions_size() == 0 && in.status_since() == 0;
  verdict.demand(empty, "a patient who is not on file has fields");
  switch (in.standing()) {
    case wire::STANDING_NEVER_SEEN: state.standing = patient::NeverSeen{}; break;
    case wire::STANDING_EXPECTED: state.standing = patient::Expected{}; break;
    case wire::STANDING_GONE: state.standing = patient::Gone{}; break;
    default: verdict.refuse("the standing is unknown");
  }
}

patient::RememberedCommand read_command(const wire::RememberedCommand& in, Verdict& verdict) {
  patient::RememberedCommand command{patient::CommandId{read_uuid(in.id(), verdict)},
                                     patient::Digest{in.digest()},
                                     patient::Sequence{in.sequence()},
                                     {}};
  command.events.reserve(static_cast<std::size_t>(in.events_size()));
  for (const int type : in.events()) command.events.push_back(read_event_type(type, verdict));
  return command;
}

}  // namespace

void write(const State& state, wire::State& out) {
  out.set_sequence(state.sequence.get());
  out.set_sequence_without_contacts(state.sequence_without_contacts.get());
  out.set_recorded_at(micros_of(state.recorded_at));
  core::match(
      state.standing,
      [&](const patient::NeverSeen&) { out.set_standing(wire::STANDING_NEVER_SEEN); },
      [&](const patient::Expected&) { out.set_standing(wire::STANDING_EXPECTED); },
      [&](const patient::OnFile& patient) {
        out.set_standing(wire::STANDING_ON_FILE);
        write_patient(patient, out);
      },
      [&](const patient::Gone&) { out.set_standing(wire::STANDING_GONE); });
  if (state.last_contact) {
    wire::LastContact& last = *out.mutable_last_contact();
    last.set_at(micros_of(state.last_contact->at));
    last.set_channel(to_wire(state.last_contact->channel));
    last.set_source(utf8(state.last_contact->source));
  }
  out.mutable_contact_sources()->Add(state.contact_sources.begin(), state.contact_sources.end());
  if (state.registration) write(*state.registration, *out.mutable_registration());
  for (const patient::RememberedCommand& command : state.commands)
    write_command(command, *out.add_commands());
}

void read_state(const wire::State& in, State& state, Verdict& verdict) {
  state.sequence = patient::Sequence{in.sequence()};
  state.sequence_without_contacts = patient::Sequence{in.sequence_without_contacts()};
  verdict.demand(in.sequence() >= 0 && in.sequence_without_contacts() >= 0 &&
                     in.sequence_without_contacts() <= in.sequence(),
                 "the state's sequences contradict each other");
  state.recorded_at = read_time(in.recorded_at(), verdict);
  read_standing(in, state, verdict);
  if (in.has_last_contact()) {
    state.last_contact = patient::LastContact{read_time(in.last_contact().at(), verdict),
                                              read_channel(in.last_contact().channel(), verdict),
                                              in.last_contact().source()};
  }
  state.contact_sources.assign(in.contact_sources().begin(), in.contact_sources().end());
  if (in.has_registration()) state.registration = read_identity(in.registration(), verdict);
  state.commands.reserve(static_cast<std::size_t>(in.commands_size()));
  for (const wire::RememberedCommand& command : in.commands())
    state.commands.push_back(read_command(command, verdict));
}

}  // namespace infra::codec
