#include "infra/read_models/listing.h"

#include <gtest/gtest.h>

#include "infra/read_models/sqlite_store.h"
#include "projections/listing.h"
#include "projections/rebuild.h"
#include "projections/states/states.h"
#include "tests/projections/scratch_folder.h"
#include "tests/projections/world.h"

namespace testing_projections {
namespace {

using infra::read_models::SqliteStore;
using infra::sqlite::Connection;
using infra::sqlite::Open;
using infra::sqlite::Statement;

constexpr std::uint64_t kSeeds = 5;

std::vector<std::pair<std::int64_t, std::string>> entries_of(const SqliteStore& store) {
  Connection connection{store.file(), Open::read_only};
  Statement select{connection, "SELECT number, patient_id FROM command ORDER BY 1, 2"};
  std::vector<std::pair<std::int64_t, std::string>> entries;
  while (select.step()) entries.emplace_back(select.integer(0), select.bytes(1));
  return entries;
}

TEST(Listing, NumbersSurvivePackingWhateverTheirSign) {
  const std::vector<std::int64_t> numbers{0, 1, -1, 256, INT64_MIN, INT64_MAX};
  EXPECT_EQ(projections::unpack(projections::pack(numbers)), numbers);
  EXPECT_EQ(projections::pack({}), "");
  EXPECT_TRUE(projections::unpack("short").empty());
}

TEST(Listing, IsTheSameRebuiltAndKeptUpPatientByPatient) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    world.act_many(300, true);
    const ScratchFolder folder;
    const auto projection = projections::states_projection(world.codec);
    const auto slow =
        SqliteStore::create(folder.path() / "slow.db", projection, world.log.identity());
    slow->take_over();
    slow->finish_loading();
    projections::Worker{{world.log, world.codec, projection, *slow}}.catch_up(3);
    const auto fast =
        SqliteStore::create(folder.path() / "fast.db", projection, world.log.identity());
    const projections::Building building{projection, *fast};
    projections::rebuild({world.log, world.codec, std::span{&building, 1}});

    EXPECT_GT(entries_of(*fast).size(), 12U);
    EXPECT_EQ(entries_of(*slow), entries_of(*fast));
    EXPECT_TRUE(slow->integrity().empty());
    EXPECT_TRUE(fast->integrity().empty());
  }
}

TEST(Listing, AnEntryTooManyOrTooFewIsFoundByTheIntegrityCheck) {
  World world{1};
  world.act_many(100, false);
  const ScratchFolder folder;
  const auto projection = projections::states_projection(world.codec);
  const auto store =
      SqliteStore::create(folder.path() / "store.db", projection, world.log.identity());
  const projections::Building building{projection, *store};
  projections::rebuild({world.log, world.codec, std::span{&building, 1}});
  ASSERT_TRUE(store->integrity().empty());
  Connection vandal{store->file(), Open::read_write};
  vandal.execute("INSERT INTO command VALUES (7, 'nobody')");
  EXPECT_EQ(store->integrity().size(), 1U);
  vandal.execute("DELETE FROM command WHERE number = 7");
  EXPECT_TRUE(store->integrity().empty());
  vandal.execute("DELETE FROM command WHERE number = (SELECT max(number) FROM command)");
  EXPECT_EQ(store->integrity().size(), 1U);
}

}  // namespace
}  // namespace testing_projections
