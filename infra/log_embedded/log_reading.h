#pragma once

#include <cstdint>
#include <filesystem>

#include "infra/log_embedded/record_format.h"
#include "infra/sqlite/statement.h"

namespace infra::log_embedded {

// Walks one partition upwards and checks each record as it goes by: its checksum, and that no
// record between it and the one before was lost. Throws core::Broken (corrupt, with the place).
class LogReading {
 public:
  LogReading(sqlite::Connection& connection,
             const std::filesystem::path& file,
             ports::Topic topic,
             ports::Partition partition,
             std::int64_t from);

  // Goes on from `offset`, which is behind every record handed out so far.
  void seek(std::int64_t offset);
  // False: no more records at the moment. seek() before going on.
  [[nodiscard]] bool next();
  // The record that next() found; its views hold until the next call.
  [[nodiscard]] const Row& row() const { return row_; }
  // Ends the statement, so that it holds no snapshot.
  void pause() noexcept { select_.reset(); }

  // Behind the last record and its transaction's marker.
  [[nodiscard]] std::int64_t end();

 private:
  [[noreturn]] void fail(std::int64_t offset, const char* what) const;

  const std::filesystem::path& file_;
  ports::Topic topic_;
  ports::Partition partition_;
  sqlite::Statement select_;
  sqlite::Statement last_;
  std::int64_t from_;
  std::int64_t read_ = -2;  // the offset of the record before; -2: none was read yet
  Row row_;
};

}  // namespace infra::log_embedded
