#include "infra/sqlite/guarded_query.h"

#include <sqlite3.h>

#include <memory>

namespace infra::sqlite {
namespace {

using core::Failure;

bool reads(int action, const char* name) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_FUNCTION: return name == nullptr || std::string_view{name} != "load_extension";
    default: return false;
  }
}

// SQLite's authorizer. What a denial ends as depends on the statement, so it is also noted.
int only_reading(
    void* denied, int action, const char*, const char* name, const char*, const char*) {
  if (reads(action, name)) return SQLITE_OK;
  *static_cast<bool*>(denied) = true;
  return SQLITE_DENY;
}

using Clock = std::chrono::steady_clock;
constexpr int kStepsBetweenLooks = 10'000;  // of SQLite's virtual machine

int is_over(void* deadline) {
  return Clock::now() > *static_cast<const Clock::time_point*>(deadline) ? 1 : 0;
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

std::string hexadecimal(const void* data, int size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (int at = 0; at < size; ++at) {
    text += kDigits[bytes[at] >> 4];
    text += kDigits[bytes[at] & 0xF];
  }
  return text;
}

SqlCell cell(sqlite3_stmt* statement, int column) {
  const auto text = [&](const unsigned char* bytes) {
    return std::string{bytes, bytes + sqlite3_column_bytes(statement, column)};
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: return text(sqlite3_column_text(statement, column));
    case SQLITE_BLOB: {
      const void* data = sqlite3_column_blob(statement, column);
      return hexadecimal(data, sqlite3_column_bytes(statement, column));
    }
    default: return std::monostate{};
  }
}

Failure<std::string> refuse_change() {
  return {"only SELECT is allowed here; read models are made from the log alone"};
}

bool blank(const char* text) {
  for (; *text != '\0'; ++text) {
    if (std::string_view{" \t\r\n;"}.find(*text) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

core::Result<SqlTable, std::string> guarded_query(const std::filesystem::path& file,
                                                  const std::string& sql,
                                                  const QueryLimits& limits) {
  Connection connection{file, Open::read_only};
  sqlite3* handle = connection.handle();
  bool denied = false;
  sqlite3_set_authorizer(handle, only_reading, &denied);
  if (sql.find('\0') != std::string::npos) return Failure{std::string{"the statement holds a NUL"}};

  sqlite3_stmt* prepared = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(handle, sql.c_str(), -1, &prepared, &tail);
  const std::unique_ptr<sqlite3_stmt, Finalize> statement{prepared};
  if (denied) return refuse_change();
  if (code == SQLITE_ERROR) return Failure{std::string{sqlite3_errmsg(handle)}};
  if (code != SQLITE_OK) connection.fail(code, "prepare");
  if (!statement) return Failure{std::string{"there is no statement"}};
  if (!blank(tail)) return Failure{std::string{"one statement at a time"}};

  SqlTable table;
  const int columns = sqlite3_column_count(statement.get());
  if (columns == 0) return refuse_change();  // No question: REINDEX, BEGIN, …
  for (int column = 0; column < columns; ++column) {
    table.columns.emplace_back(sqlite3_column_name(statement.get(), column));
  }
  const auto deadline = Clock::now() + limits.time;
  sqlite3_progress_handler(
      handle, kStepsBetweenLooks, is_over, const_cast<Clock::time_point*>(&deadline));
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(statement.get())) == SQLITE_ROW) {
    if (table.rows.size() == limits.rows) {
      return Failure{"the answer has more than " + std::to_string(limits.rows) +
                     " rows; add a LIMIT"};
    }
    std::vector<SqlCell> row;
    for (int column = 0; column < columns; ++column) row.push_back(cell(statement.get(), column));
    table.rows.push_back(std::move(row));
  }
  if (step == SQLITE_INTERRUPT) {
    return Failure{std::string{"the statement takes too long; ask for less"}};
  }
  if (denied) return refuse_change();  // VACUUM INTO attaches only when it runs.
  if (step == SQLITE_ERROR || step == SQLITE_TOOBIG || step == SQLITE_MISMATCH) {
    return Failure{std::string{sqlite3_errmsg(handle)}};
  }
  if (step != SQLITE_DONE) connection.fail(step, "read");
  return table;
}

}  // namespace infra::sqlite
