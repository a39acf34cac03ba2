#include "infra/log_embedded/log_file.h"
#include "infra/log_embedded/record_format.h"

namespace infra::log_embedded {
namespace {

using core::Breakage;
using core::Broken;
using sqlite::Statement;

constexpr ports::Topic kTopics[] = {ports::Topic::patient_events, ports::Topic::patient_history};
static_assert(std::size(kTopics) == ports::kTopicCount);

}  // namespace

LogFile::LogFile(const std::filesystem::path& directory, ports::Clock& clock, Access access)
    : path_(directory / "log.db"), clock_(clock), access_(access) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (error) throw Broken(Breakage::io, path_.string() + ": there is no log: " + error.message());
  if (size == 0)
    throw Broken(Breakage::corrupt,
                 path_.string() + ": the log is empty; it was never written or was cut off");
  connect();
  read_identity();
  read_tails();
  if (access_ == Access::read_write) {
    head_ = std::make_unique<HeadFile>(directory / "log.head");
    compare_with_head();
    ends_ = std::vector<std::atomic<std::int64_t>>(tails_.size());
    publish_ends();
  }
}

void LogFile::connect() {
  select_epoch_.reset();
  tails_.clear();
  connection_.reset();
  const bool writes = access_ == Access::read_write;
  connection_.emplace(path_, writes ? sqlite::Open::read_write : sqlite::Open::read_only);
  if (writes) {
    connection_->execute("PRAGMA journal_mode = WAL");
    connection_->execute("PRAGMA synchronous = FULL");
  }
  connection_->execute("PRAGMA cell_size_check = ON");
  connection_->execute("PRAGMA cache_size = -65536");  // kB
}

void LogFile::read_identity() {
  Statement select{*connection_,
                   "SELECT incarnation, partitions, format, checksum FROM log WHERE id = 1"};
  if (!select.step())
    throw Broken(Breakage::corrupt, path_.string() + ": the log does not say which it is");
  const std::string incarnation{select.bytes(0)};
  const std::int64_t partitions = select.integer(1);
  const std::int64_t format = select.integer(2);
  const auto uuid = core::Uuid::parse(incarnation);
  if (select.integer(3) != checksum(incarnation, partitions, format) || !uuid) {
    throw Broken(Breakage::corrupt, path_.string() + ": table log: the checksum is wrong");
  }
  if (format != 1) {
    throw Broken(Breakage::log_mismatch,
                 path_.string() + ": format " + std::to_string(format) +
                     " is newer than this program; update the program");
  }
  identity_ = ports::LogIdentity{ports::Incarnation{*uuid}, static_cast<std::int32_t>(partitions)};
}

void LogFile::read_tails() {
  tails_.clear();
  for (const ports::Topic topic : kTopics) {
    for (std::int32_t number = 0; number < identity_->partitions; ++number) {
      const ports::Partition partition{number};
      const std::string table = table_of(topic, partition);
      Tail& tail = tails_.emplace_back();
      tail.last = connection_->number("SELECT max(\"offset\") FROM " + table, -1);
      if (tail.last < 0) {
        throw Broken(Breakage::corrupt,
                     path_.string() + ": " + place_of(topic, partition, 0) +
                         ": the partition has lost its genesis");
      }
      if (access_ == Access::read_write) {
        tail.insert.emplace(*connection_,
                            "INSERT INTO " + table + " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
      }
    }
  }
  select_epoch_.emplace(*connection_, "SELECT epoch, checksum FROM writer WHERE id = 1");
}

void LogFile::compare_with_head() const {
  const auto head = head_->read();
  if (!head) return;
  if (head->incarnation != identity_->incarnation) {
    throw Broken(Breakage::log_mismatch,
                 path_.string() +
                     ": log.head beside it is of another log; put the right log.db back, or "
                     "remove log.head and all read models if this log is the one you want");
  }
  for (std::size_t at = 0; at < tails_.size() && at < head->ends.size(); ++at) {
    const std::int64_t end = tails_[at].last + 2;
    if (head->ends[at] <= end) continue;
    const auto partitions = static_cast<std::size_t>(identity_->partitions);
    const ports::Partition partition{static_cast<std::int32_t>(at % partitions)};
    throw Broken(
        Breakage::corrupt,
        path_.string() + ": " + place_of(kTopics[at / partitions], partition, end) +
            ": records up to offset " + std::to_string(head->ends[at]) +
            " were committed and are gone (the write-ahead log lost its tail, or log.db is "
            "an older copy); restore log.db and log.db-wal together, or remove log.head to "
            "go on without them");
  }
}

}  // namespace infra::log_embedded
