// Making, opening, finishing and checking a generation's file.
#include <filesystem>
#include <fstream>

#include "domain/core/broken.h"
#include "infra/read_models/files.h"
#include "infra/read_models/schema.h"
#include "infra/read_models/sqlite_store.h"

namespace infra::read_models {
namespace {

namespace fs = std::filesystem;
using sqlite::Statement;

constexpr std::int64_t kFormat = 1;  // of the bookkeeping tables; on disk
// SQLite's primary result codes, as its page https://www.sqlite.org/rescode.html freezes them.
constexpr int kSqliteError = 1;
constexpr int kSqliteConstraint = 19;

// Synchronous NORMAL: a power cut may take the last commits away, never damage the file; the log
// brings them back. The cache is small because a load writes in order and a live worker touches
// few patients at a time.
void configure(sqlite::Connection& connection) {
  connection.execute("PRAGMA journal_mode = WAL");
  connection.execute("PRAGMA synchronous = NORMAL");
  connection.execute("PRAGMA cache_size = -16384");
}

void set_meta(sqlite::Connection& connection, std::string_view key, std::string_view value) {
  Statement insert{connection, "INSERT INTO meta VALUES (?1, ?2)"};
  insert.bind(1, key).bind(2, value).run();
}
void set_meta(sqlite::Connection& connection, std::string_view key, std::int64_t value) {
  Statement insert{connection, "INSERT INTO meta VALUES (?1, ?2)"};
  insert.bind(1, key).bind(2, value).run();
}

// Which run of the operating system this is. A load never waits for the disk: when the process is
// killed the system still has what it wrote, but a file that an earlier run of the system left half
// loaded may hold anything.
std::string system_run() {
  std::ifstream in{"/proc/sys/kernel/random/boot_id"};
  std::string id;
  std::getline(in, id);
  return id;
}

void sync_never(sqlite::Connection& connection) { connection.execute("PRAGMA synchronous = OFF"); }

// Everything that was written without waiting is on the disk when this returns.
void sync_all(sqlite::Connection& connection) {
  connection.execute("PRAGMA synchronous = NORMAL");
  if (connection.number("PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
    throw core::Broken(core::Breakage::locked,
                       connection.file().string() + ": another process reads what is being loaded");
  }
}

[[noreturn]] void corrupt(const fs::path& file, const std::string& what) {
  throw core::Broken(core::Breakage::corrupt, file.string() + ": " + what + "; rebuild it");
}

void expect_same_run(sqlite::Connection& connection) {
  Statement select{connection, "SELECT value FROM meta WHERE key = 'system_run'"};
  const std::string run = system_run();
  if (!select.step() || run.empty() || select.bytes(0) != run)
    corrupt(connection.file(), "the machine stopped while it was being loaded");
}

void expect_ours(sqlite::Connection& connection, const projections::Projection& projection) {
  Statement select{connection,
                   "SELECT (SELECT value FROM meta WHERE key = 'format'),"
                   " (SELECT value FROM meta WHERE key = 'projection'),"
                   " (SELECT value FROM meta WHERE key = 'version'),"
                   " (SELECT value FROM meta WHERE key = 'partitions')"
                   " = (SELECT count(*) FROM checkpoint)"};
  if (!select.step() || select.integer(0) != kFormat)
    corrupt(connection.file(), "no read model of this program");
  if (select.bytes(1) != projection.name)
    corrupt(connection.file(), "a read model of another projection");
  if (select.integer(2) != projection.version)
    corrupt(connection.file(), "a read model of another version");
  if (select.integer(3) != 1) corrupt(connection.file(), "checkpoints are missing");
}

// A file cut short is seen here for one system call; damage inside only integrity() sees.
void expect_whole(sqlite::Connection& connection) {
  std::error_code none;
  const auto wal = fs::file_size(connection.file().string() + "-wal", none);
  if (!none && wal > 0) return;  // The newest pages are still there.
  const auto pages = connection.number("PRAGMA page_count");
  const auto bytes = connection.number("PRAGMA page_size") * pages;
  if (static_cast<std::int64_t>(fs::file_size(connection.file())) < bytes)
    corrupt(connection.file(), "the file is shorter than it says");
}

}  // namespace

void remove_database(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code error;
    fs::remove(file.string() + suffix, error);
    if (error)
      throw core::Broken(core::Breakage::io, file.string() + ": cannot remove: " + error.message());
  }
}

TemporaryDatabase::~TemporaryDatabase() {
  try {
    remove_database(file_);
  } catch (const core::Broken&) {  // The next one begins by removing it.
  }
}

SqliteStore::SqliteStore(sqlite::Connection connection, const projections::Projection& projection)
    : connection_(std::move(connection)), tables_(projection.tables) {}

std::unique_ptr<SqliteStore> SqliteStore::create(const fs::path& file,
                                                 const projections::Projection& projection,
                                                 const ports::LogIdentity& log) {
  remove_database(file);
  std::unique_ptr<SqliteStore> store{
      new SqliteStore{sqlite::Connection{file, sqlite::Open::create}, projection}};
  sqlite::Connection& connection = store->connection_;
  configure(connection);
  sync_never(connection);
  sqlite::Transaction transaction{connection};
  connection.execute(bookkeeping_tables());
  for (const projections::Table& table : projection.tables) {
    connection.execute(create_table(table));
    if (table.first_wins) connection.execute(create_key_index(table));
    if (table.listing) connection.execute(Listing::create(*table.listing));
  }
  set_meta(connection, "format", kFormat);
  set_meta(connection, "projection", projection.name);
  set_meta(connection, "version", std::int64_t{projection.version});
  set_meta(connection, "incarnation", log.incarnation.get().text());
  set_meta(connection, "partitions", std::int64_t{log.partitions});
  set_meta(connection, "epoch", std::int64_t{0});
  set_meta(connection, "loading", std::int64_t{1});
  set_meta(connection, "system_run", system_run());
  Statement checkpoint{connection, "INSERT INTO checkpoint VALUES (?1, 0, NULL, NULL)"};
  for (std::int64_t at = 0; at < log.partitions; ++at) checkpoint.bind(1, at).run();
  transaction.commit();
  store->prepare();
  return store;
}

std::unique_ptr<SqliteStore> SqliteStore::open(const fs::path& file,
                                               const projections::Projection& projection) {
  if (!fs::exists(file)) corrupt(file, "the file is missing");
  try {
    std::unique_ptr<SqliteStore> store{
        new SqliteStore{sqlite::Connection{file, sqlite::Open::read_write}, projection}};
    configure(store->connection_);
    expect_ours(store->connection_, projection);
    expect_whole(store->connection_);
    store->loading_ =
        store->connection_.number("SELECT value FROM meta WHERE key = 'loading'", 1) != 0;
    if (store->loading_) {
      expect_same_run(store->connection_);
      sync_never(store->connection_);
    }
    store->prepare();
    return store;
  } catch (const sqlite::Error& error) {
    // A table or column that is not there: the file is not what this program wrote.
    if ((error.extended_code() & 0xFF) == kSqliteError) corrupt(file, "tables are missing");
    throw;
  }
}

void SqliteStore::prepare() {
  statements_.clear();
  for (const projections::Table& table : tables_) {
    const std::string last_row = "SELECT max(rowid) FROM " + std::string{table.name};
    static_cast<void>(connection_.number(last_row));  // Reads the table's edge: a quick look.
    statements_.push_back(
        {Statement{connection_, insert_into(table)},
         Statement{connection_, delete_patient_from(table)},
         has_sequence(table) ? std::optional{Statement{connection_, delete_event_from(table)}}
                             : std::nullopt,
         Statement{connection_, last_row},
         table.listing ? std::optional{Listing{connection_, table}} : std::nullopt});
  }
  select_epoch_.emplace(connection_, "SELECT value FROM meta WHERE key = 'epoch'");
  upsert_checkpoint_.emplace(connection_,
                             "UPDATE checkpoint SET next = ?2, last = ?3, event = ?4"
                             " WHERE partition = ?1");
}

// The file counts as loaded only when all of it is on the disk: two steps. A second try finds the
// indexes of the first.
void SqliteStore::finish_loading() {
  if (!loading_) return;
  transaction_.reset();
  build_indexes();
  sync_all(connection_);
  connection_.execute("UPDATE meta SET value = 0 WHERE key = 'loading'");
  loading_ = false;
  connection_.checkpoint_passive();
}

void SqliteStore::build_indexes() {
  sqlite::Transaction transaction{connection_};
  for (std::size_t at = 0; at < tables_.size(); ++at) {
    const projections::Table& table = tables_[at];
    const std::string pending =
        "SELECT count(*) FROM pending_removal WHERE table_number = " + std::to_string(at);
    if (connection_.number(pending) > 0) {
      Statement{connection_, delete_removed_from(table)}
          .bind(1, static_cast<std::int64_t>(at))
          .run();
    }
    if (!table.first_wins) {
      try {
        connection_.execute(create_key_index(table));
      } catch (const sqlite::Error& error) {
        if ((error.extended_code() & 0xFF) != kSqliteConstraint) throw;
        connection_.execute(delete_older_duplicates_from(table));
        connection_.execute(create_key_index(table));
      }
    }
    connection_.execute(create_other_indexes(table));
    if (statements_[at].listing) statements_[at].listing->build();
  }
  connection_.execute("DELETE FROM pending_removal");
  // A change at least: SQLite syncs nothing where it has nothing to move.
  connection_.execute("UPDATE meta SET value = 1 WHERE key = 'loading'");
  transaction.commit();
}

std::vector<std::string> SqliteStore::integrity() const {
  std::vector<std::string> found;
  try {
    Statement check{connection_, "PRAGMA integrity_check(10)"};
    while (check.step()) {
      if (check.bytes(0) != "ok") found.emplace_back(check.bytes(0));
    }
  } catch (const sqlite::Error& error) {
    if (error.kind() != core::Breakage::corrupt) throw;
    found.emplace_back(error.what());
  }
  for (std::size_t at = 0; !loading_ && at < tables_.size(); ++at) {
    auto& listing = statements_[at].listing;
    if (listing && !listing->matches())
      found.emplace_back(std::string{tables_[at].listing->name} + " is not what the rows list");
  }
  return found;
}

}  // namespace infra::read_models
