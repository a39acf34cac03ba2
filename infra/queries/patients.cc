#include "infra/queries/patients.h"

#include "domain/core/broken.h"
#include "infra/codec/json.h"
#include "infra/queries/cells.h"
#include "infra/sqlite/statement.h"
#include "projections/directory/fold_case.h"

namespace infra::queries {
namespace {

using core::Raw;
using sqlite::Statement;

std::string key_columns(const std::string& table) {
  std::string columns;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    if (!columns.empty()) columns += ", ";
    columns += table + '.' +
               (key.key == patient::Key::id ? std::string{"patient_id"} : std::string{key.name});
  }
  return columns;
}

Raw document_cell(const Statement& row, int column) {
  auto document = codec::read_json(row.bytes(column));
  if (!document)
    throw core::Broken(core::Breakage::corrupt, "directory: a column holds no JSON; rebuild it");
  return std::move(document).value();
}

Raw key_cell(const patient::KeyInfo& key, const Statement& row, int column) {
  if (row.is_null(column)) return Raw{Raw::Null{}};
  switch (key.kind) {
    case patient::Kind::identity: return id_cell(row.bytes(column));
    case patient::Kind::flag: return Raw{row.integer(column) != 0};
    case patient::Kind::symptoms:
    case patient::Kind::availability:
    case patient::Kind::radius:
    case patient::Kind::therapists: return document_cell(row, column);
    case patient::Kind::text:
    case patient::Kind::choice:
    case patient::Kind::date:
    case patient::Kind::status: break;
  }
  return text_cell(row, column);
}

// The 36 keys of a row whose first columns are key_columns().
Raw patient_of(const Statement& row) {
  Raw::Object object;
  object.reserve(patient::kKeyCount);
  int column = 0;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    object.emplace_back(std::string{key.name}, key_cell(key, row, column++));
  }
  return Raw{std::move(object)};
}

// No row's text is so long. SQLite takes no pattern above 50,000 bytes.
constexpr std::size_t kNeedleBytesMax = 10'000;

// Makes a text a LIKE pattern that finds it literally: `\` escapes.
std::string containing(const std::string& needle) {
  std::string pattern = "%";
  for (const char c : needle.substr(0, kNeedleBytesMax)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace

std::optional<Shown> show(sqlite::Connection& directory, const patient::PatientId& id) {
  static const std::string kSelect =
      "SELECT " + key_columns("d") +
      ", d.sequence, d.sequence_without_contacts FROM directory d WHERE d.patient_id = ?1";
  Statement select{directory, kSelect};
  select.bind(1, id.text());
  if (!select.step()) return std::nullopt;
  const std::int64_t sequence = select.integer(static_cast<int>(patient::kKeyCount));
  Raw::Object object;  // Not from a list, which would be copied.
  object.reserve(2);
  object.emplace_back("patient", patient_of(select));
  object.emplace_back("sequence", Raw{sequence});
  return Shown{Raw{std::move(object)},
               patient::Sequence{select.integer(static_cast<int>(patient::kKeyCount) + 1)}};
}

bool on_file(sqlite::Connection& directory, const patient::PatientId& id) {
  Statement select{directory, "SELECT 1 FROM directory WHERE patient_id = ?1"};
  return select.bind(1, id.text()).step();
}

Raw list(sqlite::Connection& directory, const ListFilter& filter) {
  // A substring search scans the narrow table and looks up only the page's rows in the wide one.
  std::string where = " WHERE 1";
  if (filter.status) where += " AND d.status = ?1";
  if (filter.search) where += " AND s.text LIKE ?2 ESCAPE '\\'";
  const std::string from = filter.search && !filter.status ? " FROM search s"
                           : filter.search
                               ? " FROM search s JOIN directory d ON d.patient_id = s.patient_id"
                               : " FROM directory d";
  const std::string narrow = filter.search ? "s" : "d";
  const std::string pattern =
      filter.search ? containing(projections::directory::fold_case(*filter.search)) : std::string{};
  const auto bind = [&](Statement& statement) {
    if (filter.status) statement.bind(1, name(*filter.status));
    if (filter.search) statement.bind(2, pattern);
  };

  Statement count{directory, "SELECT count(*)" + from + where};
  bind(count);
  static_cast<void>(count.step());
  const std::int64_t total = count.integer(0);

  Statement page{
      directory,
      "SELECT " + key_columns("p") + " FROM (SELECT " + narrow + ".patient_id AS id, " + narrow +
          ".number AS number" + from + where + " ORDER BY " + narrow + ".number, " + narrow +
          ".patient_id LIMIT ?3 OFFSET ?4) AS found JOIN directory p ON p.patient_id = found.id"
          " ORDER BY found.number, found.id"};
  bind(page);
  page.bind(3, filter.limit).bind(4, (filter.page - 1) * filter.limit);
  Raw::Array patients;
  while (page.step()) patients.push_back(patient_of(page));
  return Raw{Raw::Object{{"data", Raw{std::move(patients)}},
                         {"page", Raw{filter.page}},
                         {"limit", Raw{filter.limit}},
                         {"total", Raw{total}}}};
}

Raw status_summary(sqlite::Connection& directory) {
  Raw::Object counts;
  Statement select{directory, "SELECT count(*) FROM directory WHERE status = ?1"};
  for (std::size_t at = 0; at < patient::kStatusCount; ++at) {
    const std::string_view status = name(static_cast<patient::Status>(at));
    select.bind(1, status);
    static_cast<void>(select.step());
    counts.emplace_back(std::string{status}, Raw{select.integer(0)});
    select.reset();
  }
  return Raw{std::move(counts)};
}

std::optional<std::string> quarantine_error(sqlite::Connection& store,
                                            const patient::PatientId& id) {
  Statement select{store, "SELECT error FROM quarantine WHERE patient_id = ?1"};
  if (!select.bind(1, id.text()).step()) return std::nullopt;
  return std::string{select.bytes(0)};
}

}  // namespace infra::queries
