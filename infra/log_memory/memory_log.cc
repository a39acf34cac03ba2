#include "infra/log_memory/memory_log.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "domain/core/broken.h"
#include "domain/core/expects.h"

namespace infra::log_memory {
namespace {

using Records = std::vector<Disk::StoredRecord>;

constexpr std::int64_t kTombstonesKept = 1000;

Records& records_of(Disk& disk, ports::Topic topic, ports::Partition partition) {
  return disk.topics[static_cast<std::size_t>(topic)].at(static_cast<std::size_t>(partition.get()));
}

void store(Disk& disk,
           std::span<const ports::NewRecord> records,
           core::Timestamp at,
           std::vector<ports::Offset>& offsets) {
  std::set<const Records*> touched;
  for (const ports::NewRecord& record : records) {
    Records& partition = records_of(disk, record.topic, record.partition);
    // The marker of the transaction before consumed an offset; within one there is no gap.
    const bool first = touched.insert(&partition).second;
    const std::int64_t offset = partition.back().offset + (first ? 2 : 1);
    partition.push_back({offset, at, record.key, record.value});
    offsets.emplace_back(offset);
  }
}

class Writer final : public ports::LogWriter {
 public:
  Writer(std::shared_ptr<Disk> disk, ports::Clock& clock, std::int64_t epoch)
      : disk_(std::move(disk)), clock_(clock), epoch_(epoch) {}

  [[nodiscard]] ports::Appended append(std::span<const ports::NewRecord> records) override {
    return append_and_announce(records, {});
  }

  [[nodiscard]] ports::Appended append_and_announce(
      std::span<const ports::NewRecord> records,
      std::span<const ports::Announcement> announcements) override {
    const std::lock_guard lock{disk_->mutex};
    const auto planned = disk_->append_faults.find(++disk_->appends);
    const Fault fault = planned == disk_->append_faults.end() ? Fault::none : planned->second;
    if (fault == Fault::fenced) ++disk_->epoch;
    if (undecided_ || disk_->epoch != epoch_) return ports::Fenced{};
    if (fault == Fault::refused)
      throw core::Broken(core::Breakage::io, "the memory log refuses this append");
    std::vector<ports::Offset> offsets;
    if (fault != Fault::unknown_lost) {
      store(*disk_, records, clock_.now(), offsets);
      disk_->announcements.insert(
          disk_->announcements.end(), announcements.begin(), announcements.end());
    }
    if (fault == Fault::none) return ports::Committed{std::move(offsets)};
    undecided_ = true;
    return ports::Unknown{"the memory log does not say"};
  }

  [[nodiscard]] bool still_owner() override {
    const std::lock_guard lock{disk_->mutex};
    return disk_->epoch == epoch_;
  }
  [[nodiscard]] ports::Epoch epoch() const override { return ports::Epoch{epoch_}; }

 private:
  std::shared_ptr<Disk> disk_;
  ports::Clock& clock_;
  std::int64_t epoch_;
  bool undecided_ = false;  // its last append is a new writer's to decide
};

class Reader final : public ports::LogReader {
 public:
  Reader(std::shared_ptr<Disk> disk, ports::Topic topic, std::span<const ports::Start> starts)
      : disk_(std::move(disk)), topic_(topic), places_(starts.begin(), starts.end()) {}

  std::size_t poll(std::size_t limit, const ports::Sink& sink) override {
    // Copies first: the sink may call the log.
    std::vector<std::pair<ports::Partition, Disk::StoredRecord>> found;
    {
      const std::lock_guard lock{disk_->mutex};
      for (ports::Start& place : places_) {
        const Records& records = records_of(*disk_, topic_, place.partition);
        auto record = std::lower_bound(
            records.begin(),
            records.end(),
            place.offset.get(),
            [](const Disk::StoredRecord& one, std::int64_t offset) { return one.offset < offset; });
        for (; record != records.end() && found.size() < limit; ++record) {
          found.emplace_back(place.partition, *record);
          place.offset = ports::Offset{record->offset + 1};
        }
        const std::int64_t end = records.back().offset + 2;
        if (record == records.end() && place.offset.get() < end) place.offset = ports::Offset{end};
      }
    }
    for (const auto& [partition, record] : found) {
      std::optional<std::string_view> value;
      if (record.value) value = *record.value;
      sink({partition, ports::Offset{record.offset}, record.at, record.key, value});
    }
    return found.size();
  }

