#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/ports/clock.h"
#include "domain/ports/log.h"

namespace testing_logs {

class StandingClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override {
    return core::Timestamp{std::chrono::seconds{1'767'225'600}};
  }
};

// A folder of its own for each test, gone with it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A place where a log lives on when the object that stands for it is gone.
class Home {
 public:
  virtual ~Home() = default;
  // The same log each time, as a restarted process would open it.
  virtual std::unique_ptr<ports::Log> open() = 0;
};

[[nodiscard]] ports::LogIdentity identity_with(std::int32_t partitions);
[[nodiscard]] std::unique_ptr<Home> memory_home(std::int32_t partitions);
[[nodiscard]] std::unique_ptr<Home> embedded_home(std::int32_t partitions);

// A record as it was read, kept beyond the sink.
struct Seen {
  std::int32_t partition;
  std::int64_t offset;
  std::string key;
  std::optional<std::string> value;
  friend bool operator==(const Seen&, const Seen&) = default;
};

// Everything that the reader has at the moment, `limit` records at a time.
[[nodiscard]] std::vector<Seen> read(ports::LogReader& reader, std::size_t limit = 1000);
// The whole of a topic, partition by partition. A log promises no order between them.
[[nodiscard]] std::vector<Seen> read(const ports::Log& log, ports::Topic topic);

[[nodiscard]] ports::NewRecord event(std::int32_t partition,
                                     std::string key,
                                     std::optional<std::string> value = "v");
[[nodiscard]] ports::NewRecord history(std::int32_t partition, std::string key);

// The offsets of an append that is committed; empty when it is not.
[[nodiscard]] std::vector<std::int64_t> append(ports::LogWriter& writer,
                                               const std::vector<ports::NewRecord>& records);

}  // namespace testing_logs
