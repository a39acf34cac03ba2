#include "projections/timeline/timeline.h"

#include "projections/cells.h"

namespace projections {
namespace {

void rows_of(const patient::Recorded& recorded, std::string_view bytes, Rows& rows) {
  const patient::Envelope& envelope = recorded.envelope;
  rows.push_back({0,
                  {cell(envelope.patient_id.text()),
                   cell(envelope.sequence),
                   cell(name(type_of(recorded.event))),
                   cell(envelope.occurred_at),
                   cell(envelope.recorded_at),
                   micros(envelope.recorded_at),
                   cell(envelope.actor),
                   cell(bytes)}});
}

}  // namespace

Projection timeline_projection() {
  const Table table{"timeline",
                    {{"patient_id", ColumnType::text},
                     {"sequence", ColumnType::integer},
                     {"type", ColumnType::text},
                     {"occurred_at", ColumnType::text},
                     {"recorded_at", ColumnType::text},
                     {"recorded_micros", ColumnType::integer},
                     {"actor", ColumnType::text},
                     {"record", ColumnType::blob}},
                    2};
  return {"timeline", 1, {table}, HistoryRows{rows_of}};
}

}  // namespace projections
