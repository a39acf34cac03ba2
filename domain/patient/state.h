#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/patient/events.h"
#include "domain/patient/newest.h"

// Everything that is true of one patient now, with every accumulator that a read model of current
// state needs. It travels in each record of `patient-events`.
namespace patient {

inline constexpr std::size_t kRememberedCommandsMax = 16;
inline constexpr std::size_t kRememberedSourcesMax = 256;

struct Exclusion {
  std::optional<std::string> reason;
  core::Date since;
  friend bool operator==(const Exclusion&, const Exclusion&) = default;
};

// The latest contact so far.
struct LastContact {
  core::Timestamp at;
  Channel channel = Channel::other;
  std::string source;
  friend bool operator==(const LastContact&, const LastContact&) = default;
};

// A command that changed this patient, and what came of it.
struct RememberedCommand {
  CommandId id;
  Digest digest;
  Sequence sequence;  // of its last event
  EventTypes events;
  friend bool operator==(const RememberedCommand&, const RememberedCommand&) = default;
};

// The four standings of a patient.
struct NeverSeen {  // Nobody has said anything about this id.
  friend bool operator==(const NeverSeen&, const NeverSeen&) = default;
};
struct Expected {  // Contacts came in before the patient was created.
  friend bool operator==(const Expected&, const Expected&) = default;
};
struct OnFile {
  Fields fields;
  std::map<TherapistId, Exclusion> exclusions;
  core::Timestamp status_since;
  friend bool operator==(const OnFile&, const OnFile&) = default;
};
struct Gone {  // Deleted or erased: closed for ever.
  friend bool operator==(const Gone&, const Gone&) = default;
};
using Standing = std::variant<NeverSeen, Expected, OnFile, Gone>;  // Order is on disk: only add.

struct State {
  Sequence sequence{0};
  Sequence sequence_without_contacts{0};  // of the last event that is not a contact
  core::Timestamp recorded_at{};          // of the last event
  Standing standing;
  std::optional<LastContact> last_contact;
  Newest<std::uint64_t, kRememberedSourcesMax> contact_sources;  // digests
  std::optional<RegistrationIdentity> registration;
  Newest<RememberedCommand, kRememberedCommandsMax> commands;

  [[nodiscard]] const OnFile* on_file() const { return std::get_if<OnFile>(&standing); }
  friend bool operator==(const State&, const State&) = default;
};

// The therapists of the exclusions, as `ausgeschlossene_therapeuten` lists them.
[[nodiscard]] TherapistIds therapists_of(const std::map<TherapistId, Exclusion>& exclusions);

// The 36 keys in wire order as clients see them.
[[nodiscard]] core::Raw to_raw(const PatientId& id, const OnFile& patient);
// One of them.
[[nodiscard]] core::Raw to_raw(const PatientId& id, const OnFile& patient, Key key);

}  // namespace patient
