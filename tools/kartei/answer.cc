#include "tools/kartei/answer.h"

namespace kartei {

using infra::service::Problem;
using infra::service::ProblemCode;

void decline_usage(std::string sentence) {
  throw Declined{Problem{ProblemCode::usage, std::move(sentence)}};
}

void decline_field(const std::string& key, const std::string& why) {
  throw Declined{infra::service::problem_of(patient::Refusal{
      patient::RefusalCode::invalid, key + " " + why, {{key, why}}, std::nullopt})};
}

int exit_status_of(ProblemCode code) {
  switch (code) {
    case ProblemCode::internal:
    case ProblemCode::io:
    case ProblemCode::corrupt:
    case ProblemCode::log_mismatch: return kExitDefect;
    case ProblemCode::usage: return kExitUsage;
    case ProblemCode::not_found: return kExitNotFound;
    case ProblemCode::invalid:
    case ProblemCode::deleted:
    case ProblemCode::quarantined:
    case ProblemCode::registration_changed: return kExitRefused;
    case ProblemCode::wrong_expected_sequence:
    case ProblemCode::already_exists:
    case ProblemCode::command_id_reused: return kExitConflict;
    case ProblemCode::locked:
    case ProblemCode::rebuilding:
    case ProblemCode::broker_unavailable:
    case ProblemCode::timeout:
    case ProblemCode::outcome_unknown: return kExitTryAgain;
  }
  return kExitDefect;
}

}  // namespace kartei
