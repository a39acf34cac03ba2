#include <gtest/gtest.h>

#include "infra/read_models/sqlite_store.h"
#include "tests/projections/memory_store.h"
#include "tests/projections/scratch_folder.h"

namespace testing_projections {
namespace {

using patient::PatientId;
using patient::Sequence;
using projections::Column;
using projections::ColumnType;
using projections::PartitionCheckpoint;
using projections::Row;

const ports::LogIdentity kLog{ports::Incarnation{core::Uuid{{9, 9}}}, 2};
const PatientId kAda = PatientId::numbered(1);
const PatientId kBea = PatientId::numbered(2);

projections::Projection of_state() {
  return {"people",
          3,
          {{"person",
            {{"patient_id", ColumnType::text},
             {"age", ColumnType::integer},
             {"photo", ColumnType::blob}},
            1,
            false,
            {{"age", "patient_id"}}}},
          projections::StateRows{}};
}
projections::Projection of_history() {
  const std::vector<Column> columns{{"patient_id", ColumnType::text},
                                    {"sequence", ColumnType::integer},
                                    {"source", ColumnType::text}};
  return {"calls",
          1,
          {{"call", columns, 2},
           {"first_call",
            {{"patient_id", ColumnType::text},
             {"source", ColumnType::text},
             {"sequence", ColumnType::integer}},
            2,
            true}},
          projections::HistoryRows{}};
}
Change::Replace person(const PatientId& id, std::int64_t age) {
  return {id, {{0, {id.text(), age, std::string{"\0\xFF", 2}}}}};
}
Change::Add call(const PatientId& id, std::int64_t sequence, const std::string& source) {
  return {{{0, {id.text(), sequence, source}}, {1, {id.text(), source, sequence}}}};
}
Change of(std::vector<Change::Step> steps, std::int64_t next = 1) {
  return {std::move(steps),
          {},
          {},
          {{ports::Partition{1},
            {ports::Offset{next}, ports::Offset{0}, patient::EventId{core::Uuid{{5}}}}}}};
}
Change provisional(std::vector<Change::Step> steps) { return {std::move(steps), {}, {}, {}}; }

// Makes and reopens stores of one kind; every reopening is another process.
class Kind {
 public:
  virtual ~Kind() = default;
  virtual std::unique_ptr<projections::ReadStore> create(const projections::Projection&) = 0;
  virtual std::unique_ptr<projections::ReadStore> reopen(const projections::Projection&) = 0;
};
class InMemory final : public Kind {
 public:
  std::unique_ptr<projections::ReadStore> create(const projections::Projection& p) override {
    disk_ = MemoryStore::make(p, kLog);
    return std::make_unique<MemoryStore>(disk_);
  }
  std::unique_ptr<projections::ReadStore> reopen(const projections::Projection&) override {
    return std::make_unique<MemoryStore>(disk_);
  }

 private:
  std::shared_ptr<MemoryStore::Disk> disk_;
};
class OnSqlite final : public Kind {
 public:
  std::unique_ptr<projections::ReadStore> create(const projections::Projection& p) override {
    return infra::read_models::SqliteStore::create(folder_.path() / "store.db", p, kLog);
  }
  std::unique_ptr<projections::ReadStore> reopen(const projections::Projection& p) override {
    return infra::read_models::SqliteStore::open(folder_.path() / "store.db", p);
  }

