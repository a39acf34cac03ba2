#include "infra/codec/event_encoding.h"

#include "domain/core/match.h"

namespace infra::codec {
namespace {

void write_envelope(const patient::Envelope& envelope, patient::EventType type, wire::Record& out) {
  out.set_event_id(bytes_of(envelope.event_id.get()));
  out.set_patient_id(envelope.patient_id.text());
  out.set_sequence(envelope.sequence.get());
  out.set_type(to_wire(type));
  out.set_occurred_at(micros_of(envelope.occurred_at));
  out.set_recorded_at(micros_of(envelope.recorded_at));
  out.set_actor(utf8(envelope.actor));
  out.set_command_id(bytes_of(envelope.command_id.get()));
  out.set_command_digest(envelope.command_digest.get());
  out.set_correlation_id(bytes_of(envelope.correlation_id.get()));
  if (envelope.causation_id) out.set_causation_id(bytes_of(envelope.causation_id->get()));
  out.set_schema_version(envelope.schema_version);
}

void write_registration(const patient::Registration& registration, wire::Created& out) {
  write(registration.identity, *out.mutable_registration());
  if (registration.consent) out.set_consent(utf8(*registration.consent));
  if (registration.registered_at) out.set_registered_at(utf8(*registration.registered_at));
}

void write_contact(const patient::Contact& contact, wire::ContactRecorded& out) {
  out.set_at(micros_of(contact.at));
  out.set_channel(to_wire(contact.channel));
  out.set_direction(to_wire(contact.direction));
  if (contact.therapist) out.set_therapist(contact.therapist->get());
  out.set_source(utf8(contact.source.text));
  out.set_source_digest(contact.source.digest.get());
}

void write_event(const patient::Event& event, Destination destination, wire::Record& out) {
  core::match(
      event,
      [&](const patient::Created& created) {
        wire::Created& payload = *out.mutable_created();
        if (created.registration && destination == Destination::history)
          write_registration(*created.registration, payload);
      },
      [&](const patient::Updated&) { out.mutable_updated(); },
      [&](const patient::StatusChanged&) { out.mutable_status_changed(); },
      [&](const patient::TherapistExcluded& excluded) {
        wire::TherapistExcluded& payload = *out.mutable_therapist_excluded();
        payload.set_therapist(excluded.therapist.get());
        if (excluded.reason) payload.set_reason(utf8(*excluded.reason));
        payload.set_since(days_of(excluded.since));
      },
      [&](const patient::TherapistExclusionRevoked& revoked) {
        out.mutable_therapist_exclusion_revoked()->set_therapist(revoked.therapist.get());
      },
      [&](const patient::ContactRecorded& recorded) {
        write_contact(recorded.contact, *out.mutable_contact_recorded());
      },
      [&](const patient::Deleted&) { out.mutable_deleted(); },
      [&](const patient::Erased&) { out.mutable_erased(); },
      [&](const patient::Restated&) { out.mutable_restated(); });
}

}  // namespace

void write(const patient::Recorded& recorded, Destination destination, wire::Record& out) {
  const patient::EventType type = type_of(recorded.event);
  write_envelope(recorded.envelope, type, out);
  write_event(recorded.event, destination, out);
  if (type == patient::EventType::created && destination == Destination::events) return;
  for (const patient::KeyChange& change : recorded.changes) {
    wire::KeyChange& changed = *out.add_changes();
    changed.set_key(static_cast<std::uint32_t>(change.key));
    write(change.before, *changed.mutable_before());
    write(change.after, *changed.mutable_after());
  }
}

}  // namespace infra::codec
