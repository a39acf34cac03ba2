#include "infra/service/comparison.h"

#include "domain/core/match.h"
#include "domain/patient/ids.h"

namespace infra::service {

using core::Raw;

namespace {

Raw to_raw(const projections::Cell& cell) {
  return core::match(
      cell,
      [](std::monostate) { return Raw{Raw::Null{}}; },
      [](std::int64_t number) { return Raw{number}; },
      [](const std::string& bytes) { return Raw{bytes}; });
}

// The patient as other answers name it: a number when it is one.
Raw patient_raw(const std::string& id_text) {
  const auto id = patient::PatientId::parse(id_text);
  const auto number = id ? id->number() : std::nullopt;
  return number ? Raw{*number} : Raw{id_text};
}

}  // namespace

Raw to_raw(std::string_view name, const projections::Comparison& comparison) {
  Raw::Array drift;
  for (const projections::Drift& one : comparison.drift) {
    drift.push_back(Raw{Raw::Object{{"patient_id", patient_raw(one.patient_id)},
                                    {"table", Raw{one.table}},
                                    {"column", Raw{one.column}},
                                    {"live", to_raw(one.live)},
                                    {"rebuilt", to_raw(one.rebuilt)}}});
  }
  return Raw{Raw::Object{{"name", Raw{std::string{name}}},
                         {"rows", Raw{comparison.rows}},
                         {"drift", Raw{std::move(drift)}}}};
}

}  // namespace infra::service
