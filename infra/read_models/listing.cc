#include "infra/read_models/listing.h"

#include <algorithm>
#include <iterator>

#include "projections/listing.h"

namespace infra::read_models {
namespace {

using sqlite::Statement;

// Rows of one INSERT: inside one statement SQLite goes on where the last row went, at the end.
constexpr std::size_t kRowsPerInsert = 64;

std::string insert_into(const std::string& name, std::size_t rows) {
  std::string sql = "INSERT OR IGNORE INTO " + name + " VALUES (?, ?)";
  for (std::size_t row = 1; row < rows; ++row) sql += ", (?, ?)";
  return sql;
}

}  // namespace

std::string Listing::create(const projections::Table::Listing& listing) {
  return "CREATE TABLE " + std::string{listing.name} +
         " (number INTEGER NOT NULL, patient_id TEXT NOT NULL,"
         " PRIMARY KEY (number, patient_id)) WITHOUT ROWID;";
}

Listing::Listing(sqlite::Connection& connection, const projections::Table& table)
    : connection_(connection),
      name_(table.listing->name),
      select_all_sql_("SELECT patient_id, " + std::string{table.listing->column} + " FROM " +
                      std::string{table.name} + " ORDER BY patient_id"),
      select_(connection,
              "SELECT " + std::string{table.listing->column} + " FROM " + std::string{table.name} +
                  " WHERE patient_id = ?1"),
      insert_(connection, insert_into(name_, 1)),
      remove_(connection, "DELETE FROM " + name_ + " WHERE number = ?1 AND patient_id = ?2") {}

void Listing::replace(std::string_view patient, std::string_view packed) {
  std::vector<std::int64_t> before;
  if (select_.bind(1, patient).step()) before = projections::unpack(select_.bytes(0));
  select_.reset();
  std::vector<std::int64_t> after = projections::unpack(packed);
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  std::vector<std::int64_t> changed;
  std::set_difference(
      before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(changed));
  for (const std::int64_t number : changed) remove_.bind(1, number).bind(2, patient).run();
  changed.clear();
  std::set_difference(
      after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(changed));
  for (const std::int64_t number : changed) insert_.bind(1, number).bind(2, patient).run();
}

// Sorted here, not by SQLite: a number and a place are 16 bytes, a row of its own would be four
// times that. The rows come in the order of their patients, so that places compare as patients do.
Listing::Rows Listing::read_rows() const {
  Rows rows;
  Statement select{connection_, select_all_sql_};
  while (select.step()) {
    const auto place = static_cast<std::uint32_t>(rows.patients.size());
    rows.patients.emplace_back(select.bytes(0));
    for (const std::int64_t number : projections::unpack(select.bytes(1)))
      rows.entries.push_back({number, place});
  }
  std::sort(rows.entries.begin(), rows.entries.end());
  const auto end = std::unique(rows.entries.begin(), rows.entries.end());
  rows.entries.erase(end, rows.entries.end());
  return rows;
}

void Listing::build() {
  const Rows rows = read_rows();
  connection_.execute("DELETE FROM " + name_);
  Statement many{connection_, insert_into(name_, kRowsPerInsert)};
  std::size_t at = 0;
  for (; at + kRowsPerInsert <= rows.entries.size(); at += kRowsPerInsert) {
    for (std::size_t row = 0; row < kRowsPerInsert; ++row) {
      const Entry& entry = rows.entries[at + row];
      const int place = static_cast<int>(2 * row);
      many.bind(place + 1, entry.number);
      many.bind(place + 2, std::string_view{rows.patients[entry.patient]});
    }
    many.run();
  }
  for (; at < rows.entries.size(); ++at) {
    const Entry& entry = rows.entries[at];
    insert_.bind(1, entry.number).bind(2, std::string_view{rows.patients[entry.patient]}).run();
  }
}

bool Listing::matches() const {
  const Rows rows = read_rows();
  Statement select{connection_, "SELECT number, patient_id FROM " + name_ + " ORDER BY 1, 2"};
  for (const Entry& entry : rows.entries) {
    const bool same = select.step() && select.integer(0) == entry.number &&
                      select.bytes(1) == rows.patients[entry.patient];
    if (!same) return false;
  }
  return !select.step();
}

}  // namespace infra::read_models
