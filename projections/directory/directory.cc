#include "projections/directory/directory.h"

#include "domain/core/match.h"
#include "projections/cells.h"
#include "projections/directory/fold_case.h"
#include "projections/directory/json_text.h"

namespace projections {
namespace {

using patient::Key;
using patient::Kind;

enum : std::size_t { kDirectory, kSearch };

ColumnType type_of(const patient::KeyInfo& key) {
  return key.kind == Kind::flag ? ColumnType::integer : ColumnType::text;
}

Table directory_table() {
  Table table{"directory", {}, 1};
  for (const patient::KeyInfo& key : patient::all_keys()) {
    table.columns.push_back({key.key == Key::id ? "patient_id" : key.name, type_of(key)});
  }
  table.columns.push_back({"sequence", ColumnType::integer});
  table.columns.push_back({"sequence_without_contacts", ColumnType::integer});
  table.columns.push_back({"number", ColumnType::integer});
  table.indexes = {{"number", "patient_id"}, {"status", "number", "patient_id"}};
  return table;
}

Cell json_cell(const patient::Value& value) { return directory::json_text(patient::to_raw(value)); }

Cell value_cell(const patient::Value& value) {
  return core::match(
      value,
      [](patient::None) { return Cell{}; },
      [](bool flag) { return cell(std::int64_t{flag}); },
      [](const std::string& text) { return cell(text); },
      [](core::Date date) { return cell(date); },
      [](patient::Status status) { return cell(name(status)); },
      [&](const patient::Symptoms&) { return json_cell(value); },
      [&](const patient::Availability&) { return json_cell(value); },
      [&](patient::Radius) { return json_cell(value); },
      [&](const patient::TherapistIds&) { return json_cell(value); });
}

// Nobody can type a line break into a search, so no match reaches across two of the texts.
std::string searched_text(const patient::Fields& fields) {
  std::string text;
  for (const Key key : {Key::vorname, Key::nachname, Key::email}) {
    if (key != Key::vorname) text += '\n';
    if (const auto* part = std::get_if<std::string>(&fields[key])) text += *part;
  }
  return directory::fold_case(text);
}

void rows_of(const patient::PatientId& id, const patient::State& state, Rows& rows) {
  const patient::OnFile* patient = state.on_file();
  if (patient == nullptr) return;
  std::vector<Cell> cells;
  cells.reserve(patient::kKeyCount + 3);
  for (const patient::KeyInfo& key : patient::all_keys()) {
    if (key.key == Key::id) {
      cells.push_back(cell(id.text()));
    } else if (key.key == Key::ausgeschlossene_therapeuten) {
      cells.push_back(value_cell(therapists_of(patient->exclusions)));
    } else {
      cells.push_back(value_cell(patient->fields[key.key]));
    }
  }
  cells.push_back(cell(state.sequence));
  cells.push_back(cell(state.sequence_without_contacts));
  cells.push_back(cell(list_number(id)));
  rows.push_back({kDirectory, std::move(cells)});
  rows.push_back(
      {kSearch, {cell(id.text()), cell(list_number(id)), cell(searched_text(patient->fields))}});
}

}  // namespace

Projection directory_projection() {
  const Table search{"search",
                     {{"patient_id", ColumnType::text},
                      {"number", ColumnType::integer},
                      {"text", ColumnType::text}},
                     1};
  return {"directory", 1, {directory_table(), search}, StateRows{rows_of}};
}

}  // namespace projections
