#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "domain/core/broken.h"
#include "domain/core/match.h"
#include "projections/read_store.h"

namespace testing_projections {

using projections::Cell;
using projections::Change;
using projections::Checkpoint;
using projections::Quarantined;

// The honest in-memory read store: the same promises as the one on SQLite. `Disk` outlives a
// handle, so that a handle can be dropped and opened again like a process that died.
class MemoryStore final : public projections::ReadStore {
 public:
  struct Contents {
    std::vector<std::map<std::vector<Cell>, std::vector<Cell>>> tables;  // key → row
    std::map<patient::PatientId, Quarantined> quarantined;
    Checkpoint checkpoint;
    bool loading = true;
  };
  struct Disk {
    std::vector<projections::Table> tables;
    Contents contents;
    std::int64_t epoch = 0;
  };
  static std::shared_ptr<Disk> make(const projections::Projection& projection,
                                    const ports::LogIdentity& log) {
    const auto count = static_cast<std::size_t>(log.partitions);
    Checkpoint start{log.incarnation, std::vector<projections::PartitionCheckpoint>(count)};
    Contents contents{{}, {}, std::move(start), true};
    contents.tables.resize(projection.tables.size());
    return std::make_shared<Disk>(Disk{projection.tables, std::move(contents), 0});
  }

  explicit MemoryStore(std::shared_ptr<Disk> disk)
      : disk_(std::move(disk)), working_(disk_->contents) {}

  Checkpoint checkpoint() const override { return working_.checkpoint; }
  void take_over() override {
    epoch_ = ++disk_->epoch;
    working_ = disk_->contents;
  }
  bool commit(const Change& change) override {
    if (epoch_ != disk_->epoch) return false;
    for (const Change::Step& step : change.steps) {
      core::match(
          step,
          [&](const Change::Replace& replace) {
            remove(replace.patient, std::nullopt);
            insert(replace.rows);
          },
          [&](const Change::Add& add) { insert(add.rows); },
          [&](const Change::RemoveEvent& event) { remove(event.patient, event.sequence); },
          [&](const Change::RemovePatient& all) { remove(all.patient, std::nullopt); });
    }
    for (const patient::PatientId& id : change.healed) working_.quarantined.erase(id);
    for (const Quarantined& entry : change.quarantined)
      working_.quarantined.insert_or_assign(entry.patient, entry);
    for (const auto& [partition, checkpoint] : change.checkpoints)
      working_.checkpoint.partitions[static_cast<std::size_t>(partition.get())] = checkpoint;
    if (!working_.loading || !change.checkpoints.empty()) disk_->contents = working_;
    return true;
  }
  bool loading() const override { return working_.loading; }
  void finish_loading() override {
    working_.loading = false;
    disk_->contents = working_;
  }
  std::vector<Quarantined> quarantined() const override {
    std::vector<Quarantined> entries;
    for (const auto& [id, entry] : working_.quarantined) entries.push_back(entry);
    return entries;
  }
  std::optional<Quarantined> quarantined(const patient::PatientId& patient) const override {
    const auto found = working_.quarantined.find(patient);
    return found == working_.quarantined.end() ? std::nullopt : std::optional{found->second};
  }
  std::int64_t row_count() const override {
    std::size_t count = 0;
    for (const auto& table : working_.tables) count += table.size();
    return static_cast<std::int64_t>(count);
  }
  std::unique_ptr<projections::RowCursor> rows(std::size_t table) const override {
    return std::make_unique<Cursor>(working_.tables[table]);
  }

 private:
  class Cursor final : public projections::RowCursor {
   public:
    explicit Cursor(const std::map<std::vector<Cell>, std::vector<Cell>>& rows)
        : at_(rows.begin()), end_(rows.end()) {}
    bool next(std::vector<Cell>& row) override {
      if (at_ == end_) return false;
      row = at_++->second;
      return true;
    }

   private:
    std::map<std::vector<Cell>, std::vector<Cell>>::const_iterator at_;
    std::map<std::vector<Cell>, std::vector<Cell>>::const_iterator end_;
  };

  void insert(const projections::Rows& rows) {
    for (const projections::Row& row : rows) {
      const projections::Table& table = disk_->tables[row.table];
      const auto key_end = row.cells.begin() + static_cast<std::ptrdiff_t>(table.key_columns);
      const std::vector<Cell> key(row.cells.begin(), key_end);
      if (table.first_wins) {
        working_.tables[row.table].try_emplace(key, row.cells);
      } else {
        working_.tables[row.table].insert_or_assign(key, row.cells);
      }
    }
  }

  void remove(const patient::PatientId& id, std::optional<patient::Sequence> sequence) {
    for (std::size_t at = 0; at < disk_->tables.size(); ++at) {
      const auto& columns = disk_->tables[at].columns;
      const auto column = std::find_if(
          columns.begin(), columns.end(), [](const auto& c) { return c.name == "sequence"; });
      std::erase_if(working_.tables[at], [&](const auto& entry) {
        if (entry.second.front() != Cell{id.text()}) return false;
        return !sequence || entry.second[static_cast<std::size_t>(column - columns.begin())] ==
                                Cell{sequence->get()};
      });
    }
  }

  std::shared_ptr<Disk> disk_;
  Contents working_;
  std::int64_t epoch_ = -1;  // nobody took this handle over: it writes nothing
};

// A store whose n-th commit (1, 2, …) fails: before anything happened, or after all of it did.
class FailingStore final : public projections::ReadStore {
 public:
  enum class When { before, after };
  FailingStore(projections::ReadStore& inner, int commit, When when)
      : inner_(inner), left_(commit), when_(when) {}

  [[nodiscard]] bool failed() const { return left_ <= 0; }
  Checkpoint checkpoint() const override { return inner_.checkpoint(); }
  void take_over() override { inner_.take_over(); }
  bool commit(const Change& change) override {
    const bool fails = --left_ == 0;
    if (fails && when_ == When::before) fail();
    const bool mine = inner_.commit(change);
    if (fails) fail();
    return mine;
  }
  bool loading() const override { return inner_.loading(); }
  void finish_loading() override { inner_.finish_loading(); }
  std::vector<Quarantined> quarantined() const override { return inner_.quarantined(); }
  std::optional<Quarantined> quarantined(const patient::PatientId& patient) const override {
    return inner_.quarantined(patient);
  }
  std::int64_t row_count() const override { return inner_.row_count(); }
  std::unique_ptr<projections::RowCursor> rows(std::size_t table) const override {
    return inner_.rows(table);
  }

 private:
  [[noreturn]] static void fail() {
    throw core::Broken(core::Breakage::io, "the disk said no, as the test asked");
  }

  projections::ReadStore& inner_;
  int left_;
  When when_;
};

// All rows and who is quarantined by which record: what two stores with the same answer share.
struct Snapshot {
  std::vector<std::vector<std::vector<Cell>>> tables;
  std::vector<std::tuple<std::string, ports::Partition, ports::Offset>> quarantined;
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};
inline Snapshot snapshot(const projections::Projection& projection,
                         const projections::ReadStore& store) {
  Snapshot snapshot;
  for (std::size_t table = 0; table < projection.tables.size(); ++table) {
    auto& rows = snapshot.tables.emplace_back();
    store.scan(table, [&](const std::vector<Cell>& row) { rows.push_back(row); });
  }
  for (const Quarantined& entry : store.quarantined())
    snapshot.quarantined.emplace_back(entry.patient.text(), entry.partition, entry.offset);
  return snapshot;
}

}  // namespace testing_projections
