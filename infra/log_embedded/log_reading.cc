#include "infra/log_embedded/log_reading.h"

#include "infra/log_embedded/log_file.h"

namespace infra::log_embedded {

std::string table_of(ports::Topic topic, ports::Partition partition) {
  const char* topic_name = topic == ports::Topic::patient_events ? "events_" : "history_";
  return topic_name + std::to_string(partition.get());
}

std::string place_of(ports::Topic topic, ports::Partition partition, std::int64_t offset) {
  return std::string{name(topic)} + " partition " + std::to_string(partition.get()) + " offset " +
         std::to_string(offset);
}

LogReading::LogReading(sqlite::Connection& connection,
                       const std::filesystem::path& file,
                       ports::Topic topic,
                       ports::Partition partition,
                       std::int64_t from)
    : file_(file),
      topic_(topic),
      partition_(partition),
      select_(connection,
              "SELECT \"offset\", previous, at, key, value, checksum FROM " +
                  table_of(topic, partition) + " WHERE \"offset\" >= ?1 ORDER BY \"offset\""),
      last_(connection, "SELECT max(\"offset\") FROM " + table_of(topic, partition)),
      from_(from) {
  seek(from);
}

void LogReading::seek(std::int64_t offset) {
  select_.reset();
  from_ = offset;
  read_ = -2;  // Compaction may have removed it since, and linked past it.
  select_.bind(1, offset);
}

bool LogReading::next() {
  if (!select_.step()) return false;
  row_ = Row{
      select_.integer(0), select_.integer(1), select_.integer(2), select_.bytes(3), std::nullopt};
  if (!select_.is_null(4)) row_.value = select_.bytes(4);
  if (checksum(topic_, partition_, row_) != select_.integer(5))
    fail(row_.offset, "the checksum is wrong");
  const bool linked = read_ == -2 ? row_.previous < from_ : row_.previous == read_;
  if (!linked || (row_.previous == -1 && row_.offset != 0)) {
    fail(row_.offset, "the record before it is gone");
  }
  read_ = row_.offset;
  return true;
}

std::int64_t LogReading::end() {
  static_cast<void>(last_.step());
  const bool empty = last_.is_null(0);
  const std::int64_t last = last_.integer(0);
  last_.reset();
  if (empty) fail(0, "the partition has lost its genesis");
  if (last < read_) fail(last, "records behind it are gone");
  return last + 2;
}

void LogReading::fail(std::int64_t offset, const char* what) const {
  throw core::Broken(core::Breakage::corrupt,
                     file_.string() + ": " + place_of(topic_, partition_, offset) + ": " + what +
                         "; the file is damaged, restore it from a backup");
}

}  // namespace infra::log_embedded
