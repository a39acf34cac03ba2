#include "projections/feed.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/core/broken.h"
#include "projections/all.h"
#include "projections/worker.h"
#include "tests/projections/codec_around.h"
#include "tests/projections/world.h"

// Read models that stand at the same place share what is read; what each shows is the same as if it
// read for itself.
namespace testing_projections {
namespace {

using ports::Topic;
using projections::Feed;
using projections::Feeds;
using projections::Projection;
using projections::Worker;

class WatchedCodec final : public CodecAround {
 public:
  using CodecAround::CodecAround;
  int decoded = 0;
  bool breaks = false;
  core::Result<patient::Recorded, ports::Undecodable> decode_history(
      std::string_view bytes) override {
    watch();
    return CodecAround::decode_history(bytes);
  }
  core::Result<ports::StateRecord, ports::Undecodable> decode_event(
      std::string_view bytes) override {
    watch();
    return CodecAround::decode_event(bytes);
  }

 private:
  void watch() {
    ++decoded;
    if (breaks) throw core::Broken(core::Breakage::io, "the disk is gone");
  }
};

// Every projection with a store of its own, and one set of feeds for each topic.
class Together {
 public:
  explicit Together(std::uint64_t seed) : world(seed) {
    for (const Projection& projection : all) {
      stores.push_back(
          std::make_unique<MemoryStore>(MemoryStore::make(projection, world.log.identity())));
      stores.back()->finish_loading();
      workers.push_back(make(workers.size()));
    }
  }
  std::unique_ptr<Worker> make(std::size_t at) {
    Feeds& feeds = all[at].topic() == Topic::patient_events ? events : history;
    return std::make_unique<Worker>(Worker::Parts{world.log, codec, all[at], *stores[at], &feeds});
  }
  // Each of them to the end, batch by batch, in turn.
  void catch_up() {
    for (bool more = true; more;) {
      more = false;
      for (const auto& worker : workers) {
        worker->apply();
        more = more || !worker->at_end();
      }
    }
  }
  void expect_shown() {
    for (std::size_t at = 0; at < all.size(); ++at)
      ASSERT_EQ(snapshot(all[at], *stores[at]), world.expected(all[at])) << all[at].name;
  }
  [[nodiscard]] std::int64_t records_of(Topic topic) {
    const Projection& one = *std::find_if(
        all.begin(), all.end(), [&](const Projection& any) { return any.topic() == topic; });
    auto store = MemoryStore::make(one, world.log.identity());
    MemoryStore alone{std::move(store)};
    alone.finish_loading();
    return Worker{{world.log, world.codec, one, alone}}.catch_up().records;
  }

