#include <gtest/gtest.h>

#include "infra/ingest/import_folder.h"
#include "tests/domain/given.h"
#include "tests/ingest/monitor_world.h"
#include "tests/projections/scratch_folder.h"

namespace {

using infra::ingest::Shelf;
using std::chrono::days;
using std::chrono::hours;
using tests::MonitorWorld;

// A world in which one file was processed and one failed, at kNow.
std::unique_ptr<MonitorWorld> with_files(days retention) {
  auto world = std::make_unique<MonitorWorld>(retention);
  world->put_sample("registrations/01-sommerfeld.json");
  world->put_sample("registrations-bad/bad-date.json");
  world->two_rounds();
  return world;
}

TEST(ImportRetention, RemovesProcessedFilesAfterTheirTime) {
  const auto world = with_files(days{30});
  world->world.clock.set(tests::kNow + days{30});
  EXPECT_EQ(world->monitor->round().removed, 0);
  world->world.clock.set(tests::kNow + days{30} + hours{1});
  EXPECT_EQ(world->monitor->round().removed, 1);
  EXPECT_TRUE(world->names(Shelf::processed).empty());
}

TEST(ImportRetention, KeepsFailedFiles) {
  const auto world = with_files(days{1});
  world->world.clock.set(tests::kNow + days{1'000});
  world->monitor->round();
  EXPECT_EQ(world->names(Shelf::failed).size(), 2U);
}

TEST(ImportRetention, OfNoDaysKeepsEverything) {
  const auto world = with_files(days{0});
  world->world.clock.set(tests::kNow + days{1'000});
  EXPECT_EQ(world->monitor->round().removed, 0);
  EXPECT_EQ(world->names(Shelf::processed).size(), 1U);
}

TEST(ImportRetention, LooksOnceAnHour) {
  const auto world = with_files(days{1});
  world->world.clock.set(tests::kNow + days{1});
  world->monitor->round();
  world->world.clock.set(tests::kNow + days{1} + hours{1} - std::chrono::seconds{1});
  EXPECT_EQ(world->monitor->round().removed, 0);
  world->world.clock.set(tests::kNow + days{1} + hours{1});
  EXPECT_EQ(world->monitor->round().removed, 1);
}

TEST(ImportRetention, AFileRegisteredAgainAfterwardsIsStillADuplicate) {
  const auto world = with_files(days{1});
  world->world.clock.set(tests::kNow + days{3});
  world->monitor->round();
  ASSERT_TRUE(world->names(Shelf::processed).empty());
  world->put_sample("registrations/01-sommerfeld.json");
  EXPECT_EQ(world->two_rounds().duplicates, 1);
  EXPECT_EQ(world->patients(), 1U);
}

// A clock far from that of the file system: this year it is too early, in a hundred it is over.
TEST(ImportRetention, HoldsForAFolderOfThisMachine) {
  namespace fs = std::filesystem;
  const testing_projections::ScratchFolder scratch;
  infra::ingest::ImportFolder folder{scratch.path()};
  MonitorWorld world;
  world.look_at(folder);
  fs::copy(fs::path{SOURCE_ROOT} / "tests/data/registrations", scratch.path());
  world.world.clock.set(core::Timestamp{});
  world.two_rounds();
  fs::create_directory(scratch.path() / "processed/folder.json");
  world.world.clock.set(tests::kNow + days{100 * 365});
  EXPECT_EQ(world.monitor->round().removed, 12);
  EXPECT_TRUE(fs::exists(scratch.path() / "processed/folder.json"));
}

}  // namespace
