#pragma once

#include <map>
#include <string>

#include "domain/core/result.h"
#include "domain/patient/commands.h"
#include "domain/patient/state.h"

// The whole of the patient's behaviour: what may happen (decide) and what it means (evolve).
// Both are pure. decide may refuse; evolve never does, because its event already happened.
namespace patient {

enum class RefusalCode {
  invalid,
  not_found,
  already_exists,
  deleted,
  quarantined,
  registration_changed,
  wrong_expected_sequence,
  command_id_reused,
};
[[nodiscard]] std::string_view name(RefusalCode code);

// Why not, for the person who asked. Never repeats what was sent.
struct Refusal {
  RefusalCode code;
  std::string message;
  std::map<std::string, std::string> fields;  // `invalid`: key → what is wrong with it, all at once
  std::optional<Sequence> actual;             // `wrong_expected_sequence`: what it is instead
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

using Decision = core::Result<Happenings, Refusal>;

// What comes of `command` at `now`. No happenings: it changes nothing.
[[nodiscard]] Decision decide(const Command& command, const State& state, core::Timestamp now);

// The state after an event that happened. Total: an event that does not fit the state (only a
// damaged log has one) still moves the sequence and changes what it can.
[[nodiscard]] State evolve(State state, const Recorded& recorded);

}  // namespace patient