  World world;
  WatchedCodec codec{world.codec};
  Feeds events{world.log, codec, Topic::patient_events};
  Feeds history{world.log, codec, Topic::patient_history};
  std::vector<Projection> all = projections::all(world.codec);
  std::vector<std::unique_ptr<MemoryStore>> stores;
  std::vector<std::unique_ptr<Worker>> workers;
};

TEST(Feed, IsReadAndDecodedOnceForAllWhoStandAtTheSamePlace) {
  Together together{1};
  together.world.act_many(100, false);
  together.catch_up();
  const std::int64_t records =
      together.records_of(Topic::patient_events) + together.records_of(Topic::patient_history);
  EXPECT_GT(records, 100);
  EXPECT_LE(together.codec.decoded, records);
  together.expect_shown();
}

TEST(Feed, ServesEverybodyWhateverTheBatchesPlacesAndRestarts) {
  constexpr std::uint64_t kSeeds = 40;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Together together{seed};
    World& world = together.world;
    for (int step = 0; step < 120; ++step) {
      if (world.random() % 4 == 0) world.act_many(static_cast<int>(world.random() % 12), true);
      const std::size_t at = world.random() % together.workers.size();
      if (world.random() % 15 == 0) together.workers[at] = together.make(at);
      Worker& worker = *together.workers[at];
      const std::size_t limit = 1 + world.random() % 9;
      world.random() % 2 == 0 ? worker.apply(limit) : worker.apply_ready(limit);
      if (step % 40 == 39) together.catch_up();
    }
    together.catch_up();
    together.expect_shown();
    for (std::size_t at = 0; at < together.all.size(); ++at) {
      MemoryStore alone{MemoryStore::make(together.all[at], world.log.identity())};
      alone.finish_loading();
      Worker{{world.log, world.codec, together.all[at], alone}}.catch_up();
      ASSERT_EQ(together.stores[at]->checkpoint(), alone.checkpoint()) << together.all[at].name;
    }
  }
}

TEST(Feed, ThoseWhoCameTogetherGoOnTogether) {
  Together strayed{2};
  Together in_step{2};  // The same log.
  for (Together* both : {&strayed, &in_step}) both->world.act_many(50, false);
  for (const auto& worker : strayed.workers) worker->catch_up(1);
  strayed.catch_up();
  in_step.catch_up();
  EXPECT_GT(strayed.codec.decoded, in_step.codec.decoded);
  for (Together* both : {&strayed, &in_step}) {
    both->codec.decoded = 0;
    both->world.act_many(30, false);
    both->catch_up();
    both->expect_shown();
  }
  EXPECT_GT(in_step.codec.decoded, 0);
  EXPECT_EQ(strayed.codec.decoded, in_step.codec.decoded);
}

TEST(Feed, TheEndThatOneHasSeenIsNoEndForOthers) {
  Together together{3};
  together.world.act_many(20, false);
  together.workers[0]->catch_up();
  EXPECT_TRUE(together.workers[0]->at_end());
  together.world.act_many(5, false);
  together.workers[1]->catch_up();
  ASSERT_EQ(together.all[0].topic(), together.all[1].topic());
  EXPECT_EQ(snapshot(together.all[1], *together.stores[1]),
            together.world.expected(together.all[1]));
}

TEST(Feed, ThatBrokeIsNotUsedAgain) {
  Together together{4};
  together.world.act_many(20, false);
  together.catch_up();
  together.world.act_many(20, false);
  together.codec.breaks = true;
  for (std::size_t at = 0; at < together.workers.size(); ++at) {
    EXPECT_THROW(together.workers[at]->apply(), core::Broken);
    together.workers[at] = together.make(at);
  }
  together.codec.breaks = false;
  together.catch_up();
  together.expect_shown();
}

TEST(Feed, KeepsALittleForThoseBehindAndNoMore) {
  World world{5, 40};
  world.act_many(3000, false);
  const Projection projection = projections::all(world.codec).front();
  MemoryStore store{MemoryStore::make(projection, world.log.identity())};
  Feed feed{world.log, world.codec, Topic::patient_events, store.checkpoint()};
  std::vector<projections::Checkpoint> places;
  do {
    places.push_back(feed.where());
    static_cast<void>(feed.next(feed.where(), 100, Feed::Reach::log));
  } while (!feed.at_end());
  ASSERT_GT(places.size(), 12U);
  EXPECT_FALSE(feed.has(places.front()));
  EXPECT_TRUE(feed.has(places[places.size() - 3]));
  const auto kept = std::count_if(
      places.begin(), places.end(), [&](const auto& place) { return feed.has(place); });
  EXPECT_LE(kept, 12);
}

TEST(Feed, OfWhoIsAheadServesWhoeverComesToWhatItHasKept) {
  World world{6};
  world.act_many(100, false);
  const Projection projection = projections::all(world.codec).front();
  MemoryStore store{MemoryStore::make(projection, world.log.identity())};
  const projections::Checkpoint begin = store.checkpoint();
  Feeds feeds{world.log, world.codec, Topic::patient_events};
  Feed& ahead = feeds.at(begin);
  static_cast<void>(ahead.next(begin, 1, Feed::Reach::log));
  const projections::Checkpoint second = ahead.where();
  while (ahead.has(begin)) static_cast<void>(ahead.next(ahead.where(), 1, Feed::Reach::log));
  ASSERT_TRUE(ahead.has(second));
  const projections::Checkpoint far = ahead.where();
  Feed& behind = feeds.at(begin);
  static_cast<void>(behind.next(begin, 1, Feed::Reach::log));
  ASSERT_EQ(behind.where(), second);
  EXPECT_EQ(feeds.at(second).where(), far);
}

}  // namespace
}  // namespace testing_projections
