#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "infra/log_embedded/embedded_log.h"
#include "tests/logs/log_home.h"

namespace testing_logs {

inline constexpr std::int32_t kStoryPartitions = 3;

// What the append with this number holds: the same records each time, over both topics, with values
// from a few bytes to many pages. Every chapter has a tick, so that compaction has something to do.
[[nodiscard]] std::vector<ports::NewRecord> chapter(std::int64_t number);

// Which chapters a log holds, apart from their ticks. Every record that is there must be one that a
// chapter wrote, and every chapter must be there completely or not at all; `wrong` says what is not
// so.
struct Contents {
  std::vector<std::int64_t> chapters;  // ascending
  std::vector<std::string> wrong;
};
[[nodiscard]] Contents contents_of(const ports::Log& log);

// A folder with a log and the clock of its records.
class StoryFolder {
 public:
  StoryFolder();
  // A copy of the files in `other`, without SQLite's index of the write-ahead log: what a process
  // that was killed leaves behind.
  explicit StoryFolder(const std::filesystem::path& other);

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path file(const char* name) const { return path() / name; }
  [[nodiscard]] std::unique_ptr<infra::log_embedded::EmbeddedLog> open();

 private:
  Folder folder_;
  StandingClock clock_;
};

[[nodiscard]] std::string bytes_of(const std::filesystem::path& file);
void write_bytes(const std::filesystem::path& file, const std::string& bytes);

}  // namespace testing_logs
