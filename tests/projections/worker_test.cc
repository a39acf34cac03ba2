#include "projections/worker.h"

#include <gtest/gtest.h>

#include "projections/all.h"
#include "projections/rebuild.h"
#include "projections/verify.h"
#include "tests/projections/codec_around.h"
#include "tests/projections/world.h"

namespace testing_projections {
namespace {

using patient::PatientId;
using projections::Projection;
using projections::Worker;

const PatientId kAda = PatientId::numbered(1);

class WorkerTest : public ::testing::Test {
 protected:
  WorkerTest() {
    for (const Projection& projection : all) {
      disks.push_back(MemoryStore::make(projection, world.log.identity()));
      MemoryStore{disks.back()}.finish_loading();
    }
  }
  void catch_up(std::int32_t code_version = projections::kCodeVersion) {
    for (std::size_t at = 0; at < all.size(); ++at) {
      MemoryStore store{disks[at]};
      Worker{{world.log, world.codec, all[at], store}, code_version}.catch_up();
    }
  }
  void expect_shown() {
    for (std::size_t at = 0; at < all.size(); ++at) {
      EXPECT_EQ(snapshot(all[at], MemoryStore{disks[at]}), world.expected(all[at])) << all[at].name;
    }
  }
  World world{1, 12};
  std::vector<Projection> all = projections::all(world.codec);
  std::vector<std::shared_ptr<MemoryStore::Disk>> disks;
};

TEST_F(WorkerTest, ARecordNobodyCanReadTakesThePatientsRowsAwayAndNobodyElses) {
  world.act_many(60, false);
  catch_up();
  world.append_unreadable(kAda);
  world.act_many(5, false);
  world.append_unreadable(kAda);
  catch_up();
  expect_shown();
  for (const auto& disk : disks) {
    const auto entry = MemoryStore{disk}.quarantined(kAda);
    ASSERT_TRUE(entry);
    EXPECT_FALSE(entry->error.empty());
    EXPECT_EQ(entry->error.find("nobody can read"), std::string::npos) << "content in an error";
  }
}

TEST_F(WorkerTest, TheNextGoodRecordHealsWithAllReadableRows) {
  world.act_many(60, false);
  world.append_unreadable(kAda);
  catch_up();
  world.restate(kAda);
  catch_up();
  expect_shown();
  for (const auto& disk : disks) EXPECT_TRUE(MemoryStore{disk}.quarantined().empty());
}

// Cannot read one event until it is a newer version of itself.
class LearningCodec final : public CodecAround {
 public:
  using CodecAround::CodecAround;
  std::optional<std::string> unreadable;
  core::Result<patient::Recorded, ports::Undecodable> decode_history(
      std::string_view bytes) override {
    auto recorded = CodecAround::decode_history(bytes);
    if (recorded && refuses(recorded.value().envelope.patient_id))
      return core::Failure{ports::Undecodable{"not learnt yet"}};
    return recorded;
  }
  core::Result<ports::StateRecord, ports::Undecodable> decode_event(
      std::string_view bytes) override {
    auto record = CodecAround::decode_event(bytes);
    if (record && refuses(record.value().patient_id))
      return core::Failure{ports::Undecodable{"not learnt yet"}};
    return record;
  }

