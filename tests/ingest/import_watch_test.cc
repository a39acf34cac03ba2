#include "infra/ingest/import_watch.h"

#include <gtest/gtest.h>

#include <future>

#include "domain/core/broken.h"
#include "tests/ingest/monitor_world.h"

namespace {

using infra::ingest::ImportMonitor;
using infra::ingest::ImportWatch;
using infra::ingest::Shelf;
using tests::MonitorWorld;

// Counts looks, and wakes whoever waits for one.
class Looks {
 public:
  void count() {
    const std::lock_guard lock{mutex_};
    ++count_;
    changed_.notify_all();
  }
  void await(int count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

TEST(ImportWatch, LooksAtOnceAndStopsAtOnce) {
  MonitorWorld world;
  Looks looks;
  world.arrivals.on_step = [&] { looks.count(); };
  ImportWatch watch{*world.monitor, std::chrono::hours{1}};
  looks.await(1);
  EXPECT_TRUE(world.monitor->report().running);
  watch.stop();
  EXPECT_FALSE(world.monitor->report().running);
  watch.stop();
}

// Often enough that the thread is waiting for the next look when it is asked to stop.
TEST(ImportWatch, IsWokenWhenItIsToStop) {
  MonitorWorld world;
  for (int time = 0; time < 200; ++time) {
    Looks steps;
    world.arrivals.on_step = [&] { steps.count(); };
    ImportWatch watch{*world.monitor, std::chrono::hours{1}};
    steps.await(2);
    for (int turn = 0; turn < time; ++turn) std::this_thread::yield();
    watch.stop();
  }
  EXPECT_FALSE(world.monitor->report().running);
}

TEST(ImportWatch, LooksAgainAndAgain) {
  MonitorWorld world;
  world.put_sample("registrations/01-sommerfeld.json");
  Looks taken;
  const auto writer = world.handle;
  world.handle = [&](auto submissions) {
    auto answers = writer(submissions);
    taken.count();
    return answers;
  };
  ImportWatch watch{*world.monitor, std::chrono::milliseconds{1}};
  taken.await(1);
  watch.stop();
  EXPECT_EQ(world.names(Shelf::processed).size(), 1U);
}

TEST(ImportWatch, OutlivesBrokenMachinery) {
  MonitorWorld world;
  world.put_sample("registrations/01-sommerfeld.json");
  Looks tried;
  world.handle = [&](auto) -> std::vector<handling::Answer> {
    tried.count();
    throw core::Broken(core::Breakage::locked, "another process writes");
  };
  ImportWatch watch{*world.monitor, std::chrono::milliseconds{1}};
  tried.await(3);
  watch.stop();
  EXPECT_EQ(world.monitor->report().last_error, "locked: another process writes");
  EXPECT_EQ(world.names(Shelf::arrived).size(), 1U);
}

TEST(ImportWatch, FinishesTheBatchAtHand) {
  MonitorWorld world;
  world.put_sample("registrations/01-sommerfeld.json");
  Looks begun;
  std::promise<void> go_on;
  const auto writer = world.handle;
  world.handle = [&](auto submissions) {
    begun.count();
    go_on.get_future().wait();
    return writer(submissions);
  };
  ImportWatch watch{*world.monitor, std::chrono::milliseconds{1}};
  begun.await(1);
  std::thread stopper{[&] { watch.stop(); }};
  go_on.set_value();
  stopper.join();
  EXPECT_EQ(world.patients(), 1U);
  EXPECT_EQ(world.names(Shelf::processed).size(), 1U);
}

}  // namespace
