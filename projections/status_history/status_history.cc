#include "projections/status_history/status_history.h"

#include <algorithm>

#include "projections/cells.h"

namespace projections {
namespace {

bool ends_the_patient(const patient::Event& event) {
  return std::holds_alternative<patient::Deleted>(event) ||
         std::holds_alternative<patient::Erased>(event);
}

void rows_of(const patient::Recorded& recorded, std::string_view /*bytes*/, Rows& rows) {
  const auto change =
      std::find_if(recorded.changes.begin(), recorded.changes.end(), [](const auto& candidate) {
        return candidate.key == patient::Key::status;
      });
  Cell status;
  if (!ends_the_patient(recorded.event)) {
    if (change == recorded.changes.end()) return;
    const auto* after = std::get_if<patient::Status>(&change->after);
    if (after == nullptr) return;
    status = cell(name(*after));
  }
  const patient::Envelope& envelope = recorded.envelope;
  rows.push_back({0,
                  {cell(envelope.patient_id.text()),
                   cell(envelope.sequence),
                   std::move(status),
                   cell(envelope.recorded_at),
                   micros(envelope.recorded_at)}});
}

}  // namespace

Projection status_history_projection() {
  const Table table{"status_history",
                    {{"patient_id", ColumnType::text},
                     {"sequence", ColumnType::integer},
                     {"status", ColumnType::text},
                     {"since", ColumnType::text},
                     {"since_micros", ColumnType::integer}},
                    2,
                    false,
                    {{"status", "since_micros"}}};
  return {"status_history", 1, {table}, HistoryRows{rows_of}};
}

}  // namespace projections
