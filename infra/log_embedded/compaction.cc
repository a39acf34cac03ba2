#include <string>
#include <unordered_map>
#include <vector>

#include "domain/core/expects.h"
#include "infra/log_embedded/log_file.h"
#include "infra/log_embedded/log_reading.h"
#include "infra/log_embedded/record_format.h"

namespace infra::log_embedded {
namespace {

using sqlite::Statement;

// Tombstones this close to the end stay, so that a reader that was away for a while still sees
// them.
constexpr std::int64_t kTombstonesKept = 1000;

struct Survey {
  std::vector<std::int64_t> kept;  // ascending
  std::vector<std::int64_t> removed;
};

// Which records of a partition stay: the last of each key, the genesis, and the partition's last
// record. Every record is checked first: a damaged key must not make a good record superfluous.
Survey survey(LogReading reading, std::int64_t last) {
  struct Seen {
    std::int64_t offset;
    bool tombstone;
  };
  std::unordered_map<std::string, Seen> latest;
  std::vector<std::int64_t> offsets;
  while (reading.next()) {
    const Row& row = reading.row();
    offsets.push_back(row.offset);
    latest.insert_or_assign(std::string{row.key}, Seen{row.offset, !row.value});
  }
  std::unordered_map<std::int64_t, bool> stays;
  for (const auto& [key, seen] : latest) {
    stays[seen.offset] = !seen.tombstone || seen.offset > last - kTombstonesKept;
  }
  Survey survey;
  for (const std::int64_t offset : offsets) {
    const auto found = stays.find(offset);
    const bool stay = offset == 0 || offset == last || (found != stays.end() && found->second);
    (stay ? survey.kept : survey.removed).push_back(offset);
  }
  return survey;
}

}  // namespace

// Survivors behind a gap are linked anew to the survivor before it, so that a reader can still tell
// a record that was removed from one that was lost. Within change().
ports::CompactionResult LogFile::compact(ports::Topic topic, ports::Partition partition) {
  const std::string table = table_of(topic, partition);
  const Survey plan =
      survey(LogReading{*connection_, path_, topic, partition, 0}, tail(topic, partition).last);
  Statement select{*connection_,
                   "SELECT previous, at, key, value FROM " + table + " WHERE \"offset\" = ?1"};
  Statement relink{*connection_,
                   "UPDATE " + table + " SET previous = ?2, checksum = ?3 WHERE \"offset\" = ?1"};
  Statement remove{*connection_, "DELETE FROM " + table + " WHERE \"offset\" = ?1"};
  std::int64_t previous = -1;
  for (const std::int64_t offset : plan.kept) {
    select.bind(1, offset);
    core::expects(select.step(), "a record that was just read is still there");
    Row row{offset, select.integer(0), select.integer(1), select.bytes(2), std::nullopt};
    if (!select.is_null(3)) row.value = select.bytes(3);
    if (row.previous != previous) {
      row.previous = previous;
      relink.bind(1, offset).bind(2, previous).bind(3, checksum(topic, partition, row)).run();
    }
    select.reset();
    previous = offset;
  }
  for (const std::int64_t offset : plan.removed) remove.bind(1, offset).run();
  return {static_cast<std::int64_t>(plan.kept.size()),
          static_cast<std::int64_t>(plan.removed.size())};
}

}  // namespace infra::log_embedded
