#include "projections/letzter_kontakt/letzter_kontakt.h"

#include "projections/cells.h"

namespace projections {
namespace {

void rows_of(const patient::PatientId& id, const patient::State& state, Rows& rows) {
  const patient::OnFile* patient = state.on_file();
  if (patient == nullptr) return;
  const auto* day = std::get_if<core::Date>(&patient->fields[patient::Key::letzter_kontakt]);
  const auto& contact = state.last_contact;
  rows.push_back({0,
                  {cell(id.text()),
                   cell(list_number(id)),
                   day == nullptr ? Cell{} : cell(*day),
                   contact ? cell(contact->source) : Cell{},
                   contact ? cell(name(contact->channel)) : Cell{}}});
}

}  // namespace

Projection letzter_kontakt_projection() {
  const Table table{"letzter_kontakt",
                    {{"patient_id", ColumnType::text},
                     {"number", ColumnType::integer},
                     {"letzter_kontakt", ColumnType::text},
                     {"source", ColumnType::text},
                     {"channel", ColumnType::text}},
                    1,
                    false,
                    {{"letzter_kontakt", "number"}}};
  return {"letzter_kontakt", 1, {table}, StateRows{rows_of}};
}

}  // namespace projections
