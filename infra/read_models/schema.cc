#include "infra/read_models/schema.h"

#include <algorithm>

namespace infra::read_models {
namespace {

using projections::Column;
using projections::ColumnType;
using projections::Table;

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::integer: return "INTEGER";
    case ColumnType::text: return "TEXT";
    case ColumnType::blob: return "BLOB";
  }
  return "BLOB";
}

std::string listed(const std::vector<Column>& columns, std::size_t count) {
  std::string list;
  for (std::size_t at = 0; at < count; ++at) {
    if (at > 0) list += ", ";
    list += columns[at].name;
  }
  return list;
}

std::string key_of(const Table& table) { return listed(table.columns, table.key_columns); }

}  // namespace

std::string bookkeeping_tables() {
  return R"(
    CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE checkpoint (
      partition INTEGER PRIMARY KEY, next INTEGER NOT NULL, last INTEGER, event BLOB);
    CREATE TABLE quarantine (
      patient_id TEXT PRIMARY KEY, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
      error TEXT NOT NULL, since INTEGER NOT NULL, code_version INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE pending_removal (
      table_number INTEGER NOT NULL, patient_id TEXT NOT NULL, sequence INTEGER,
      last_row INTEGER NOT NULL);
    CREATE INDEX pending_removal_by_patient ON pending_removal (table_number, patient_id);
  )";
}

std::string create_table(const Table& table) {
  std::string sql = "CREATE TABLE " + std::string{table.name} + " (";
  for (const Column& column : table.columns) {
    if (&column != table.columns.data()) sql += ", ";
    sql += column.name;
    sql += ' ';
    sql += sql_type(column.type);
  }
  return sql + ");";
}

std::string create_key_index(const Table& table) {
  const std::string name{table.name};
  return "CREATE UNIQUE INDEX IF NOT EXISTS " + name + "_key ON " + name + " (" + key_of(table) +
         ");";
}

std::string create_other_indexes(const Table& table) {
  const std::string name{table.name};
  std::string sql;
  int number = 0;
  for (const auto& columns : table.indexes) {
    sql += "CREATE INDEX IF NOT EXISTS " + name + "_index_" + std::to_string(++number) + " ON " +
           name + " (";
    for (const std::string_view& column : columns) {
      if (&column != columns.data()) sql += ", ";
      sql += column;
    }
    sql += ");";
  }
  return sql;
}

std::string insert_into(const Table& table) {
  std::string sql = table.first_wins ? "INSERT OR IGNORE INTO " : "INSERT OR REPLACE INTO ";
  sql += table.name;
  sql += " VALUES (";
  for (std::size_t at = 0; at < table.columns.size(); ++at) sql += at == 0 ? "?" : ", ?";
  return sql + ")";
}

std::string delete_patient_from(const Table& table) {
  return "DELETE FROM " + std::string{table.name} + " WHERE patient_id = ?1";
}

bool has_sequence(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), [](const Column& column) {
    return column.name == "sequence";
  });
}

std::string delete_event_from(const Table& table) {
  return delete_patient_from(table) + " AND sequence = ?2";
}

std::string select_in_key_order(const Table& table) {
  return "SELECT " + listed(table.columns, table.columns.size()) + " FROM " +
         std::string{table.name} + " ORDER BY " + key_of(table);
}

std::string delete_removed_from(const Table& table) {
  const std::string name{table.name};
  return "DELETE FROM " + name +
         " WHERE EXISTS (SELECT 1 FROM pending_removal AS p WHERE p.table_number = ?1"
         " AND p.patient_id = " +
         name + ".patient_id AND (p.sequence IS NULL OR p.sequence = " + name + ".sequence) AND " +
         name + ".rowid <= p.last_row)";
}

std::string delete_older_duplicates_from(const Table& table) {
  const std::string name{table.name};
  return "DELETE FROM " + name + " WHERE rowid NOT IN (SELECT max(rowid) FROM " + name +
         " GROUP BY " + key_of(table) + ")";
}

}  // namespace infra::read_models
