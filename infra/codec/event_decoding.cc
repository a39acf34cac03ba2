#include "infra/codec/event_decoding.h"

#include <optional>
#include <utility>

#include "infra/codec/happening_coding.h"

namespace infra::codec {
namespace {

using patient::Event;
using Wire = wire::Record;

patient::TherapistExcluded read_exclusion(WireReader in) {
  std::int64_t therapist = 0;
  std::int32_t since = 0;
  std::optional<std::string> reason;
  while (in.next()) {
    if (in.field() == wire::TherapistExcluded::kTherapistFieldNumber) therapist = in.number();
    if (in.field() == wire::TherapistExcluded::kReasonFieldNumber) reason = in.text();
    if (in.field() == wire::TherapistExcluded::kSinceFieldNumber) since = in.day();
  }
  return {
      read_therapist(therapist, in.verdict()), std::move(reason), read_date(since, in.verdict())};
}

patient::TherapistExclusionRevoked read_revocation(WireReader in) {
  std::int64_t therapist = 0;
  while (in.next()) {
    if (in.field() == wire::TherapistExclusionRevoked::kTherapistFieldNumber)
      therapist = in.number();
  }
  return {read_therapist(therapist, in.verdict())};
}

// The event that this field of the record is, if it is one.
std::optional<Event> read_event(const WireReader& in) {
  switch (in.field()) {
    case Wire::kCreatedFieldNumber: return patient::Created{read_registration(in.message())};
    case Wire::kUpdatedFieldNumber: return patient::Updated{};
    case Wire::kStatusChangedFieldNumber: return patient::StatusChanged{};
    case Wire::kTherapistExcludedFieldNumber: return read_exclusion(in.message());
    case Wire::kTherapistExclusionRevokedFieldNumber: return read_revocation(in.message());
    case Wire::kContactRecordedFieldNumber:
      return patient::ContactRecorded{read_contact(in.message())};
    case Wire::kDeletedFieldNumber: return patient::Deleted{};
    case Wire::kErasedFieldNumber: return patient::Erased{};
    case Wire::kRestatedFieldNumber: return patient::Restated{};
    default: return std::nullopt;
  }
}

patient::KeyChange read_change(WireReader in) {
  Verdict& verdict = in.verdict();
  patient::KeyChange change{patient::Key::id, {}, {}};
  std::uint64_t key = 0;
  while (in.next()) {
    if (in.field() == wire::KeyChange::kKeyFieldNumber) key = in.unsigned_number();
    if (in.field() == wire::KeyChange::kBeforeFieldNumber)
      change.before = read_value(in.message()).value;
    if (in.field() == wire::KeyChange::kAfterFieldNumber)
      change.after = read_value(in.message()).value;
  }
  change.key = read_key(key, verdict);
  for (const patient::Value* value : {&change.before, &change.after})
    verdict.demand(is_null(*value) || fits(change.key, *value), "a value does not fit its key");
  return change;
}

// Everything of a record but the event and the patient, whose absence has no stand-in.
struct Reading {
  patient::Envelope envelope;
  int type = 0;
  std::optional<Event> event;
  patient::Changes changes;
  std::string_view event_id;
  std::string_view command_id;
  std::string_view correlation_id;
};

// False when the field is none of the envelope.
bool read_envelope_field(const WireReader& in, Reading& reading) {
  patient::Envelope& envelope = reading.envelope;
  Verdict& verdict = in.verdict();
  switch (in.field()) {
    case Wire::kEventIdFieldNumber: reading.event_id = in.bytes(); return true;
    case Wire::kPatientIdFieldNumber: return true;
    case Wire::kSequenceFieldNumber:
      envelope.sequence = patient::Sequence{in.number()};
      return true;
    case Wire::kTypeFieldNumber: reading.type = in.small_number(); return true;
    case Wire::kOccurredAtFieldNumber:
      envelope.occurred_at = read_time(in.number(), verdict);
      return true;
    case Wire::kRecordedAtFieldNumber:
      envelope.recorded_at = read_time(in.number(), verdict);
      return true;
    case Wire::kActorFieldNumber: envelope.actor = in.text(); return true;
    case Wire::kCommandIdFieldNumber: reading.command_id = in.bytes(); return true;
    case Wire::kCommandDigestFieldNumber:
      envelope.command_digest = patient::Digest{in.fixed()};
      return true;
    case Wire::kCorrelationIdFieldNumber: reading.correlation_id = in.bytes(); return true;
    case Wire::kCausationIdFieldNumber:
      envelope.causation_id = patient::EventId{read_uuid(in.bytes(), verdict)};
      return true;
    case Wire::kSchemaVersionFieldNumber: envelope.schema_version = in.small_number(); return true;
    default: return false;
  }
}

void read_field(const WireReader& in, Reading& reading) {
  if (read_envelope_field(in, reading)) return;
  if (in.field() == Wire::kChangesFieldNumber) {
    reading.changes.push_back(read_change(in.message()));
  } else if (in.field() == Wire::kStateFieldNumber) {
    in.verdict().refuse("a record of patient-events in the place of one of the history");
  } else if (auto event = read_event(in)) {
    reading.event = std::move(event);
  }
}

patient::Envelope blank(patient::PatientId patient_id) {
  return {patient::EventId{{}},
          std::move(patient_id),
          patient::Sequence{0},
          {},
          {},
          {},
          patient::CommandId{{}},
          patient::Digest{0},
          patient::CorrelationId{{}},
          std::nullopt};
}

}  // namespace

core::Result<patient::Recorded, ports::Undecodable> read_recorded(std::string_view bytes,
                                                                  std::string_view patient) {
  auto patient_id = patient::PatientId::parse(patient);
  if (!patient_id) return core::Failure{ports::Undecodable{"the patient id is none"}};
  Verdict verdict;
  Reading reading{blank(std::move(*patient_id)), 0, std::nullopt, {}, {}, {}, {}};
  WireReader in{bytes, verdict};
  while (in.next()) read_field(in, reading);

  patient::Envelope& envelope = reading.envelope;
  envelope.event_id = patient::EventId{read_uuid(reading.event_id, verdict)};
  envelope.command_id = patient::CommandId{read_uuid(reading.command_id, verdict)};
  envelope.correlation_id = patient::CorrelationId{read_uuid(reading.correlation_id, verdict)};
  verdict.demand(envelope.sequence.get() >= 1, "the sequence is not positive");
  const patient::EventType type = read_event_type(reading.type, verdict);
  if (verdict.demand(reading.event.has_value(), "the event is missing or of a future kind"))
    verdict.demand(type == type_of(*reading.event), "the event type is not that of the event");
  if (!verdict.sound()) return core::Failure{ports::Undecodable{verdict.why()}};
  return patient::Recorded{
      std::move(envelope), std::move(*reading.event), std::move(reading.changes)};
}

}  // namespace infra::codec
