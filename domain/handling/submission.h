#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/patient/decider.h"
#include "domain/ports/log.h"

namespace handling {

// What the sender believes about the patient. A mismatch is refused and names the actual sequence:
// the patient's, or where ExpectUnchanged was said, that of its last event that is not a contact.
struct ExpectAny {};
struct ExpectNone {};    // must be new
struct ExpectExists {};  // must be on file
// The patient's last event that is not a contact: whatever mail comes in does not spoil it.
struct ExpectUnchanged {
  patient::Sequence since;
};
using Expect =
    std::variant<ExpectAny, ExpectNone, ExpectExists, patient::Sequence, ExpectUnchanged>;

// An actor is one line (core::is_one_line) of so many characters at most.
inline constexpr std::size_t kActorCharactersMax = 100;

// A command on its way to the writer, with all that its envelope needs.
struct Submission {
  patient::CommandId command_id;
  patient::Digest digest;                     // of the parsed command (infra/codec/digest.h)
  std::optional<patient::PatientId> patient;  // none: a creation that gets the next number
  patient::Command command;
  Expect expect = ExpectAny{};
  std::string actor;
  patient::CorrelationId correlation_id;
  std::optional<patient::EventId> causation_id = std::nullopt;
  bool dry_run = false;
  // `events repair`: decide on this folded state instead of the writer's own, quarantined or not.
  // Refused (wrong_expected_sequence) when the patient has gone on since the fold.
  std::optional<patient::State> folded = std::nullopt;
};

// Where a command's last event stands in the log: the same partition of both topics.
struct Position {
  ports::Partition partition;
  ports::Offset events;
  ports::Offset history;
};

struct Done {
  patient::PatientId patient;
  patient::State after;
  patient::Sequence sequence;  // of the command's last event, or the patient's when none
  patient::EventTypes events;  // empty: nothing had to change
  bool deduplicated = false;   // an earlier submission did this
  std::optional<Position> position = std::nullopt;  // where it was appended just now
};
// Nobody can say yet whether it happened. Asking again with the same command id is safe.
struct OutcomeUnknown {
  std::string why;
};
using Answer = std::variant<Done, patient::Refusal, OutcomeUnknown>;

}  // namespace handling