 private:
  ScratchFolder folder_;
};

using MakeKind = std::unique_ptr<Kind> (*)();
class ReadStoreContract : public ::testing::TestWithParam<MakeKind> {
 protected:
  std::unique_ptr<projections::ReadStore> loaded(const projections::Projection& projection) {
    auto store = kind->create(projection);
    store->take_over();
    store->finish_loading();
    return store;
  }
  std::unique_ptr<Kind> kind = GetParam()();
  projections::Projection people = of_state();
  projections::Projection calls = of_history();
};

TEST_P(ReadStoreContract, ANewGenerationIsLoadingAndAtTheBeginning) {
  const auto store = kind->create(people);
  EXPECT_TRUE(store->loading());
  const Checkpoint start{kLog.incarnation, std::vector<PartitionCheckpoint>(2)};
  EXPECT_EQ(store->checkpoint(), start);
  EXPECT_EQ(store->row_count(), 0);
}

TEST_P(ReadStoreContract, ReplacesAllRowsOfAPatientAndNobodyElses) {
  const auto store = loaded(people);
  ASSERT_TRUE(store->commit(of({person(kAda, 30), person(kBea, 40)})));
  ASSERT_TRUE(store->commit(of({person(kAda, 31)})));
  ASSERT_TRUE(store->commit(of({Change::Replace{kBea, {}}})));
  const Snapshot expected{{{person(kAda, 31).rows[0].cells}}, {}};
  EXPECT_EQ(snapshot(people, *store), expected);
}

TEST_P(ReadStoreContract, RowsAndCheckpointSurviveReopening) {
  ASSERT_TRUE(loaded(people)->commit(of({person(kAda, 30)}, 7)));
  const auto store = kind->reopen(people);
  EXPECT_FALSE(store->loading());
  EXPECT_EQ(store->row_count(), 1);
  EXPECT_EQ(store->checkpoint().partitions[1], of({}, 7).checkpoints[0].second);
  EXPECT_EQ(store->checkpoint().partitions[0], PartitionCheckpoint{});
}

TEST_P(ReadStoreContract, NullIsNeitherZeroNorEmpty) {
  const auto store = loaded(people);
  const std::vector<Cell> cells{kAda.text(), Cell{}, std::string{}};
  ASSERT_TRUE(store->commit(of({Change::Replace{kAda, {{0, cells}}}})));
  EXPECT_EQ(snapshot(people, *store).tables[0][0], cells);
}

TEST_P(ReadStoreContract, TheFirstRowOfAKeyStaysWhereTheTableSaysSo) {
  const auto store = loaded(calls);
  ASSERT_TRUE(store->commit(of({call(kAda, 1, "a"), call(kAda, 2, "a")})));
  EXPECT_EQ(snapshot(calls, *store).tables[0].size(), 2U);
  const std::vector<Cell> first{kAda.text(), std::string{"a"}, std::int64_t{1}};
  EXPECT_EQ(snapshot(calls, *store).tables[1], std::vector<std::vector<Cell>>{first});
}

TEST_P(ReadStoreContract, RemovesOneEventOrAllOfAPatientLoadedOrLoading) {
  for (const bool loading : {false, true}) {
    SCOPED_TRACE(loading);
    const auto store = kind->create(calls);
    store->take_over();
    if (!loading) store->finish_loading();
    ASSERT_TRUE(store->commit(of({call(kAda, 1, "a"), call(kAda, 2, "b"), call(kBea, 1, "c")})));
    ASSERT_TRUE(store->commit(of({Change::RemoveEvent{kAda, Sequence{1}}})));
    ASSERT_TRUE(store->commit(of({Change::RemovePatient{kBea}, call(kBea, 1, "d")})));
    store->finish_loading();
    const Snapshot found = snapshot(calls, *store);
    const std::vector<std::vector<Cell>> left{{kAda.text(), std::int64_t{2}, std::string{"b"}},
                                              {kBea.text(), std::int64_t{1}, std::string{"d"}}};
    EXPECT_EQ(found.tables[0], left);
    EXPECT_EQ(found.tables[1].size(), 2U);
  }
}

TEST_P(ReadStoreContract, OfARepeatedKeyTheLastRowStays) {
  for (const bool loading : {false, true}) {
    SCOPED_TRACE(loading);
    const auto store = kind->create(calls);
    store->take_over();
    if (!loading) store->finish_loading();
    ASSERT_TRUE(store->commit(of({call(kAda, 1, "a"), call(kAda, 1, "b")})));
    store->finish_loading();
    const std::vector<Cell> last{kAda.text(), std::int64_t{1}, std::string{"b"}};
    EXPECT_EQ(snapshot(calls, *store).tables[0], std::vector<std::vector<Cell>>{last});
  }
}

TEST_P(ReadStoreContract, QuarantinesAndHeals) {
  const auto store = loaded(people);
  const Quarantined entry{kAda, ports::Partition{1}, ports::Offset{5}, "why", core::Timestamp{}, 1};
  Change change = of({});
  change.quarantined = {entry};
  ASSERT_TRUE(store->commit(change));
  EXPECT_EQ(kind->reopen(people)->quarantined(), std::vector{entry});
  EXPECT_EQ(store->quarantined(kAda), entry);
  EXPECT_EQ(store->quarantined(kBea), std::nullopt);
  change = of({});
  change.healed = {kAda};
  ASSERT_TRUE(store->commit(change));
  EXPECT_TRUE(store->quarantined().empty());
}

TEST_P(ReadStoreContract, AWorkerWhoseStoreWasTakenOverWritesNothing) {
  const auto old = loaded(people);
  const auto current = kind->reopen(people);
  current->take_over();
  EXPECT_FALSE(old->commit(of({person(kAda, 30)})));
  EXPECT_TRUE(current->commit(of({person(kBea, 40)})));
  EXPECT_EQ(kind->reopen(people)->row_count(), 1);
}

TEST_P(ReadStoreContract, AStoreNobodyTookOverWritesNothing) {
  auto store = loaded(people);
  store = kind->reopen(people);
  EXPECT_FALSE(store->commit(of({person(kAda, 30)})));
}

TEST_P(ReadStoreContract, LoadingSurvivesReopening) {
  auto store = kind->create(people);
  store->take_over();
  ASSERT_TRUE(store->commit(of({person(kAda, 30)})));
  store.reset();
  store = kind->reopen(people);
  EXPECT_TRUE(store->loading());
  store->take_over();
  store->finish_loading();
  store.reset();
  store = kind->reopen(people);
  EXPECT_FALSE(store->loading());
  EXPECT_EQ(store->row_count(), 1);
}

TEST_P(ReadStoreContract, ProvisionalChangesCountWithTheNextCheckpoint) {
  auto store = kind->create(people);
  store->take_over();
  ASSERT_TRUE(store->commit(provisional({person(kAda, 30)})));
  ASSERT_TRUE(store->commit(of({person(kBea, 40)}, 3)));
  store.reset();
  EXPECT_EQ(kind->reopen(people)->row_count(), 2);
}

TEST_P(ReadStoreContract, ProvisionalChangesAreGoneAfterReopeningOrTakingOver) {
  for (const bool reopen : {false, true}) {
    SCOPED_TRACE(reopen);
    auto store = kind->create(people);
    store->take_over();
    ASSERT_TRUE(store->commit(of({person(kAda, 30)}, 3)));
    ASSERT_TRUE(store->commit(provisional({person(kBea, 40)})));
    if (reopen) {
      store.reset();
      store = kind->reopen(people);
    }
    store->take_over();
    EXPECT_EQ(store->row_count(), 1);
    ASSERT_TRUE(store->commit(of({person(kBea, 41)}, 4)));
    store->finish_loading();
    EXPECT_EQ(store->row_count(), 2);
  }
}

INSTANTIATE_TEST_SUITE_P(Memory,
                         ReadStoreContract,
                         ::testing::Values([]() -> std::unique_ptr<Kind> {
                           return std::make_unique<InMemory>();
                         }));
INSTANTIATE_TEST_SUITE_P(Sqlite,
                         ReadStoreContract,
                         ::testing::Values([]() -> std::unique_ptr<Kind> {
                           return std::make_unique<OnSqlite>();
                         }));

}  // namespace
}  // namespace testing_projections
