#include "infra/codec/event_decoding.h"

#include <optional>
#include <utility>

namespace infra::codec {
namespace {

using patient::Event;

patient::Created read_created(const wire::Created& in, Verdict& verdict) {
  patient::Created created;
  if (in.has_registration()) {
    patient::Registration& registration = created.registration.emplace();
    registration.identity = read_identity(in.registration(), verdict);
    if (in.has_consent()) registration.consent = in.consent();
    if (in.has_registered_at()) registration.registered_at = in.registered_at();
  } else {
    verdict.demand(!in.has_consent() && !in.has_registered_at(),
                   "a registration without an identity");
  }
  return created;
}

patient::TherapistExcluded read_exclusion(const wire::TherapistExcluded& in, Verdict& verdict) {
  patient::TherapistExcluded excluded{
      read_therapist(in.therapist(), verdict), std::nullopt, read_date(in.since(), verdict)};
  if (in.has_reason()) excluded.reason = in.reason();
  return excluded;
}

patient::Contact read_contact(const wire::ContactRecorded& in, Verdict& verdict) {
  patient::Contact contact{read_time(in.at(), verdict),
                           read_channel(in.channel(), verdict),
                           read_direction(in.direction(), verdict),
                           std::nullopt,
                           {in.source(), patient::Digest{in.source_digest()}}};
  if (in.has_therapist()) contact.therapist = read_therapist(in.therapist(), verdict);
  verdict.demand(!contact.source.text.empty(), "a contact has no source");
  return contact;
}

Event read_event(const wire::Record& in, Verdict& verdict) {
  switch (in.event_case()) {
    case wire::Record::kCreated: return read_created(in.created(), verdict);
    case wire::Record::kUpdated: return patient::Updated{};
    case wire::Record::kStatusChanged: return patient::StatusChanged{};
    case wire::Record::kTherapistExcluded: return read_exclusion(in.therapist_excluded(), verdict);
    case wire::Record::kTherapistExclusionRevoked:
      return patient::TherapistExclusionRevoked{
          read_therapist(in.therapist_exclusion_revoked().therapist(), verdict)};
    case wire::Record::kContactRecorded:
      return patient::ContactRecorded{read_contact(in.contact_recorded(), verdict)};
    case wire::Record::kDeleted: return patient::Deleted{};
    case wire::Record::kErased: return patient::Erased{};
    case wire::Record::kRestated: return patient::Restated{};
    case wire::Record::EVENT_NOT_SET: break;
  }
  verdict.refuse("the event is missing or of a future kind");
  return patient::Restated{};
}

patient::Changes read_changes(const wire::Record& in, Verdict& verdict) {
  patient::Changes changes;
  changes.reserve(static_cast<std::size_t>(in.changes_size()));
  for (const wire::KeyChange& change : in.changes()) {
    const patient::Key key = read_key(change.key(), verdict);
    changes.push_back(
        {key, read_value(key, change.before(), verdict), read_value(key, change.after(), verdict)});
  }
  return changes;
}

patient::Envelope read_envelope(const wire::Record& in,
                                patient::PatientId patient_id,
                                Verdict& verdict) {
  patient::Envelope envelope{patient::EventId{read_uuid(in.event_id(), verdict)},
                             std::move(patient_id),
                             patient::Sequence{in.sequence()},
                             read_time(in.occurred_at(), verdict),
                             read_time(in.recorded_at(), verdict),
                             in.actor(),
                             patient::CommandId{read_uuid(in.command_id(), verdict)},
                             patient::Digest{in.command_digest()},
                             patient::CorrelationId{read_uuid(in.correlation_id(), verdict)},
                             std::nullopt,
                             in.schema_version()};
  if (in.has_causation_id())
    envelope.causation_id = patient::EventId{read_uuid(in.causation_id(), verdict)};
  verdict.demand(in.sequence() >= 1, "the sequence is not positive");
  return envelope;
}

}  // namespace

core::Result<patient::Recorded, ports::Undecodable> read_recorded(const wire::Record& in) {
  auto patient_id = patient::PatientId::parse(in.patient_id());
  if (!patient_id) return core::Failure{ports::Undecodable{"the patient id is none"}};
  Verdict verdict;
  const patient::EventType type = read_event_type(in.type(), verdict);
  Event event = read_event(in, verdict);
  verdict.demand(type == type_of(event), "the event type is not that of the event");
  verdict.demand(!in.has_state(), "a record of patient-events in the place of one of the history");
  patient::Recorded recorded{read_envelope(in, std::move(*patient_id), verdict),
                             std::move(event),
                             read_changes(in, verdict)};
  if (!verdict.sound()) return core::Failure{ports::Undecodable{verdict.why()}};
  return recorded;
}

}  // namespace infra::codec
