#include "infra/service/problem.h"

#include <array>

namespace infra::service {
namespace {

constexpr std::array<std::string_view, 18> kNames{"internal",
                                                  "io",
                                                  "corrupt",
                                                  "log_mismatch",
                                                  "usage",
                                                  "not_found",
                                                  "invalid",
                                                  "deleted",
                                                  "quarantined",
                                                  "registration_changed",
                                                  "wrong_expected_sequence",
                                                  "already_exists",
                                                  "command_id_reused",
                                                  "locked",
                                                  "rebuilding",
                                                  "broker_unavailable",
                                                  "timeout",
                                                  "outcome_unknown"};

ProblemCode code_of(patient::RefusalCode code) {
  switch (code) {
    case patient::RefusalCode::invalid: return ProblemCode::invalid;
    case patient::RefusalCode::not_found: return ProblemCode::not_found;
    case patient::RefusalCode::already_exists: return ProblemCode::already_exists;
    case patient::RefusalCode::deleted: return ProblemCode::deleted;
    case patient::RefusalCode::quarantined: return ProblemCode::quarantined;
    case patient::RefusalCode::registration_changed: return ProblemCode::registration_changed;
    case patient::RefusalCode::wrong_expected_sequence: return ProblemCode::wrong_expected_sequence;
    case patient::RefusalCode::command_id_reused: return ProblemCode::command_id_reused;
  }
  return ProblemCode::internal;
}

ProblemCode code_of(core::Breakage breakage) {
  switch (breakage) {
    case core::Breakage::io: return ProblemCode::io;
    case core::Breakage::corrupt: return ProblemCode::corrupt;
    case core::Breakage::log_mismatch: return ProblemCode::log_mismatch;
    case core::Breakage::locked: return ProblemCode::locked;
    case core::Breakage::broker_unavailable: return ProblemCode::broker_unavailable;
  }
  return ProblemCode::internal;
}

}  // namespace

std::string_view name(ProblemCode code) { return kNames.at(static_cast<std::size_t>(code)); }

Problem problem_of(const patient::Refusal& refusal) {
  Problem problem{code_of(refusal.code), refusal.message};
  if (!refusal.fields.empty()) {
    core::Raw::Object fields;
    for (const auto& [key, why] : refusal.fields) fields.emplace_back(key, core::Raw{why});
    problem.details.emplace_back("fields", core::Raw{std::move(fields)});
  }
  if (refusal.actual)
    problem.details.emplace_back("actual_sequence", core::Raw{refusal.actual->get()});
  return problem;
}

Problem problem_of(const core::Broken& broken) { return {code_of(broken.kind()), broken.what()}; }

}  // namespace infra::service