  [[nodiscard]] ports::Offset position(ports::Partition partition) const override {
    const auto place = std::find_if(places_.begin(), places_.end(), [&](const ports::Start& one) {
      return one.partition == partition;
    });
    core::expects(place != places_.end(), "the reader was opened for this partition");
    return place->offset;
  }

 private:
  std::shared_ptr<Disk> disk_;
  ports::Topic topic_;
  std::vector<ports::Start> places_;
};

ports::CompactionResult compact_partition(Records& records) {
  std::unordered_map<std::string, std::int64_t> latest;
  for (const auto& record : records) latest[record.key] = record.offset;
  const std::int64_t last = records.back().offset;
  const auto superfluous = [&](const Disk::StoredRecord& record) {
    if (record.offset == 0 || record.offset == last) return false;
    if (latest.at(record.key) != record.offset) return true;
    return !record.value && record.offset <= last - kTombstonesKept;
  };
  const auto removed = std::erase_if(records, superfluous);
  return {static_cast<std::int64_t>(records.size()), static_cast<std::int64_t>(removed)};
}

}  // namespace

MemoryLog::MemoryLog(std::shared_ptr<Disk> disk, ports::LogIdentity identity, ports::Clock& clock)
    : disk_(std::move(disk)), clock_(clock) {
  const std::lock_guard lock{disk_->mutex};
  if (disk_->identity) return;
  disk_->identity = identity;
  const std::string genesis = R"({"incarnation":")" + identity.incarnation.get().text() +
                              R"(","partitions":)" + std::to_string(identity.partitions) +
                              R"(,"format":1})";
  for (auto& topic : disk_->topics) {
    topic.resize(static_cast<std::size_t>(identity.partitions));
    for (Records& partition : topic) {
      partition.push_back({0, clock.now(), std::string{ports::kGenesisKey}, genesis});
    }
  }
}

ports::LogIdentity MemoryLog::identity() const {
  const std::lock_guard lock{disk_->mutex};
  return *disk_->identity;
}

std::unique_ptr<ports::LogWriter> MemoryLog::open_writer(std::string_view) {
  const std::lock_guard lock{disk_->mutex};
  if (disk_->openings_to_refuse > 0) {
    --disk_->openings_to_refuse;
    throw core::Broken(core::Breakage::io, "the memory log refuses a new writer");
  }
  return std::make_unique<Writer>(disk_, clock_, ++disk_->epoch);
}

std::unique_ptr<ports::LogReader> MemoryLog::open_reader(
    ports::Topic topic, std::span<const ports::Start> starts) const {
  return std::make_unique<Reader>(disk_, topic, starts);
}

std::vector<ports::Offset> MemoryLog::ends(ports::Topic topic) const {
  const std::lock_guard lock{disk_->mutex};
  std::vector<ports::Offset> ends;
  for (const Records& partition : disk_->topics[static_cast<std::size_t>(topic)]) {
    ends.emplace_back(partition.back().offset + 2);
  }
  return ends;
}

std::vector<ports::Start> MemoryLog::group_offsets(std::string_view group) const {
  const std::lock_guard lock{disk_->mutex};
  std::vector<ports::Start> starts;
  const auto known = disk_->groups.find(std::string{group});
  if (known == disk_->groups.end()) return starts;
  for (const auto& [partition, offset] : known->second) {
    starts.push_back({ports::Partition{partition}, ports::Offset{offset}});
  }
  return starts;
}

void MemoryLog::commit_group_offsets(std::string_view group, std::span<const ports::Start> starts) {
  const std::lock_guard lock{disk_->mutex};
  auto& known = disk_->groups[std::string{group}];
  for (const ports::Start& start : starts) known[start.partition.get()] = start.offset.get();
}

std::optional<ports::CompactionResult> MemoryLog::compact(ports::Topic topic) {
  const std::lock_guard lock{disk_->mutex};
  ports::CompactionResult whole;
  for (Records& partition : disk_->topics[static_cast<std::size_t>(topic)]) {
    const ports::CompactionResult part = compact_partition(partition);
    whole.kept += part.kept;
    whole.removed += part.removed;
  }
  return whole;
}

}  // namespace infra::log_memory
