#include <gtest/gtest.h>

#include "infra/read_models/sqlite_store.h"
#include "projections/all.h"
#include "projections/rebuild.h"
#include "projections/verify.h"
#include "projections/worker.h"
#include "tests/projections/scratch_folder.h"
#include "tests/projections/world.h"

// The promise that everything rests on: however a read model came about, it shows the same rows.
namespace testing_projections {
namespace {

using infra::read_models::SqliteStore;
using projections::Building;
using projections::Projection;
using projections::Worker;

constexpr std::uint64_t kSeeds = 40;

std::unique_ptr<MemoryStore> loaded_in_memory(const Projection& projection, const World& world) {
  auto store = std::make_unique<MemoryStore>(MemoryStore::make(projection, world.log.identity()));
  store->finish_loading();
  return store;
}

TEST(Equality, AWorkerShowsWhatTheLogSaysWhateverTheBatchesRestartsAndCompactions) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    const auto all = projections::all(world.codec);
    std::vector<std::unique_ptr<MemoryStore>> stores;
    for (const Projection& projection : all) stores.push_back(loaded_in_memory(projection, world));
    for (int round = 0; round < 6; ++round) {
      world.act_many(static_cast<int>(world.random() % 40), true);
      if (world.random() % 3 == 0) world.log.compact(ports::Topic::patient_events);
      if (world.random() % 3 == 0) world.log.compact(ports::Topic::patient_history);
      for (std::size_t at = 0; at < all.size(); ++at) {
        Worker worker{{world.log, world.codec, all[at], *stores[at]}};  // A restart.
        const std::uint64_t batches = world.random() % 4;
        for (std::uint64_t i = 0; i < batches; ++i) worker.apply(1 + world.random() % 20);
        if (round == 5) worker.catch_up(1 + world.random() % 50);
      }
    }
    for (std::size_t at = 0; at < all.size(); ++at) {
      SCOPED_TRACE(all[at].name);
      ASSERT_EQ(snapshot(all[at], *stores[at]), world.expected(all[at]));
    }
  }
}

TEST(Equality, ARebuildShowsRowForRowWhatEventByEventShows) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    world.act_many(150, true);
    if (seed % 3 == 0) world.log.compact(ports::Topic::patient_events);
    const auto all = projections::all(world.codec);
    std::vector<std::unique_ptr<MemoryStore>> rebuilt;
    std::vector<Building> buildings;
    for (const Projection& projection : all) {
      rebuilt.push_back(
          std::make_unique<MemoryStore>(MemoryStore::make(projection, world.log.identity())));
      buildings.push_back({projection, *rebuilt.back()});
    }
    projections::rebuild({world.log, world.codec, buildings});
    for (std::size_t at = 0; at < all.size(); ++at) {
      SCOPED_TRACE(all[at].name);
      const auto slow = loaded_in_memory(all[at], world);
      Worker{{world.log, world.codec, all[at], *slow}}.catch_up(1);
      ASSERT_EQ(snapshot(all[at], *rebuilt[at]), snapshot(all[at], *slow));
      ASSERT_EQ(rebuilt[at]->checkpoint(), slow->checkpoint());
      ASSERT_EQ(snapshot(all[at], *rebuilt[at]), world.expected(all[at]));
    }
  }
}

TEST(Equality, SqliteShowsTheSameRowsRebuiltAndEventByEvent) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    world.act_many(150, true);
    const ScratchFolder folder;
    for (const Projection& projection : projections::all(world.codec)) {
      SCOPED_TRACE(projection.name);
      const auto rebuilt =
          SqliteStore::create(folder.path() / "rebuilt.db", projection, world.log.identity());
      const auto slow =
          SqliteStore::create(folder.path() / "slow.db", projection, world.log.identity());
      slow->take_over();
      slow->finish_loading();
      const Building building{projection, *rebuilt};
      projections::rebuild({world.log, world.codec, std::span{&building, 1}});
      Worker{{world.log, world.codec, projection, *slow}}.catch_up(3);
      ASSERT_EQ(snapshot(projection, *rebuilt), snapshot(projection, *slow));
      ASSERT_EQ(snapshot(projection, *rebuilt), world.expected(projection));
      ASSERT_EQ(rebuilt->checkpoint(), slow->checkpoint());
      ASSERT_EQ(projections::compare(projection, *slow, *rebuilt).drifted, 0);
      ASSERT_TRUE(rebuilt->integrity().empty());
    }
  }
}

// Enough patients that a partition takes several steps, and all read models side by side.
TEST(Equality, ReadModelsRebuiltTogetherShowWhatEachShowsEventByEvent) {
  World world{3, 4000};
  world.act_many(6000, true);
  const ScratchFolder folder;
  const auto all = projections::all(world.codec);
  std::vector<std::unique_ptr<SqliteStore>> rebuilt;
  std::vector<Building> buildings;
  for (const Projection& projection : all) {
    rebuilt.push_back(SqliteStore::create(
        folder.path() / std::string{projection.name}, projection, world.log.identity()));
    buildings.push_back({projection, *rebuilt.back()});
  }
  projections::rebuild({world.log, world.codec, buildings});
  for (std::size_t at = 0; at < all.size(); ++at) {
    SCOPED_TRACE(all[at].name);
    const auto slow = loaded_in_memory(all[at], world);
    Worker{{world.log, world.codec, all[at], *slow}}.catch_up(100);
    ASSERT_EQ(snapshot(all[at], *rebuilt[at]), snapshot(all[at], *slow));
    ASSERT_EQ(rebuilt[at]->checkpoint(), slow->checkpoint());
  }
}

// Fails the first commit, then the second, and so on, each time a worker that starts afresh, until
// one run needs no more commits than were allowed.
template <class Run>
void fail_every_commit(projections::ReadStore& store, FailingStore::When when, const Run& run) {
  for (int commit = 1;; ++commit) {
    FailingStore failing{store, commit, when};
    try {
      run(failing);
    } catch (const core::Broken&) {
      ASSERT_TRUE(failing.failed());
      continue;
    }
    return;
  }
}

TEST(Equality, AWorkerThatDiesAtAnyCommitGoesOnWithoutLossOrDoubling) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    world.act_many(60, true);
    for (const Projection& projection : projections::all(world.codec)) {
      SCOPED_TRACE(projection.name);
      for (const auto when : {FailingStore::When::before, FailingStore::When::after}) {
        const auto store = loaded_in_memory(projection, world);
        fail_every_commit(*store, when, [&](projections::ReadStore& failing) {
          Worker{{world.log, world.codec, projection, failing}}.catch_up(7);
        });
        ASSERT_EQ(snapshot(projection, *store), world.expected(projection));
      }
    }
  }
}

TEST(Equality, ARebuildThatDiesAtAnyCommitResumesToTheSameRows) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    world.act_many(80, true);
    for (const Projection& projection : projections::all(world.codec)) {
      SCOPED_TRACE(projection.name);
      for (const auto when : {FailingStore::When::before, FailingStore::When::after}) {
        MemoryStore store{MemoryStore::make(projection, world.log.identity())};
        fail_every_commit(store, when, [&](projections::ReadStore& failing) {
          world.act(false);  // The log goes on meanwhile.
          const Building building{projection, failing};
          projections::rebuild({world.log, world.codec, std::span{&building, 1}});
        });
        ASSERT_FALSE(store.loading());
        ASSERT_EQ(snapshot(projection, store), world.expected(projection));
      }
    }
  }
}

}  // namespace
}  // namespace testing_projections
