#include "infra/codec/happening_coding.h"

#include <utility>

namespace infra::codec {

void write(const patient::Contact& contact, WireWriter& out) {
  out.number(wire::ContactRecorded::kAtFieldNumber, micros_of(contact.at));
  out.number(wire::ContactRecorded::kChannelFieldNumber, to_wire(contact.channel));
  out.number(wire::ContactRecorded::kDirectionFieldNumber, to_wire(contact.direction));
  if (contact.therapist)
    out.set_number(wire::ContactRecorded::kTherapistFieldNumber, contact.therapist->get());
  out.bytes(wire::ContactRecorded::kSourceFieldNumber, utf8(contact.source.text));
  out.fixed(wire::ContactRecorded::kSourceDigestFieldNumber, contact.source.digest.get());
}

patient::Contact read_contact(WireReader in) {
  Verdict& verdict = in.verdict();
  int channel = 0;
  int direction = 0;
  patient::Contact contact;
  while (in.next()) {
    switch (in.field()) {
      case wire::ContactRecorded::kAtFieldNumber:
        contact.at = read_time(in.number(), verdict);
        break;
      case wire::ContactRecorded::kChannelFieldNumber: channel = in.small_number(); break;
      case wire::ContactRecorded::kDirectionFieldNumber: direction = in.small_number(); break;
      case wire::ContactRecorded::kTherapistFieldNumber:
        contact.therapist = read_therapist(in.number(), verdict);
        break;
      case wire::ContactRecorded::kSourceFieldNumber: contact.source.text = in.text(); break;
      case wire::ContactRecorded::kSourceDigestFieldNumber:
        contact.source.digest = patient::Digest{in.fixed()};
        break;
      default: break;
    }
  }
  contact.channel = read_channel(channel, verdict);
  contact.direction = read_direction(direction, verdict);
  verdict.demand(!contact.source.text.empty(), "a contact has no source");
  return contact;
}

void write(const patient::Registration& registration, WireWriter& out) {
  out.message(wire::Created::kRegistrationFieldNumber, [&] { write(registration.identity, out); });
  if (registration.consent)
    out.set_bytes(wire::Created::kConsentFieldNumber, utf8(*registration.consent));
  if (registration.registered_at)
    out.set_bytes(wire::Created::kRegisteredAtFieldNumber, utf8(*registration.registered_at));
}

std::optional<patient::Registration> read_registration(WireReader in) {
  patient::Registration registration;
  bool identified = false;
  while (in.next()) {
    switch (in.field()) {
      case wire::Created::kRegistrationFieldNumber:
        registration.identity = read_identity(in.message());
        identified = true;
        break;
      case wire::Created::kConsentFieldNumber: registration.consent = in.text(); break;
      case wire::Created::kRegisteredAtFieldNumber: registration.registered_at = in.text(); break;
      default: break;
    }
  }
  if (identified) return registration;
  in.verdict().demand(!registration.consent && !registration.registered_at,
                      "a registration without an identity");
  return std::nullopt;
}

}  // namespace infra::codec
