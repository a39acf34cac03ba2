#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace infra::sqlite {

// The prepared statements of one connection that nobody is using, kept for whoever asks for the
// same text again: for a question about one patient, preparing takes several times as long as
// answering. Bounded; the one that waited longest goes. They hold no lock and no bound value.
class IdleStatements {
 public:
  IdleStatements();
  ~IdleStatements();
  IdleStatements(const IdleStatements&) = delete;
  IdleStatements& operator=(const IdleStatements&) = delete;

  // None: null. Whoever takes one owns it.
  [[nodiscard]] sqlite3_stmt* take(std::string_view sql) noexcept;
  void give_back(sqlite3_stmt* statement) noexcept;

 private:
  struct Idle {
    std::size_t hash;  // of its text
    sqlite3_stmt* statement;
  };
  std::vector<Idle> idle_;  // waiting longest first
};

}  // namespace infra::sqlite
