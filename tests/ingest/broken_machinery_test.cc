#include <gtest/gtest.h>

#include "domain/core/broken.h"
#include "tests/ingest/monitor_world.h"

// Whatever breaks, and wherever a process ends: each registration makes one patient, and no good
// file comes to failed/.
namespace {

using infra::ingest::ImportMonitor;
using infra::ingest::Shelf;
using infra::log_memory::Fault;
using tests::MonitorWorld;
using Names = std::vector<std::string>;

const std::string kGood = "registrations/01-sommerfeld.json";
const std::string kOther = "registrations/02-weissgerber.json";
const std::string kBad = "registrations-bad/bad-date.json";

struct Killed {};  // as kill -9: nobody catches it

// Everything arrived and one round of a process that was killed at the `step`-th step of it. False:
// it came to the end before.
bool killed_at(MonitorWorld& world, int step) {
  world.put_sample(kGood);
  world.put_sample(kOther);
  world.put_sample(kBad);
  world.monitor->round();
  world.arrivals.on_step = [step, at = 0]() mutable {
    if (++at == step) throw Killed{};
  };
  try {
    world.monitor->round();
  } catch (const Killed&) {
    world.arrivals.on_step = [] {};
    return true;
  }
  return false;
}

TEST(BrokenMachinery, AProcessMayBeKilledAnywhere) {
  int step = 1;
  for (;; ++step) {
    SCOPED_TRACE(step);
    MonitorWorld world;
    const bool killed = killed_at(world, step);
    world.arrivals.on_step = [] {};
    world.restart();
    world.two_rounds();
    EXPECT_EQ(world.patients(), 2U);
    EXPECT_EQ(world.world.history().size(), 2U);
    EXPECT_TRUE(world.names(Shelf::arrived).empty());
    const auto& processed = world.arrivals.on(Shelf::processed);
    EXPECT_TRUE(processed.contains("01-sommerfeld.json"));
    EXPECT_TRUE(processed.contains("02-weissgerber.json"));
    const auto& failed = world.arrivals.on(Shelf::failed);
    EXPECT_TRUE(failed.contains("bad-date.json.reason.json"));
    for (const auto& [name, file] : failed) {
      EXPECT_TRUE(name.starts_with("bad-date.")) << name;
      if (name.find(".reason.json") == std::string::npos) {
        EXPECT_TRUE(failed.contains(name + ".reason.json")) << name;
      }
    }
    if (!killed) break;
  }
  EXPECT_GT(step, 15);
}

TEST(BrokenMachinery, AFileThatWasImportedAndNotMovedIsADuplicate) {
  MonitorWorld world;
  world.put_sample(kGood);
  world.monitor->round();
  const auto writer = world.handle;
  world.handle = [&](auto submissions) -> std::vector<handling::Answer> {
    static_cast<void>(writer(submissions));
    throw Killed{};
  };
  EXPECT_THROW(world.monitor->round(), Killed);
  EXPECT_EQ(world.patients(), 1U);
  EXPECT_EQ(world.names(Shelf::arrived), Names{"01-sommerfeld.json"});
  world.handle = writer;
  world.restart();
  const auto round = world.two_rounds();
  EXPECT_EQ(round.imported, 0);
  EXPECT_EQ(round.duplicates, 1);
  EXPECT_EQ(world.patients(), 1U);
  EXPECT_EQ(world.names(Shelf::processed), Names{"01-sommerfeld.json"});
}

TEST(BrokenMachinery, EachStepMayFailAndTheNextLookGoesOn) {
  int step = 1;
  bool failed = true;
  for (; failed; ++step) {
    SCOPED_TRACE(step);
    MonitorWorld world;
    world.put_sample(kGood);
    world.put_sample(kOther);
    world.put_sample(kBad);
    world.monitor->round();
    failed = false;
    world.arrivals.on_step = [&, at = 0]() mutable {
      if (++at != step) return;
      failed = true;
      throw core::Broken(core::Breakage::io, "the disk is full");
    };
    world.monitor->round();
    world.arrivals.on_step = [] {};
    const auto report = world.monitor->report();
    EXPECT_EQ(report.issues, failed ? Names{"io: the disk is full"} : Names{});
    world.two_rounds();
    EXPECT_TRUE(world.monitor->report().issues.empty());
    EXPECT_EQ(world.patients(), 2U);
    EXPECT_TRUE(world.names(Shelf::arrived).empty());
    EXPECT_TRUE(world.arrivals.on(Shelf::processed).contains("01-sommerfeld.json"));
    EXPECT_TRUE(world.arrivals.on(Shelf::failed).contains("bad-date.json.reason.json"));
  }
  EXPECT_GT(step, 15);
}

TEST(BrokenMachinery, OfTheWriterLeavesEveryGoodFileWhereItIs) {
  const std::vector<std::pair<core::Breakage, std::string>> kinds = {
      {core::Breakage::io, "io: no"},
      {core::Breakage::corrupt, "corrupt: no"},
      {core::Breakage::log_mismatch, "log_mismatch: no"},
      {core::Breakage::locked, "locked: no"},
      {core::Breakage::broker_unavailable, "broker_unavailable: no"},
  };
  for (const auto& [kind, text] : kinds) {
    SCOPED_TRACE(text);
    MonitorWorld world;
    world.put_sample(kGood);
    const auto writer = world.handle;
    world.handle = [&, breakage = kind](auto) -> std::vector<handling::Answer> {
      throw core::Broken(breakage, "no");
    };
    world.two_rounds();
    EXPECT_EQ(world.names(Shelf::arrived), Names{"01-sommerfeld.json"});
    EXPECT_EQ(world.monitor->report().issues, Names{text});
    EXPECT_EQ(world.monitor->report().last_error, text);
    EXPECT_TRUE(world.monitor->report().recent.empty());
    world.handle = writer;
    EXPECT_EQ(world.monitor->round().imported, 1);
  }
}

TEST(BrokenMachinery, OfAKindThatNobodyKnowsIsToldWithoutItsText) {
  MonitorWorld world;
  world.put_sample(kGood);
  world.handle = [&](auto) -> std::vector<handling::Answer> { throw std::runtime_error("Canary"); };
  world.two_rounds();
  EXPECT_EQ(world.monitor->report().issues, Names{"internal: a step of the import broke off"});
  EXPECT_EQ(world.names(Shelf::arrived), Names{"01-sommerfeld.json"});
}

TEST(BrokenMachinery, OfUnknownOutcomeIsResolvedByTheNextLook) {
  for (const Fault fault : {Fault::unknown_committed, Fault::unknown_lost, Fault::refused}) {
    MonitorWorld world;
    world.put_sample(kGood);
    world.monitor->round();
    world.world.plan(fault);
    world.monitor->round();
    world.monitor->round();
    EXPECT_EQ(world.patients(), 1U);
    EXPECT_EQ(world.names(Shelf::processed), Names{"01-sommerfeld.json"});
  }
  MonitorWorld world;
  world.put_sample(kGood);
  const auto writer = world.handle;
  world.handle = [&](auto submissions) -> std::vector<handling::Answer> {
    static_cast<void>(writer(submissions));
    return {handling::OutcomeUnknown{"the writer was superseded"}};
  };
  world.two_rounds();
  EXPECT_EQ(world.names(Shelf::arrived), Names{"01-sommerfeld.json"});
  ASSERT_EQ(world.monitor->report().issues.size(), 1U);
  EXPECT_EQ(world.monitor->report().issues.front().find("outcome_unknown: "), 0U);
  world.handle = writer;
  EXPECT_EQ(world.monitor->round().duplicates, 1);
  EXPECT_EQ(world.patients(), 1U);
}

TEST(BrokenMachinery, ThatStaysIsToldOnce) {
  MonitorWorld world;
  world.put_sample(kGood);
  world.handle = [&](auto) -> std::vector<handling::Answer> {
    throw core::Broken(core::Breakage::locked, "another process writes");
  };
  for (int look = 0; look < 5; ++look) world.monitor->round();
  EXPECT_EQ(world.notices, Names{"import: locked: another process writes"});
}

}  // namespace
