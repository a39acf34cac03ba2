#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "infra/read_models/listing.h"
#include "infra/sqlite/connection.h"
#include "infra/sqlite/statement.h"
#include "infra/sqlite/transaction.h"
#include "projections/read_store.h"

namespace infra::read_models {

// One generation of one read model in one SQLite file (README.md has the schema). Readers open the
// same file with connections of their own and are never in the way. Used by one thread at a time.
class SqliteStore final : public projections::ReadStore {
 public:
  // A new generation, loading. An older file of this name is removed first.
  [[nodiscard]] static std::unique_ptr<SqliteStore> create(
      const std::filesystem::path& file,
      const projections::Projection& projection,
      const ports::LogIdentity& log);
  // Throws core::Broken (corrupt: rebuild it) when the file is missing, damaged where a quick look
  // sees it, or of another projection or version.
  [[nodiscard]] static std::unique_ptr<SqliteStore> open(const std::filesystem::path& file,
                                                         const projections::Projection& projection);

  [[nodiscard]] projections::Checkpoint checkpoint() const override;
  void take_over() override;
  [[nodiscard]] bool commit(const projections::Change& change) override;
  [[nodiscard]] bool loading() const override { return loading_; }
  void finish_loading() override;
  [[nodiscard]] std::vector<projections::Quarantined> quarantined() const override;
  [[nodiscard]] std::optional<projections::Quarantined> quarantined(
      const patient::PatientId& patient) const override;
  [[nodiscard]] std::int64_t row_count() const override;
  [[nodiscard]] std::unique_ptr<projections::RowCursor> rows(std::size_t table) const override;

  // From now on it shows the rows as they stand, whatever other connections commit, and writes
  // nothing any more. The write-ahead log grows meanwhile: not for long.
  void hold_still();

  // SQLite's own check of the whole file: what it found, at most ten sentences; none: sound.
  [[nodiscard]] std::vector<std::string> integrity() const;
  [[nodiscard]] const std::filesystem::path& file() const { return connection_.file(); }

 private:
  struct TableStatements {
    sqlite::Statement insert;
    sqlite::Statement delete_patient;
    std::optional<sqlite::Statement> delete_event;
    sqlite::Statement last_row;
    std::optional<Listing> listing;
  };

  SqliteStore(sqlite::Connection connection, const projections::Projection& projection);
  void prepare();
  [[nodiscard]] bool begin();
  void build_indexes();
  void apply(const projections::Change& change);
  void apply(const projections::Change::Replace& replace);
  void apply(const projections::Change::Add& add);
  void apply(const projections::Change::RemoveEvent& remove);
  void apply(const projections::Change::RemovePatient& remove);
  void insert(const projections::Rows& rows);
  void update_listings(const patient::PatientId& id, const projections::Rows& rows);
  void remove_when_loaded(std::size_t table,
                          const patient::PatientId& id,
                          std::optional<patient::Sequence> sequence);
  [[nodiscard]] bool removes_at_once(std::size_t table) const;
  void remember(const projections::Quarantined& entry);
  void remember(ports::Partition partition, const projections::PartitionCheckpoint& checkpoint);

  mutable sqlite::Connection connection_;
  std::vector<projections::Table> tables_;
  std::vector<TableStatements> statements_;
  std::optional<sqlite::Statement> select_epoch_;
  std::optional<sqlite::Statement> upsert_checkpoint_;
  std::optional<sqlite::Transaction> transaction_;  // stays open between provisional changes
  std::int64_t epoch_ = -1;
  bool loading_ = true;
  bool lost_changes_ = false;  // a provisional change failed: nothing more until a new take-over
};

}  // namespace infra::read_models
