#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "domain/core/expects.h"
#include "infra/log_embedded/log_file.h"
#include "infra/log_embedded/record_format.h"
#include "infra/sqlite/transaction.h"

namespace infra::log_embedded {
namespace {

namespace fs = std::filesystem;
using sqlite::Statement;

constexpr std::int64_t kFormat = 1;

std::string genesis_value(const ports::LogIdentity& log) {
  return R"({"incarnation":")" + log.incarnation.get().text() + R"(","partitions":)" +
         std::to_string(log.partitions) + R"(,"format":)" + std::to_string(kFormat) + '}';
}

void create_tables(sqlite::Connection& connection, const ports::LogIdentity& log) {
  connection.execute(
      "CREATE TABLE log (id INTEGER PRIMARY KEY, incarnation TEXT, partitions INTEGER, format "
      "INTEGER, checksum INTEGER);"
      "CREATE TABLE writer (id INTEGER PRIMARY KEY, epoch INTEGER, address TEXT, checksum INTEGER);"
      "CREATE TABLE group_offset (name TEXT, partition INTEGER, next INTEGER, checksum INTEGER,"
      " PRIMARY KEY (name, partition)) WITHOUT ROWID");
  const std::string incarnation = log.incarnation.get().text();
  Statement identity{connection, "INSERT INTO log VALUES (1, ?1, ?2, ?3, ?4)"};
  identity.bind(1, incarnation).bind(2, std::int64_t{log.partitions}).bind(3, kFormat);
  identity.bind(4, checksum(incarnation, log.partitions, kFormat)).run();
  Statement writer{connection, "INSERT INTO writer VALUES (1, 0, '', ?1)"};
  writer.bind(1, checksum("writer", 0, 0)).run();
}

void create_partition(sqlite::Connection& connection,
                      ports::Topic topic,
                      ports::Partition partition,
                      const std::string& genesis,
                      core::Timestamp now) {
  const std::string table = table_of(topic, partition);
  connection.execute(
      "CREATE TABLE " + table +
      " (\"offset\" INTEGER PRIMARY KEY, previous INTEGER NOT NULL, at INTEGER NOT NULL,"
      " key BLOB NOT NULL, value BLOB, checksum INTEGER NOT NULL)");
  const Row row{0, -1, now.time_since_epoch().count(), ports::kGenesisKey, genesis};
  Statement insert{connection, "INSERT INTO " + table + " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
  insert.bind(1, row.offset).bind(2, row.previous).bind(3, row.at).bind_blob(4, row.key);
  insert.bind_blob(5, *row.value).bind(6, checksum(topic, partition, row)).run();
}

void sync_directory(const fs::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0 || fsync(file) != 0) {
    const std::string why = std::generic_category().message(errno);
    if (file >= 0) ::close(file);
    throw core::Broken(core::Breakage::io, directory.string() + ": cannot be synced: " + why);
  }
  ::close(file);
}

void remove_unfinished(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code error;
    fs::remove(file.string() + suffix, error);
  }
}

}  // namespace

// The log is written beside its place and moved there when it is whole.
void LogFile::create(const fs::path& directory,
                     std::int32_t partitions,
                     ports::Incarnation incarnation,
                     core::Timestamp now) {
  core::expects(partitions >= 1 && partitions <= ports::kPartitionsMax,
                "a log has 1 to 1024 partitions");
  const fs::path whole = directory / "log.db";
  const fs::path unfinished = directory / "log.db.creating";
  if (fs::exists(whole))
    throw core::Broken(core::Breakage::io, whole.string() + ": there is a log already");
  remove_unfinished(unfinished);
  const ports::LogIdentity log{incarnation, partitions};
  {
    sqlite::Connection connection{unfinished, sqlite::Open::create};
    connection.execute("PRAGMA synchronous = FULL");
    sqlite::Transaction transaction{connection};
    create_tables(connection, log);
    for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
      for (std::int32_t partition = 0; partition < partitions; ++partition) {
        create_partition(connection, topic, ports::Partition{partition}, genesis_value(log), now);
      }
    }
    transaction.commit();
  }
  std::error_code error;
  fs::rename(unfinished, whole, error);
  if (error)
    throw core::Broken(core::Breakage::io,
                       whole.string() + ": cannot be put in place: " + error.message());
  sync_directory(directory);
}

}  // namespace infra::log_embedded
