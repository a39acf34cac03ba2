#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/patient/contact.h"
#include "domain/patient/registration.h"
#include "domain/patient/value.h"

// What someone asks for. Imperative, complete, already parsed.
namespace patient {

// Named keys with their new values, in wire order, each key once. Never holds `id`, `status`,
// `ausgeschlossene_therapeuten` or a derived key.
using Patch = std::vector<std::pair<Key, Value>>;

struct Create {
  Patch fields;  // holds every required key
  std::optional<Status> status;
  TherapistIds excluded;
  std::optional<Registration> registration;
  friend bool operator==(const Create&, const Create&) = default;
};
struct Update {
  Patch fields;
  std::optional<Status> status;
  std::optional<TherapistIds> excluded;  // the whole list as the client knows it
  friend bool operator==(const Update&, const Update&) = default;
};
struct ChangeStatus {
  Status status;
  friend bool operator==(const ChangeStatus&, const ChangeStatus&) = default;
};
struct ExcludeTherapist {
  TherapistId therapist;
  std::optional<std::string> reason;
  friend bool operator==(const ExcludeTherapist&, const ExcludeTherapist&) = default;
};
struct IncludeTherapist {
  TherapistId therapist;
  friend bool operator==(const IncludeTherapist&, const IncludeTherapist&) = default;
};
// Who reports a contact decides what an unknown patient means: to a clerk it is a mistake
// (`not_found`), to ingest an event that arrived before its patient (*expected*).
enum class Reporter { clerk, ingest };
struct RecordContact {
  Contact contact;
  Reporter reporter = Reporter::clerk;
  friend bool operator==(const RecordContact&, const RecordContact&) = default;
};
struct Delete {
  friend bool operator==(const Delete&, const Delete&) = default;
};
// Writes the folded state again, for `events repair` and `events restate`.
struct Restate {
  friend bool operator==(const Restate&, const Restate&) = default;
};

using Command = std::variant<Create,
                             Update,
                             ChangeStatus,
                             ExcludeTherapist,
                             IncludeTherapist,
                             RecordContact,
                             Delete,
                             Restate>;

}  // namespace patient
