#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/core/raw.h"
#include "domain/core/time.h"

namespace infra::ingest {

// How the import of arriving files fares, for whoever looks after the process. A plain value. Its
// texts hold codes, counts and digests of file names, nothing that a document says.
struct ImportReport {
  static constexpr std::size_t kRecentMax = 20;
  static constexpr std::size_t kIssuesMax = 20;

  std::string place = "import folder";  // what operators call where the files arrive
  bool running = false;                 // somebody looks, again and again
  std::optional<core::Timestamp> running_since;
  std::optional<core::Timestamp> last_check;  // the last look that showed the files
  core::Date day;                             // of the next two, in UTC
  std::int64_t processed = 0;
  std::int64_t failed = 0;
  // Since this process began: files by what became of them, and registrations that were taken in.
  std::int64_t processed_ever = 0;
  std::int64_t failed_ever = 0;
  std::int64_t imported_ever = 0;    // patients
  std::int64_t duplicates_ever = 0;  // registrations that the log knew
  std::deque<bool> recent;           // whether they failed: the last files, newest last
  std::optional<std::string> last_error;
  std::optional<core::Timestamp> last_error_at;
  std::optional<core::Timestamp> last_success;
  std::vector<std::string> issues;         // of the last look, at most kIssuesMax
  std::optional<std::int64_t> free_bytes;  // where the files lie

  // A file is done with, `at` that time.
  void count(bool file_failed, core::Timestamp at);
};

enum class ImportHealth { healthy, unhealthy };

// Unhealthy: nobody looks, more than half of the last files failed (when there were 5 at least), or
// the last look is more than an hour ago.
[[nodiscard]] ImportHealth health_of(const ImportReport& report, core::Timestamp now);

// The `details` of /health/import: {"monitor_running", "last_check", "files_processed_today",
// "files_failed_today", "last_error", "last_error_time", "issues", "last_successful_import",
// "free_disk_bytes"}. The issues begin with why it is unhealthy.
// Of several places: running when somebody looks at each, the oldest look, the files together, the
// last error and success of any.
[[nodiscard]] core::Raw to_raw(std::span<const ImportReport> reports, core::Timestamp now);

}  // namespace infra::ingest
