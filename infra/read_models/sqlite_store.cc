#include "infra/read_models/sqlite_store.h"

#include <algorithm>

#include "domain/core/broken.h"
#include "domain/core/match.h"
#include "infra/read_models/schema.h"

namespace infra::read_models {
namespace {

using projections::Cell;
using projections::Change;
using projections::ColumnType;
using projections::Quarantined;
using sqlite::Statement;

// Between commits, once so much is waiting, the write-ahead log moves into the file: inside a
// commit it would be the slowest one of a hundred.
constexpr int kWalPagesMax = 2000;

void bind(Statement& statement, int place, const Cell& cell, ColumnType type) {
  core::match(
      cell,
      [&](std::monostate) { statement.bind_null(place); },
      [&](std::int64_t number) { statement.bind(place, number); },
      [&](const std::string& bytes) {
        if (type == ColumnType::blob) {
          statement.bind_blob(place, bytes);
        } else {
          statement.bind(place, std::string_view{bytes});
        }
      });
}

std::string_view bytes_of(const core::Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()};
}

std::optional<patient::EventId> event_of(const Statement& row, int column) {
  const std::string_view bytes = row.bytes(column);
  core::Uuid uuid;
  if (bytes.size() != uuid.bytes.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), uuid.bytes.begin());
  return patient::EventId{uuid};
}

Quarantined quarantined_of(const Statement& row) {
  auto id = patient::PatientId::parse(row.bytes(0));
  if (!id) throw core::Broken(core::Breakage::corrupt, "quarantine: a key is no patient id");
  return {std::move(*id),
          ports::Partition{static_cast<std::int32_t>(row.integer(1))},
          ports::Offset{row.integer(2)},
          std::string{row.bytes(3)},
          core::Timestamp{std::chrono::microseconds{row.integer(4)}},
          static_cast<std::int32_t>(row.integer(5))};
}

// What the row lists: one blob.
std::string_view listed_in(const projections::Table& table, const projections::Row& row) {
  const auto column =
      std::find_if(table.columns.begin(), table.columns.end(), [&](const auto& one) {
        return one.name == table.listing->column;
      });
  const Cell& cell = row.cells[static_cast<std::size_t>(column - table.columns.begin())];
  const auto* bytes = std::get_if<std::string>(&cell);
  return bytes == nullptr ? std::string_view{} : std::string_view{*bytes};
}

constexpr std::string_view kSelectQuarantine =
    R"(SELECT patient_id, partition, "offset", error, since, code_version FROM quarantine)";

class Cursor final : public projections::RowCursor {
 public:
  explicit Cursor(Statement statement) : statement_(std::move(statement)) {}
  bool next(std::vector<Cell>& row) override {
    if (!statement_.step()) return false;
    row.resize(static_cast<std::size_t>(statement_.columns()));
    for (int column = 0; column < statement_.columns(); ++column) {
      Cell& cell = row[static_cast<std::size_t>(column)];
      if (statement_.is_null(column)) {
        cell = std::monostate{};
      } else if (statement_.is_integer(column)) {
        cell = statement_.integer(column);
      } else {
        cell = std::string{statement_.bytes(column)};
      }
    }
    return true;
  }

 private:
  Statement statement_;
};

}  // namespace

projections::Checkpoint SqliteStore::checkpoint() const {
  Statement meta{connection_, "SELECT value FROM meta WHERE key = 'incarnation'"};
  const auto incarnation = meta.step() ? core::Uuid::parse(meta.bytes(0)) : std::nullopt;
  if (!incarnation)
    throw core::Broken(core::Breakage::corrupt, file().string() + ": no incarnation; rebuild it");
  projections::Checkpoint checkpoint{ports::Incarnation{*incarnation}, {}};
  Statement select{connection_, "SELECT next, last, event FROM checkpoint ORDER BY partition"};
  while (select.step()) {
    checkpoint.partitions.push_back(
        {ports::Offset{select.integer(0)},
         select.is_null(1) ? std::nullopt : std::optional{ports::Offset{select.integer(1)}},
         event_of(select, 2)});
  }
  return checkpoint;
}

void SqliteStore::hold_still() {
  connection_.execute("BEGIN");
  static_cast<void>(connection_.number("SELECT 1 FROM meta"));  // The first read takes it.
}

void SqliteStore::take_over() {
  transaction_.reset();
  lost_changes_ = false;
  sqlite::Transaction transaction{connection_};
  connection_.execute("UPDATE meta SET value = value + 1 WHERE key = 'epoch'");
  epoch_ = connection_.number("SELECT value FROM meta WHERE key = 'epoch'");
  transaction.commit();
}

bool SqliteStore::begin() {
  if (transaction_) return true;
  transaction_.emplace(connection_);
  const bool mine = select_epoch_->step() && select_epoch_->integer(0) == epoch_;
  select_epoch_->reset();
  if (!mine) transaction_.reset();
  return mine;
}

bool SqliteStore::commit(const Change& change) {
  if (lost_changes_) {
    throw core::Broken(core::Breakage::io,
                       file().string() + ": a step of the load failed; take over and resume");
  }
  try {
    if (!begin()) return false;
    apply(change);
    if (loading_ && change.checkpoints.empty()) return true;
    transaction_->commit();
    transaction_.reset();
  } catch (...) {
    lost_changes_ = loading_;
    transaction_.reset();
    throw;
  }
  if (connection_.wal_pages() > kWalPagesMax) connection_.checkpoint_passive();
  return true;
}

