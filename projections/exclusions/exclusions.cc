#include "projections/exclusions/exclusions.h"

#include "projections/cells.h"

namespace projections {
namespace {

void rows_of(const patient::PatientId& id, const patient::State& state, Rows& rows) {
  const patient::OnFile* patient = state.on_file();
  if (patient == nullptr) return;
  for (const auto& [therapist, exclusion] : patient->exclusions) {
    rows.push_back(
        {0, {cell(id.text()), cell(therapist), cell(exclusion.reason), cell(exclusion.since)}});
  }
}

}  // namespace

Projection exclusions_projection() {
  const Table table{"exclusions",
                    {{"patient_id", ColumnType::text},
                     {"therapist_id", ColumnType::integer},
                     {"reason", ColumnType::text},
                     {"since", ColumnType::text}},
                    2,
                    false,
                    {{"therapist_id", "patient_id"}}};
  return {"exclusions", 1, {table}, StateRows{rows_of}};
}

}  // namespace projections
