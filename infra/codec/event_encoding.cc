#include "infra/codec/event_encoding.h"

#include "domain/core/match.h"
#include "infra/codec/happening_coding.h"

namespace infra::codec {
namespace {

using Wire = wire::Record;

void write_envelope(const patient::Envelope& envelope, patient::EventType type, WireWriter& out) {
  out.bytes(Wire::kEventIdFieldNumber, bytes_of(envelope.event_id.get()));
  out.bytes(Wire::kPatientIdFieldNumber, envelope.patient_id.text());
  out.number(Wire::kSequenceFieldNumber, envelope.sequence.get());
  out.number(Wire::kTypeFieldNumber, to_wire(type));
  out.number(Wire::kOccurredAtFieldNumber, micros_of(envelope.occurred_at));
  out.number(Wire::kRecordedAtFieldNumber, micros_of(envelope.recorded_at));
  out.bytes(Wire::kActorFieldNumber, utf8(envelope.actor));
  out.bytes(Wire::kCommandIdFieldNumber, bytes_of(envelope.command_id.get()));
  out.fixed(Wire::kCommandDigestFieldNumber, envelope.command_digest.get());
  out.bytes(Wire::kCorrelationIdFieldNumber, bytes_of(envelope.correlation_id.get()));
  if (envelope.causation_id)
    out.set_bytes(Wire::kCausationIdFieldNumber, bytes_of(envelope.causation_id->get()));
  out.number(Wire::kSchemaVersionFieldNumber, envelope.schema_version);
}

void write_exclusion(const patient::TherapistExcluded& excluded, WireWriter& out) {
  out.number(wire::TherapistExcluded::kTherapistFieldNumber, excluded.therapist.get());
  if (excluded.reason)
    out.set_bytes(wire::TherapistExcluded::kReasonFieldNumber, utf8(*excluded.reason));
  out.day(wire::TherapistExcluded::kSinceFieldNumber, days_of(excluded.since));
}

void write_event(const patient::Event& event, Destination destination, WireWriter& out) {
  const auto nothing = [] {};
  core::match(
      event,
      [&](const patient::Created& created) {
        out.message(Wire::kCreatedFieldNumber, [&] {
          if (created.registration && destination == Destination::history)
            write(*created.registration, out);
        });
      },
      [&](const patient::Updated&) { out.message(Wire::kUpdatedFieldNumber, nothing); },
      [&](const patient::StatusChanged&) { out.message(Wire::kStatusChangedFieldNumber, nothing); },
      [&](const patient::TherapistExcluded& excluded) {
        out.message(Wire::kTherapistExcludedFieldNumber, [&] { write_exclusion(excluded, out); });
      },
      [&](const patient::TherapistExclusionRevoked& revoked) {
        out.message(Wire::kTherapistExclusionRevokedFieldNumber, [&] {
          out.number(wire::TherapistExclusionRevoked::kTherapistFieldNumber,
                     revoked.therapist.get());
        });
      },
      [&](const patient::ContactRecorded& recorded) {
        out.message(Wire::kContactRecordedFieldNumber, [&] { write(recorded.contact, out); });
      },
      [&](const patient::Deleted&) { out.message(Wire::kDeletedFieldNumber, nothing); },
      [&](const patient::Erased&) { out.message(Wire::kErasedFieldNumber, nothing); },
      [&](const patient::Restated&) { out.message(Wire::kRestatedFieldNumber, nothing); });
}

}  // namespace

void write(const patient::Recorded& recorded, Destination destination, WireWriter& out) {
  const patient::EventType type = type_of(recorded.event);
  write_envelope(recorded.envelope, type, out);
  write_event(recorded.event, destination, out);
  if (type == patient::EventType::created && destination == Destination::events) return;
  for (const patient::KeyChange& change : recorded.changes) {
    out.message(Wire::kChangesFieldNumber, [&] {
      out.number(wire::KeyChange::kKeyFieldNumber, static_cast<std::int64_t>(change.key));
      out.message(wire::KeyChange::kBeforeFieldNumber, [&] { write(change.before, out); });
      out.message(wire::KeyChange::kAfterFieldNumber, [&] { write(change.after, out); });
    });
  }
}

}  // namespace infra::codec
