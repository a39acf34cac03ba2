#pragma once

#include <string>
#include <string_view>

#include "domain/core/broken.h"
#include "domain/core/raw.h"
#include "domain/core/result.h"
#include "domain/patient/decider.h"

namespace infra::service {

// Every way in which Kartei says no. The names are the error codes of the command line and of HTTP.
enum class ProblemCode {
  internal,
  io,
  corrupt,
  log_mismatch,
  usage,
  not_found,
  invalid,
  deleted,
  quarantined,
  registration_changed,
  wrong_expected_sequence,
  already_exists,
  command_id_reused,
  locked,
  rebuilding,
  broker_unavailable,
  timeout,
  outcome_unknown,
};
[[nodiscard]] std::string_view name(ProblemCode code);

// A code for programs, a sentence for people that says what to do next, and details.
struct Problem {
  ProblemCode code;
  std::string message;
  core::Raw::Object details = {};
};

// `details.fields` and `details.actual_sequence` (Refusal::actual) where the refusal has them.
[[nodiscard]] Problem problem_of(const patient::Refusal& refusal);
[[nodiscard]] Problem problem_of(const core::Broken& broken);

template <class T>
using Outcome = core::Result<T, Problem>;

}  // namespace infra::service
