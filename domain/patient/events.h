#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/core/time.h"
#include "domain/patient/contact.h"
#include "domain/patient/ids.h"
#include "domain/patient/registration.h"
#include "domain/patient/value.h"

// What has happened to a patient. Facts, past tense, never edited: a correction is a new event.
namespace patient {

struct Created {
  std::optional<Registration> registration;
  friend bool operator==(const Created&, const Created&) = default;
};
struct Updated {
  friend bool operator==(const Updated&, const Updated&) = default;
};
struct StatusChanged {
  friend bool operator==(const StatusChanged&, const StatusChanged&) = default;
};
struct TherapistExcluded {
  TherapistId therapist;
  std::optional<std::string> reason;
  core::Date since;  // the day of the first exclusion; a new reason does not move it
  friend bool operator==(const TherapistExcluded&, const TherapistExcluded&) = default;
};
struct TherapistExclusionRevoked {
  TherapistId therapist;
  friend bool operator==(const TherapistExclusionRevoked&,
                         const TherapistExclusionRevoked&) = default;
};
struct ContactRecorded {
  Contact contact;
  friend bool operator==(const ContactRecorded&, const ContactRecorded&) = default;
};
struct Deleted {
  friend bool operator==(const Deleted&, const Deleted&) = default;
};
struct Erased {
  friend bool operator==(const Erased&, const Erased&) = default;
};
// Nothing happened to the patient: the folded state was written again (`events repair`).
struct Restated {
  friend bool operator==(const Restated&, const Restated&) = default;
};

// The order is that of EventType and of the wire (proto/events.proto): only add at the end.
using Event = std::variant<Created,
                           Updated,
                           StatusChanged,
                           TherapistExcluded,
                           TherapistExclusionRevoked,
                           ContactRecorded,
                           Deleted,
                           Erased,
                           Restated>;

enum class EventType : std::uint8_t {
  created,
  updated,
  status_changed,
  therapist_excluded,
  therapist_exclusion_revoked,
  contact_recorded,
  deleted,
  erased,
  restated,
};
inline constexpr std::size_t kEventTypeCount = std::variant_size_v<Event>;
[[nodiscard]] inline EventType type_of(const Event& event) {
  return static_cast<EventType>(event.index());
}
[[nodiscard]] std::string_view name(EventType type);  // `created`, `status_changed`, …

// The types of one command's events, oldest first. Nearly every command has a few, and a state
// remembers sixteen commands: so few need no memory of their own.
class EventTypes {
 public:
  EventTypes() = default;
  EventTypes(std::initializer_list<EventType> types) {
    for (const EventType type : types) push_back(type);
  }
  void push_back(EventType type) {
    if (size_ < few_.size()) {
      few_[size_] = type;
    } else {
      if (many_.empty()) many_.assign(few_.begin(), few_.end());
      many_.push_back(type);
    }
    ++size_;
  }
  [[nodiscard]] const EventType* begin() const {
    return many_.empty() ? few_.data() : many_.data();
  }
  [[nodiscard]] const EventType* end() const { return begin() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  friend bool operator==(const EventTypes&, const EventTypes&) = default;

 private:
  std::size_t size_ = 0;
  std::array<EventType, 8> few_{};
  std::vector<EventType> many_;  // all of them, when they are more
};

// One key's value before and after.
struct KeyChange {
  Key key;
  Value before;
  Value after;
  friend bool operator==(const KeyChange&, const KeyChange&) = default;
};
using Changes = std::vector<KeyChange>;  // In wire order, each key once.

// An event with every key it changed: what `decide` answers.
struct Happening {
  Event event;
  Changes changes;
  friend bool operator==(const Happening&, const Happening&) = default;
};
using Happenings = std::vector<Happening>;

// Version of the record format that this program writes.
inline constexpr std::int32_t kSchemaVersion = 1;

struct Envelope {
  EventId event_id;  // UUIDv5 of command id, patient id and sequence
  PatientId patient_id;
  Sequence sequence;
  core::Timestamp occurred_at;  // event time
  core::Timestamp recorded_at;  // never goes back within a patient
  std::string actor;
  CommandId command_id;
  Digest command_digest;
  CorrelationId correlation_id;
  std::optional<EventId> causation_id;
  std::int32_t schema_version = kSchemaVersion;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// An event as the log keeps it.
struct Recorded {
  Envelope envelope;
  Event event;
  Changes changes;
  friend bool operator==(const Recorded&, const Recorded&) = default;
};

}  // namespace patient
