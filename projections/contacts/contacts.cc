#include "projections/contacts/contacts.h"

#include "projections/cells.h"

namespace projections {
namespace {

void rows_of(const patient::Recorded& recorded, std::string_view /*bytes*/, Rows& rows) {
  const auto* event = std::get_if<patient::ContactRecorded>(&recorded.event);
  if (event == nullptr) return;
  const patient::Contact& contact = event->contact;
  rows.push_back({0,
                  {cell(recorded.envelope.patient_id.text()),
                   cell(contact.source.text),
                   cell(recorded.envelope.sequence),
                   cell(contact.at),
                   micros(contact.at),
                   cell(name(contact.channel)),
                   cell(name(contact.direction)),
                   cell(contact.therapist)}});
}

}  // namespace

Projection contacts_projection() {
  const Table table{"contacts",
                    {{"patient_id", ColumnType::text},
                     {"source", ColumnType::text},
                     {"sequence", ColumnType::integer},
                     {"at", ColumnType::text},
                     {"at_micros", ColumnType::integer},
                     {"channel", ColumnType::text},
                     {"direction", ColumnType::text},
                     {"therapist_id", ColumnType::integer}},
                    2,
                    true,
                    {{"patient_id", "at_micros"}}};
  return {"contacts", 1, {table}, HistoryRows{rows_of}};
}

}  // namespace projections
