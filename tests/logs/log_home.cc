#include "tests/logs/log_home.h"

#include <algorithm>
#include <cstdlib>

#include "infra/log_embedded/embedded_log.h"
#include "infra/log_memory/memory_log.h"

namespace testing_logs {
namespace {

class MemoryHome final : public Home {
 public:
  explicit MemoryHome(std::int32_t partitions) : partitions_(partitions) {}
  std::unique_ptr<ports::Log> open() override {
    return std::make_unique<infra::log_memory::MemoryLog>(
        disk_, identity_with(partitions_), clock_);
  }

 private:
  std::int32_t partitions_;
  StandingClock clock_;
  std::shared_ptr<infra::log_memory::Disk> disk_ = std::make_shared<infra::log_memory::Disk>();
};

class EmbeddedHome final : public Home {
 public:
  explicit EmbeddedHome(std::int32_t partitions) : partitions_(partitions) {}
  std::unique_ptr<ports::Log> open() override {
    using infra::log_embedded::EmbeddedLog;
    if (!EmbeddedLog::exists(folder_.path())) {
      const auto incarnation = identity_with(partitions_).incarnation;
      return EmbeddedLog::create(folder_.path(), partitions_, incarnation, clock_);
    }
    return EmbeddedLog::open(folder_.path(), clock_, infra::log_embedded::Access::read_write);
  }

 private:
  std::int32_t partitions_;
  StandingClock clock_;
  Folder folder_;
};

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "log.XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

ports::LogIdentity identity_with(std::int32_t partitions) {
  return {ports::Incarnation{*core::Uuid::parse("0a0b0c0d-0e0f-4a0b-8c0d-0e0f0a0b0c0d")},
          partitions};
}

std::unique_ptr<Home> memory_home(std::int32_t partitions) {
  return std::make_unique<MemoryHome>(partitions);
}

std::unique_ptr<Home> embedded_home(std::int32_t partitions) {
  return std::make_unique<EmbeddedHome>(partitions);
}

std::vector<Seen> read(ports::LogReader& reader, std::size_t limit) {
  std::vector<Seen> seen;
  const auto keep = [&](const ports::Record& record) {
    std::optional<std::string> value;
    if (record.value) value = std::string{*record.value};
    seen.push_back(
        {record.partition.get(), record.offset.get(), std::string{record.key}, std::move(value)});
  };
  while (reader.poll(limit, keep) > 0) {
  }
  return seen;
}

std::vector<Seen> read(const ports::Log& log, ports::Topic topic) {
  auto seen = read(*log.open_reader(topic, ports::from_the_beginning(log)));
  std::stable_sort(seen.begin(), seen.end(), [](const Seen& one, const Seen& other) {
    return one.partition < other.partition;
  });
  return seen;
}

ports::NewRecord event(std::int32_t partition, std::string key, std::optional<std::string> value) {
  return {
      ports::Topic::patient_events, ports::Partition{partition}, std::move(key), std::move(value)};
}

ports::NewRecord history(std::int32_t partition, std::string key) {
  return {ports::Topic::patient_history, ports::Partition{partition}, std::move(key), "h"};
}

std::vector<std::int64_t> append(ports::LogWriter& writer,
                                 const std::vector<ports::NewRecord>& records) {
  const ports::Appended outcome = writer.append(records);
  const auto* committed = std::get_if<ports::Committed>(&outcome);
  std::vector<std::int64_t> offsets;
  if (committed == nullptr) return offsets;
  for (const ports::Offset offset : committed->offsets) offsets.push_back(offset.get());
  return offsets;
}

}  // namespace testing_logs