void SqliteStore::apply(const Change& change) {
  for (const Change::Step& step : change.steps) {
    std::visit([this](const auto& one) { apply(one); }, step);
  }
  if (!change.healed.empty()) {
    Statement heal{connection_, "DELETE FROM quarantine WHERE patient_id = ?1"};
    for (const patient::PatientId& id : change.healed) heal.bind(1, id.text()).run();
  }
  for (const Quarantined& entry : change.quarantined) remember(entry);
  for (const auto& [partition, checkpoint] : change.checkpoints) remember(partition, checkpoint);
}

void SqliteStore::apply(const Change::Replace& replace) {
  if (!loading_) {
    update_listings(replace.patient, replace.rows);
    apply(Change::RemovePatient{replace.patient});
  }
  insert(replace.rows);
}

void SqliteStore::update_listings(const patient::PatientId& id, const projections::Rows& rows) {
  for (std::size_t table = 0; table < tables_.size(); ++table) {
    auto& listing = statements_[table].listing;
    if (!listing) continue;
    std::string_view packed;
    for (const projections::Row& row : rows) {
      if (row.table == table) packed = listed_in(tables_[table], row);
    }
    listing->replace(id.text(), packed);
  }
}

void SqliteStore::apply(const Change::Add& add) { insert(add.rows); }

void SqliteStore::apply(const Change::RemoveEvent& remove) {
  for (std::size_t table = 0; table < tables_.size(); ++table) {
    auto& statement = statements_[table].delete_event;
    if (!statement) continue;
    if (removes_at_once(table)) {
      statement->bind(1, remove.patient.text()).bind(2, remove.sequence.get()).run();
    } else {
      remove_when_loaded(table, remove.patient, remove.sequence);
    }
  }
}

void SqliteStore::apply(const Change::RemovePatient& remove) {
  for (std::size_t table = 0; table < tables_.size(); ++table) {
    if (removes_at_once(table)) {
      statements_[table].delete_patient.bind(1, remove.patient.text()).run();
    } else {
      remove_when_loaded(table, remove.patient, std::nullopt);
    }
  }
}

void SqliteStore::insert(const projections::Rows& rows) {
  for (const projections::Row& row : rows) {
    Statement& statement = statements_[row.table].insert;
    const projections::Table& table = tables_[row.table];
    for (std::size_t at = 0; at < row.cells.size(); ++at) {
      bind(statement, static_cast<int>(at) + 1, row.cells[at], table.columns[at].type);
    }
    statement.run();
  }
}

bool SqliteStore::removes_at_once(std::size_t table) const {
  return !loading_ || tables_[table].first_wins;
}

void SqliteStore::remove_when_loaded(std::size_t table,
                                     const patient::PatientId& id,
                                     std::optional<patient::Sequence> sequence) {
  Statement& last_row = statements_[table].last_row;
  const std::int64_t last = last_row.step() ? last_row.integer(0) : 0;
  last_row.reset();
  Statement insert{connection_, "INSERT INTO pending_removal VALUES (?1, ?2, ?3, ?4)"};
  insert.bind(1, static_cast<std::int64_t>(table)).bind(2, id.text()).bind(4, last);
  if (sequence) {
    insert.bind(3, sequence->get());
  } else {
    insert.bind_null(3);
  }
  insert.run();
}

void SqliteStore::remember(const Quarantined& entry) {
  Statement upsert{connection_,
                   "INSERT OR REPLACE INTO quarantine VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
  upsert.bind(1, entry.patient.text())
      .bind(2, std::int64_t{entry.partition.get()})
      .bind(3, entry.offset.get())
      .bind(4, std::string_view{entry.error})
      .bind(5, std::int64_t{entry.since.time_since_epoch().count()})
      .bind(6, std::int64_t{entry.code_version})
      .run();
}

void SqliteStore::remember(ports::Partition partition,
                           const projections::PartitionCheckpoint& checkpoint) {
  Statement& upsert = *upsert_checkpoint_;
  upsert.bind(1, std::int64_t{partition.get()}).bind(2, checkpoint.next.get());
  checkpoint.last ? upsert.bind(3, checkpoint.last->get()) : upsert.bind_null(3);
  checkpoint.event ? upsert.bind_blob(4, bytes_of(checkpoint.event->get())) : upsert.bind_null(4);
  upsert.run();
}

std::vector<Quarantined> SqliteStore::quarantined() const {
  Statement select{connection_, std::string{kSelectQuarantine} + " ORDER BY patient_id"};
  std::vector<Quarantined> entries;
  while (select.step()) entries.push_back(quarantined_of(select));
  return entries;
}

std::optional<Quarantined> SqliteStore::quarantined(const patient::PatientId& patient) const {
  Statement select{connection_, std::string{kSelectQuarantine} + " WHERE patient_id = ?1"};
  if (!select.bind(1, patient.text()).step()) return std::nullopt;
  return quarantined_of(select);
}

std::int64_t SqliteStore::row_count() const {
  std::int64_t count = 0;
  for (const projections::Table& table : tables_) {
    count += connection_.number("SELECT count(*) FROM " + std::string{table.name});
  }
  return count;
}

std::unique_ptr<projections::RowCursor> SqliteStore::rows(std::size_t table) const {
  return std::make_unique<Cursor>(Statement{connection_, select_in_key_order(tables_[table])});
}

}  // namespace infra::read_models
