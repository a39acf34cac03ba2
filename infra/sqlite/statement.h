#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "infra/sqlite/connection.h"

namespace infra::sqlite {

// A prepared statement; its connection keeps it for the next of the same text. Bind places count
// from 1, columns from 0, as in SQLite. Views that are bound must live until the next reset; views
// that are read hold until the next step or reset.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);

  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, std::string_view text);
  Statement& bind_blob(int place, std::string_view bytes);
  Statement& bind_null(int place);

  // True: there is a row to read. False: done.
  [[nodiscard]] bool step();
  // Steps a statement without rows to its end and resets it, whatever happens.
  void run();
  void reset() noexcept;

  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string_view column_name(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_integer(int column) const;
  [[nodiscard]] bool is_real(int column) const;
  [[nodiscard]] bool is_text(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  // Text or blob, byte for byte.
  [[nodiscard]] std::string_view bytes(int column) const;
  // Whether the statement, by SQLite's own judgement, changes nothing.
  [[nodiscard]] bool read_only() const;

 private:
  struct GiveBack {
    IdleStatements* to;
    void operator()(sqlite3_stmt* statement) const noexcept { to->give_back(statement); }
  };
  const Connection* connection_;
  std::unique_ptr<sqlite3_stmt, GiveBack> statement_;
};

}  // namespace infra::sqlite
