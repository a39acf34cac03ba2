#include "infra/log_embedded/embedded_log.h"

#include <algorithm>

#include "domain/core/expects.h"
#include "infra/log_embedded/log_file.h"
#include "infra/log_embedded/log_reading.h"

namespace infra::log_embedded {
namespace {

class Writer final : public ports::LogWriter {
 public:
  Writer(std::shared_ptr<LogFile> file, ports::Epoch epoch)
      : file_(std::move(file)), epoch_(epoch) {}
  [[nodiscard]] ports::Appended append(std::span<const ports::NewRecord> records) override {
    return file_->append(epoch_, records);
  }
  [[nodiscard]] bool still_owner() override { return file_->is_current(epoch_); }
  [[nodiscard]] ports::Epoch epoch() const override { return epoch_; }

 private:
  std::shared_ptr<LogFile> file_;
  ports::Epoch epoch_;
};

// Reads on a connection of its own, so that it is never in the writer's way. Each poll is one short
// read transaction: a long one would keep the write-ahead log from being emptied.
class Reader final : public ports::LogReader {
 public:
  Reader(std::shared_ptr<const LogFile> file,
         ports::Topic topic,
         std::span<const ports::Start> starts)
      : file_(std::move(file)), topic_(topic), connection_(file_->path(), sqlite::Open::read_only) {
    connection_.execute("PRAGMA cell_size_check = ON");
    connection_.execute("PRAGMA mmap_size = 1073741824");
    lanes_.reserve(starts.size());
    for (const ports::Start& start : starts) {
      lanes_.push_back({start.partition,
                        start.offset.get(),
                        {connection_, file_->path(), topic, start.partition, start.offset.get()}});
    }
  }

  std::size_t poll(std::size_t limit, const ports::Sink& sink) override {
    if (is_at_end()) return 0;
    connection_.execute("BEGIN");
    std::size_t handed_out = 0;
    try {
      for (Lane& lane : lanes_) {
        if (handed_out == limit) break;
        if (is_at_end(lane)) continue;  // Most are, when a single command woke this reader.
        handed_out += read(lane, limit - handed_out, sink);
      }
    } catch (...) {
      end_transaction();
      throw;
    }
    end_transaction();
    return handed_out;
  }

  [[nodiscard]] ports::Offset position(ports::Partition partition) const override {
    const auto lane = std::find_if(
        lanes_.begin(), lanes_.end(), [&](const Lane& one) { return one.partition == partition; });
    core::expects(lane != lanes_.end(), "the reader was opened for this partition");
    return ports::Offset{lane->position};
  }

 private:
  struct Lane {
    ports::Partition partition;
    std::int64_t position;
    LogReading reading;
  };

  // Known without a look at the file when this process writes the log.
  [[nodiscard]] bool is_at_end(const Lane& lane) const {
    const auto end = file_->known_end(topic_, lane.partition);
    return end && lane.position >= *end;
  }
  [[nodiscard]] bool is_at_end() const {
    return std::all_of(
        lanes_.begin(), lanes_.end(), [&](const Lane& lane) { return is_at_end(lane); });
  }

  static std::size_t read(Lane& lane, std::size_t limit, const ports::Sink& sink) {
    lane.reading.seek(lane.position);
    std::size_t count = 0;
    while (count < limit) {
      if (!lane.reading.next()) {
        lane.position = std::max(lane.position, lane.reading.end());
        break;
      }
      const Row& row = lane.reading.row();
      lane.position = row.offset + 1;
      ++count;
      sink(ports::Record{lane.partition,
                         ports::Offset{row.offset},
                         core::Timestamp{std::chrono::microseconds{row.at}},
                         row.key,
                         row.value});
    }
    lane.reading.pause();
    return count;
  }

  void end_transaction() {
    for (Lane& lane : lanes_) lane.reading.pause();
    static_cast<void>(connection_.try_execute("COMMIT"));
  }

  std::shared_ptr<const LogFile> file_;
  ports::Topic topic_;
  sqlite::Connection connection_;
  std::vector<Lane> lanes_;
};

}  // namespace

bool EmbeddedLog::exists(const std::filesystem::path& directory) {
  return std::filesystem::exists(directory / "log.db");
}

std::unique_ptr<EmbeddedLog> EmbeddedLog::create(const std::filesystem::path& directory,
                                                 std::int32_t partitions,
                                                 ports::Incarnation incarnation,
                                                 ports::Clock& clock) {
  LogFile::create(directory, partitions, incarnation, clock.now());
  return open(directory, clock, Access::read_write);
}

std::unique_ptr<EmbeddedLog> EmbeddedLog::open(const std::filesystem::path& directory,
                                               ports::Clock& clock,
                                               Access access) {
  try {
    return std::unique_ptr<EmbeddedLog>{
        new EmbeddedLog{std::make_shared<LogFile>(directory, clock, access)}};
  } catch (const sqlite::Error& error) {
    // A table or column that is not there: nobody but damage removes one.
    if (error.kind() != core::Breakage::io || (error.extended_code() & 0xFF) != 1) throw;
    throw core::Broken(core::Breakage::corrupt, error.what());
  }
}

EmbeddedLog::~EmbeddedLog() = default;

ports::LogIdentity EmbeddedLog::identity() const { return file_->identity(); }

std::unique_ptr<ports::LogWriter> EmbeddedLog::open_writer(std::string_view address) {
  return std::make_unique<Writer>(file_, file_->next_epoch(address));
}

std::unique_ptr<ports::LogReader> EmbeddedLog::open_reader(
    ports::Topic topic, std::span<const ports::Start> starts) const {
  return std::make_unique<Reader>(file_, topic, starts);
}

std::vector<ports::Offset> EmbeddedLog::ends(ports::Topic topic) const {
  return file_->ends(topic);
}

std::vector<ports::Start> EmbeddedLog::group_offsets(std::string_view group) const {
  return file_->group_offsets(group);
}

void EmbeddedLog::commit_group_offsets(std::string_view group,
                                       std::span<const ports::Start> starts) {
  file_->commit_group_offsets(group, starts);
}

std::optional<ports::CompactionResult> EmbeddedLog::compact(ports::Topic topic) {
  return file_->compact(topic);
}

std::vector<std::string> EmbeddedLog::check() const {
  std::vector<std::string> findings;
  sqlite::Connection connection{file_->path(), sqlite::Open::read_only};
  sqlite::Statement integrity{connection, "PRAGMA integrity_check(10)"};
  while (integrity.step()) {
    if (integrity.bytes(0) != "ok")
      findings.push_back(file_->path().string() + ": " + std::string{integrity.bytes(0)});
  }
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    for (const ports::Start& start : ports::from_the_beginning(*this)) {
      try {
        LogReading reading{connection, file_->path(), topic, start.partition, 0};
        while (reading.next()) {
        }
      } catch (const core::Broken& broken) {
        findings.emplace_back(broken.what());
      }
    }
  }
  return findings;
}

std::uintmax_t EmbeddedLog::size_bytes() const {
  std::uintmax_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file_->path().string() + suffix, error);
    if (!error) bytes += size;
  }
  return bytes;
}

}  // namespace infra::log_embedded
