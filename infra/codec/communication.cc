#include "infra/codec/communication.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "domain/core/text.h"
#include "domain/patient/parse.h"
#include "infra/codec/digest.h"
#include "infra/codec/members.h"

namespace infra::codec {
namespace {

using core::Raw;
using patient::Channel;
using patient::Direction;

struct ContactType {
  std::string_view event_type;
  Channel channel;
  Direction direction;
};
constexpr std::array<ContactType, 3> kContactTypes{{
    {"email.sent", Channel::email, Direction::outgoing},
    {"email.response_received", Channel::email, Direction::incoming},
    {"phone_call.completed", Channel::phone, Direction::unknown},
}};

RefusedCommunication refuse(std::string message) { return {std::move(message)}; }

const Raw* find_either(const Raw::Object& object, std::string_view camel, std::string_view snake) {
  const Raw* found = find_given(object, camel);
  return found != nullptr ? found : find_given(object, snake);
}

const std::string* find_text(const Raw::Object& object,
                             std::string_view camel,
                             std::string_view snake) {
  const Raw* found = find_either(object, camel, snake);
  return found != nullptr ? found->as<std::string>() : nullptr;
}

bool is_no_patient(const Raw* given) {
  if (given == nullptr) return true;
  if (const auto* number = given->as<std::int64_t>()) return *number == 0;
  const auto* text = given->as<std::string>();
  return text != nullptr && (text->empty() || *text == "0");
}

// Who was involved matters less than that there was a contact: what is no therapist's number counts
// as none.
std::optional<patient::TherapistId> read_therapist(const Raw* given) {
  const auto id = given != nullptr ? patient::parse_id(*given) : std::nullopt;
  const auto number = id ? id->number() : std::nullopt;
  if (!number) return std::nullopt;
  return patient::TherapistId{*number};
}

Communication read_contact(const Raw::Object& envelope,
                           const Raw::Object& payload,
                           const ContactType& type,
                           const std::string& event_id) {
  const Raw* patient = find_either(payload, "patientId", "patient_id");
  if (is_no_patient(patient)) return NotAContact{NotAContact::Reason::no_patient};
  auto patient_id = patient::parse_id(*patient);
  if (!patient_id) return refuse("patient_id is neither a patient's id nor null");
  const Raw* timestamp = find_given(envelope, "timestamp");
  const auto* text = timestamp != nullptr ? timestamp->as<std::string>() : nullptr;
  const auto at = text != nullptr ? core::parse_timestamp(*text) : std::nullopt;
  if (!at) return refuse("timestamp is missing or is no time that exists");
  patient::Contact contact{*at,
                           type.channel,
                           type.direction,
                           read_therapist(find_either(payload, "therapistId", "therapist_id")),
                           contact_source(event_id)};
  return ContactOf{std::move(*patient_id), {std::move(contact), patient::Reporter::ingest}};
}

}  // namespace

Communication parse_communication(const Raw& document) {
  const auto* envelope = document.as<Raw::Object>();
  if (envelope == nullptr) return refuse("must be a JSON object");
  const auto* event_id = find_text(*envelope, "eventId", "event_id");
  if (event_id == nullptr || !core::is_one_line(*event_id, patient::kSourceCharactersMax))
    return refuse("eventId is missing or is no text of 1 to 200 printable characters");
  const auto* event_type = find_text(*envelope, "eventType", "event_type");
  if (event_type == nullptr) return refuse("eventType is missing or is no text");
  const Raw* payload_raw = find_given(*envelope, "payload");
  const auto* payload = payload_raw != nullptr ? payload_raw->as<Raw::Object>() : nullptr;
  if (payload == nullptr) return refuse("payload is missing or is no object");
  const auto type =
      std::find_if(kContactTypes.begin(), kContactTypes.end(), [&](const ContactType& known) {
        return known.event_type == *event_type;
      });
  if (type == kContactTypes.end()) return NotAContact{NotAContact::Reason::other_type};
  return read_contact(*envelope, *payload, *type, *event_id);
}

}  // namespace infra::codec
