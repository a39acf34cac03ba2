#include "infra/sqlite/statement.h"

#include <sqlite3.h>

namespace infra::sqlite {

Statement::Statement(Connection& connection, std::string_view sql)
    : connection_(&connection),
      statement_(connection.idle_statements().take(sql), {&connection.idle_statements()}) {
  if (statement_) return;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection.handle(),
                                      sql.data(),
                                      static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT,
                                      &statement,
                                      nullptr);
  statement_.reset(statement);
  if (code != SQLITE_OK) connection.fail(code, "prepare");
}

Statement& Statement::bind(int place, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_.get(), place, value);
  if (code != SQLITE_OK) connection_->fail(code, "bind");
  return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
  const int code = sqlite3_bind_text64(statement_.get(),
                                       place,
                                       text.empty() ? "" : text.data(),
                                       text.size(),
                                       SQLITE_STATIC,
                                       SQLITE_UTF8);
  if (code != SQLITE_OK) connection_->fail(code, "bind");
  return *this;
}

Statement& Statement::bind_blob(int place, std::string_view bytes) {
  const int code = sqlite3_bind_blob64(
      statement_.get(), place, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) connection_->fail(code, "bind");
  return *this;
}

Statement& Statement::bind_null(int place) {
  const int code = sqlite3_bind_null(statement_.get(), place);
  if (code != SQLITE_OK) connection_->fail(code, "bind");
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3_reset(statement_.get());
  connection_->fail(code, "run a statement");
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() noexcept { sqlite3_reset(statement_.get()); }

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }

std::string_view Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(statement_.get(), column);
  return name == nullptr ? std::string_view{} : std::string_view{name};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
bool Statement::is_integer(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER;
}
bool Statement::is_real(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_FLOAT;
}
bool Statement::is_text(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_TEXT;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr
             ? std::string_view{}
             : std::string_view{static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Statement::read_only() const { return sqlite3_stmt_readonly(statement_.get()) != 0; }

}  // namespace infra::sqlite
