#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "domain/core/broken.h"
#include "infra/sqlite/idle_statements.h"

// The only home of SQLite's C interface. Everything else says Connection, Statement, Transaction.
namespace infra::sqlite {

// A failed SQLite call. Breakage::corrupt for a damaged file, ::locked for a busy one, else ::io.
// The text names the file and SQLite's reason and holds no bound value.
class Error : public core::Broken {
 public:
  Error(core::Breakage kind, int code, const std::string& text) : Broken(kind, text), code_(code) {}
  [[nodiscard]] int extended_code() const noexcept { return code_; }
  [[nodiscard]] bool disk_full() const noexcept;

 private:
  int code_;
};

enum class Open { read_only, read_write, create };

// One connection, used by one thread at a time. Statements must not outlive it.
class Connection {
 public:
  // Throws Error (io: with the path) when the file cannot be opened.
  Connection(const std::filesystem::path& file, Open mode);

  // One or more statements without results. Throws Error.
  void execute(const std::string& sql);
  // The same, for places that must not throw; false on any error.
  [[nodiscard]] bool try_execute(const std::string& sql) noexcept;

  // The first column of the first row as a number; `otherwise` when there is no row.
  [[nodiscard]] std::int64_t number(const std::string& sql, std::int64_t otherwise = 0);

  // Rows changed by the last INSERT, UPDATE or DELETE.
  [[nodiscard]] std::int64_t changes() const;

  // Moves what the write-ahead log holds into the database file, as far as no reader is in the way.
  void checkpoint_passive();
  // Pages in the write-ahead log after the last commit on this connection.
  [[nodiscard]] int wal_pages() const noexcept { return *wal_pages_; }

  // How long a statement waits for another process's lock. Default: 5 seconds.
  void set_busy_timeout(int milliseconds);

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] IdleStatements& idle_statements() const noexcept { return *idle_statements_; }
  [[noreturn]] void fail(int code, std::string_view doing) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  std::filesystem::path file_;
  std::unique_ptr<int> wal_pages_;  // outlives moves: SQLite's hook points at it
  std::unique_ptr<sqlite3, Close> handle_;
  std::unique_ptr<IdleStatements> idle_statements_;  // goes before the handle they are of
};

}  // namespace infra::sqlite