 private:
  bool refuses(const PatientId& id) const { return unreadable == id.text(); }
};

TEST_F(WorkerTest, ANewCodeVersionReadsQuarantinedRecordsAgain) {
  world.act_many(60, false);
  LearningCodec codec{world.codec};
  for (std::size_t at = 0; at < all.size(); ++at) {
    MemoryStore store{disks[at]};
    codec.unreadable = kAda.text();
    Worker{{world.log, codec, all[at], store}}.catch_up();
    ASSERT_TRUE(store.quarantined(kAda));
    codec.unreadable.reset();
    Worker{{world.log, codec, all[at], store}}.catch_up();
    EXPECT_TRUE(store.quarantined(kAda)) << "the same version decides the same";
    Worker{{world.log, codec, all[at], store}, projections::kCodeVersion + 1}.catch_up();
    EXPECT_FALSE(store.quarantined(kAda));
  }
  expect_shown();
}

TEST_F(WorkerTest, SkipsAndCountsWhatLiesInTheWrongPartitionOrHasNoPatientsKey) {
  world.append_to_wrong_partition();
  world.append_to_wrong_partition();
  world.append_unknown_key();
  MemoryStore store{disks[0]};
  const auto applied = Worker{{world.log, world.codec, all[0], store}}.catch_up();
  EXPECT_EQ(applied.skipped, (projections::Skipped{2, 1}));
  EXPECT_EQ(applied.records, 0);
  EXPECT_EQ(store.row_count(), 0);
}

TEST_F(WorkerTest, IsAtTheEndOfTheLogAfterwards) {
  world.act_many(30, true);
  catch_up();
  const auto ends = world.log.ends(ports::Topic::patient_events);
  const auto checkpoint = MemoryStore{disks[0]}.checkpoint();
  for (std::size_t at = 0; at < ends.size(); ++at)
    EXPECT_EQ(checkpoint.partitions[at].next, ends[at]);
}

TEST_F(WorkerTest, AWorkerThatWasTakenOverStops) {
  MemoryStore store{disks[0]};
  Worker old{{world.log, world.codec, all[0], store}};
  MemoryStore other{disks[0]};
  const Worker current{{world.log, world.codec, all[0], other}};
  world.act_many(30, false);
  EXPECT_THROW(old.apply(), core::Broken);
}

void expect_mismatch(const std::function<void()>& act) {
  try {
    act();
    ADD_FAILURE() << "another log was taken for the right one";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::log_mismatch);
  }
}

TEST_F(WorkerTest, RefusesAnotherHistoryOfTheSameLog) {
  world.act_many(40, false);
  catch_up();
  World other{2, 12};  // The same incarnation, as after a backup was brought back and gone on with.
  other.act_many(200, false);
  for (std::size_t at = 0; at < all.size(); ++at) {
    MemoryStore store{disks[at]};
    expect_mismatch([&] { Worker{{other.log, other.codec, all[at], store}}.catch_up(); });
  }
}

TEST_F(WorkerTest, RefusesAnOlderCopyOfTheLog) {
  world.act_many(40, false);
  catch_up();
  World older{1, 12};
  older.act_many(20, false);
  MemoryStore store{disks[0]};
  expect_mismatch([&] { Worker{{older.log, older.codec, all[0], store}}.catch_up(); });
}

TEST_F(WorkerTest, RefusesALogOfAnotherIncarnationOrPartitionCount) {
  auto checkpoint = MemoryStore{disks[0]}.checkpoint();
  checkpoint.partitions.pop_back();
  const auto topic = ports::Topic::patient_events;
  expect_mismatch([&] { projections::expect_same_log(world.log, topic, checkpoint); });
  checkpoint = MemoryStore{disks[0]}.checkpoint();
  checkpoint.incarnation = ports::Incarnation{core::Uuid{{42}}};
  expect_mismatch([&] { projections::expect_same_log(world.log, topic, checkpoint); });
}

TEST_F(WorkerTest, AComparisonNamesPatientTableColumnAndBothValues) {
  world.act_many(60, false);
  catch_up();
  const Projection& projection = all[1];
  MemoryStore live{disks[1]};
  MemoryStore tampered{std::make_shared<MemoryStore::Disk>(*disks[1])};
  std::vector<std::vector<Cell>> rows = snapshot(projection, live).tables[0];
  ASSERT_GE(rows.size(), 2U);
  const auto id = [&](std::size_t row) {
    return *PatientId::parse(std::get<std::string>(rows[row][0]));
  };
  auto changed = rows[0];
  changed[3] = std::string{"other"};
  tampered.take_over();
  ASSERT_TRUE(tampered.commit({{Change::Replace{id(0), {{0, changed}}}, Change::Replace{id(1), {}}},
                               {},
                               {},
                               {{ports::Partition{0}, {}}}}));
  const auto comparison = projections::compare(projection, live, tampered);
  ASSERT_EQ(comparison.drifted, 2);
  const projections::Drift value{
      id(0).text(), "letzter_kontakt", "source", rows[0][3], std::string{"other"}};
  const projections::Drift missing{id(1).text(), "letzter_kontakt", "*", id(1).text(), Cell{}};
  EXPECT_EQ(comparison.drift, (std::vector{value, missing}));
  EXPECT_EQ(projections::compare(projection, live, live).drifted, 0);
}

}  // namespace
}  // namespace testing_projections
