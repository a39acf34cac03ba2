#pragma once

#include <string>
#include <variant>

#include "domain/core/raw.h"
#include "domain/patient/commands.h"

namespace infra::codec {

struct ContactOf {
  patient::PatientId patient;
  patient::RecordContact contact;  // reported by ingest
  friend bool operator==(const ContactOf&, const ContactOf&) = default;
};
// An event of that topic like many others, and none of our business.
struct NotAContact {
  enum class Reason { other_type, no_patient };
  Reason reason;
  friend bool operator==(const NotAContact&, const NotAContact&) = default;
};
// No event of that topic, or one that cannot be understood.
struct RefusedCommunication {
  std::string message;  // repeats nothing of the event
  friend bool operator==(const RefusedCommunication&, const RefusedCommunication&) = default;
};
using Communication = std::variant<ContactOf, NotAContact, RefusedCommunication>;

// One value of the topic `communication-events` of the original system. Names are taken in
// camelCase, as the code writes them, and in snake_case, as the documents say. The patient is a
// number or a text; null, 0 and missing mean none. The contact's time is the event's own, its
// source the event's id.
[[nodiscard]] Communication parse_communication(const core::Raw& envelope);

}  // namespace infra::codec
