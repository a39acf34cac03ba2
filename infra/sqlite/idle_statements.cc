#include "infra/sqlite/idle_statements.h"

#include <sqlite3.h>

#include <algorithm>
#include <functional>

namespace infra::sqlite {
namespace {

constexpr std::size_t kIdleMax = 24;

std::size_t hash_of(std::string_view sql) noexcept { return std::hash<std::string_view>{}(sql); }

}  // namespace

// Room for all of them now, so that giving one back never fails.
IdleStatements::IdleStatements() { idle_.reserve(kIdleMax); }

IdleStatements::~IdleStatements() {
  for (const Idle& one : idle_) sqlite3_finalize(one.statement);
}

sqlite3_stmt* IdleStatements::take(std::string_view sql) noexcept {
  const std::size_t hash = hash_of(sql);
  const auto found = std::find_if(idle_.begin(), idle_.end(), [&](const Idle& one) {
    return one.hash == hash && sql == sqlite3_sql(one.statement);
  });
  if (found == idle_.end()) return nullptr;
  sqlite3_stmt* const statement = found->statement;
  idle_.erase(found);
  return statement;
}

void IdleStatements::give_back(sqlite3_stmt* statement) noexcept {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (idle_.size() == kIdleMax) {
    sqlite3_finalize(idle_.front().statement);
    idle_.erase(idle_.begin());
  }
  idle_.push_back({hash_of(sqlite3_sql(statement)), statement});
}

}  // namespace infra::sqlite
