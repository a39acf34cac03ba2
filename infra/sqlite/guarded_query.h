#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "domain/core/result.h"
#include "infra/sqlite/connection.h"

namespace infra::sqlite {

// null, number, fraction, text; a blob is its bytes in hexadecimal, as text.
using SqlCell = std::variant<std::monostate, std::int64_t, double, std::string>;
struct SqlTable {
  std::vector<std::string> columns;
  std::vector<std::vector<SqlCell>> rows;
};

struct QueryLimits {
  std::size_t rows;
  std::chrono::milliseconds time;
};

// Runs one statement that somebody typed, on a connection of its own that can do nothing but read
// this file: opened read-only, and an authorizer that lets pass SELECT and functions alone, so that
// ATTACH, PRAGMA, VACUUM INTO and every change are refused before they run. What takes longer or
// gives more rows than allowed is ended. The error is a sentence about the statement.
[[nodiscard]] core::Result<SqlTable, std::string> guarded_query(const std::filesystem::path& file,
                                                                const std::string& sql,
                                                                const QueryLimits& limits);

}  // namespace infra::sqlite
