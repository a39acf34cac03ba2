#include "domain/handling/copying.h"

#include <gtest/gtest.h>

#include "domain/handling/partitioner.h"
#include "infra/states/writer_states.h"
#include "projections/all.h"
#include "projections/log_check.h"
#include "projections/rebuild.h"
#include "tests/projections/scratch_folder.h"
#include "tests/projections/world.h"

// A log that moves: whatever happened in it, and however often the copying is interrupted, the copy
// answers what the original answers.
namespace testing_projections {
namespace {

using handling::copy_log;
using handling::CopyLimits;
using infra::log_memory::Disk;
using infra::log_memory::Fault;
using infra::log_memory::MemoryLog;
using ports::Topic;

constexpr auto kSilent = [](std::int64_t, std::int64_t) {};
constexpr CopyLimits kSmall{.records = 7};
constexpr std::uint64_t kSeeds = 20;

struct Target {
  struct HandClock final : ports::Clock {
    core::Timestamp now() override {
      return std::chrono::sys_days{std::chrono::year{2027} / 5 / 5};
    }
  };
  explicit Target(std::int32_t partitions)
      : log(disk, {ports::Incarnation{core::Uuid{{9, 9}}}, partitions}, clock) {}

  HandClock clock;
  std::shared_ptr<Disk> disk = std::make_shared<Disk>();
  MemoryLog log;
};

// The rows of every projection, the writer's states among them, and who is in quarantine.
std::vector<std::vector<std::vector<std::vector<Cell>>>> answers(const ports::Log& log,
                                                                 ports::EventCodec& codec) {
  std::vector<std::vector<std::vector<std::vector<Cell>>>> answers;
  for (const projections::Projection& projection : projections::all(codec)) {
    MemoryStore store{MemoryStore::make(projection, log.identity())};
    const std::vector<projections::Building> buildings{{projection, store}};
    projections::rebuild({log, codec, buildings});
    answers.push_back(snapshot(projection, store).tables);
    auto& quarantined = answers.emplace_back().emplace_back();
    for (const Quarantined& entry : store.quarantined())
      quarantined.push_back({entry.patient.text(), entry.error});
  }
  return answers;
}

// Everything in a log but for offsets, times of appending and what is the log's own.
std::vector<std::string> records_of(const ports::Log& log) {
  std::vector<std::string> records;
  for (const Topic topic : {Topic::patient_events, Topic::patient_history}) {
    const auto reader = log.open_reader(topic, ports::from_the_beginning(log));
    const auto keep = [&](const ports::Record& record) {
      if (ports::is_reserved(record.key)) return;
      records.push_back(std::string{name(topic)} + ' ' + std::to_string(record.partition.get()) +
                        ' ' + std::string{record.key} + ' ' +
                        std::string{record.value.value_or("(tombstone)")});
    };
    while (reader->poll(100, keep) > 0) {
    }
  }
  std::sort(records.begin(), records.end());
  return records;
}

TEST(Copying, KeepsEveryAnswerWhateverHappenedInTheLog) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    world.act_many(150, true);
    if (seed % 3 == 0) world.log.compact(Topic::patient_events);
    if (seed % 2 == 0) world.log.compact(Topic::patient_history);
    world.restate(world.random_patient());
    Target target{world.log.identity().partitions};
    copy_log(world.log, target.log, kSilent, kSmall);
    ASSERT_EQ(answers(target.log, world.codec), answers(world.log, world.codec));
    ASSERT_EQ(target.log.identity().incarnation, ports::Incarnation{(core::Uuid{{9, 9}})});
  }
}

TEST(Copying, PutsEachPatientWhereItBelongsInALogWithOtherPartitions) {
  for (const std::int32_t partitions : {1, 2, 5, 12}) {
    SCOPED_TRACE(partitions);
    World world{7};
    world.act_many(150, false);
    Target target{partitions};
    copy_log(world.log, target.log, kSilent, kSmall);
    ASSERT_EQ(answers(target.log, world.codec), answers(world.log, world.codec));
    const auto report = projections::check_log(target.log, world.codec, [](std::int64_t) {});
    EXPECT_TRUE(report.problems.empty()) << report.problems.front().message;
  }
}

TEST(Copying, ToOtherPartitionsIsRefusedWhereARecordLiesInAWrongOne) {
  World world{7};
  world.act_many(20, false);
  world.append_to_wrong_partition();
  Target target{5};
  EXPECT_THROW(copy_log(world.log, target.log, kSilent), core::Broken);
  EXPECT_TRUE(records_of(target.log).empty());
}

TEST(Copying, WritesNothingThatWasErased) {
  World world{11};
  world.act_many(100, false);
  const patient::PatientId id = world.random_patient();
  world.append_unreadable(id);
  for (int i = 0; i < 3; ++i) world.erase(id);  // Each with tombstones or without.
  Target target{3};
  copy_log(world.log, target.log, kSilent);
  std::size_t tombstones = 0;
  const std::string key = "patient-history " +
                          std::to_string(handling::partition_of(id.text(), 3).get()) + ' ' +
                          id.text() + '/';
  std::set<std::string> erased;
  for (const std::string& record : records_of(target.log)) {
    if (!record.starts_with(key)) continue;
    const std::string sequence =
        record.substr(key.size(), record.find(' ', key.size()) - key.size());
    EXPECT_TRUE(erased.insert(sequence).second) << "a value beside its tombstone: " << sequence;
    tombstones += record.ends_with("(tombstone)") ? 1 : 0;
  }
  EXPECT_GT(tombstones, 0U);
}

TEST(Copying, IsGoneOnWithWhereverItWasInterrupted) {
  World world{3};
  world.act_many(120, true);
  Target whole{3};
  const auto copied = copy_log(world.log, whole.log, kSilent, kSmall);
  const std::vector<std::string> expected = records_of(whole.log);
  const std::int64_t appends = whole.disk->appends;
  ASSERT_GT(appends, 10);
  for (const Fault fault : {Fault::refused, Fault::unknown_committed, Fault::unknown_lost}) {
    for (std::int64_t number = 1; number <= appends; ++number) {
      SCOPED_TRACE(::testing::Message()
                   << "append " << number << ", fault " << static_cast<int>(fault));
      Target target{3};
      target.disk->append_faults[number] = fault;
      EXPECT_THROW(copy_log(world.log, target.log, kSilent, kSmall), core::Broken);
      const auto again = copy_log(world.log, target.log, kSilent, CopyLimits{.records = 11});
      ASSERT_EQ(records_of(target.log), expected);
      ASSERT_EQ(again.records + again.already_there, copied.records);
    }
  }
}

// A log on which another run gets a little further before this one's writer is open.
class Contested final : public ports::Log {
 public:
  Contested(ports::Log& inner, std::function<void()> meanwhile)
      : inner_(inner), meanwhile_(std::move(meanwhile)) {}
  [[nodiscard]] ports::LogIdentity identity() const override { return inner_.identity(); }
  [[nodiscard]] std::unique_ptr<ports::LogWriter> open_writer(std::string_view address) override {
    meanwhile_();
    return inner_.open_writer(address);
  }
  [[nodiscard]] std::unique_ptr<ports::LogReader> open_reader(
      Topic topic, std::span<const ports::Start> starts) const override {
    return inner_.open_reader(topic, starts);
  }
  [[nodiscard]] std::vector<ports::Offset> ends(Topic topic) const override {
    return inner_.ends(topic);
  }
  [[nodiscard]] std::vector<ports::Start> group_offsets(std::string_view group) const override {
    return inner_.group_offsets(group);
  }
  void commit_group_offsets(std::string_view group, std::span<const ports::Start> starts) override {
    inner_.commit_group_offsets(group, starts);
  }
  std::optional<ports::CompactionResult> compact(Topic topic) override {
    return inner_.compact(topic);
  }

 private:
  ports::Log& inner_;
  std::function<void()> meanwhile_;
};

TEST(Copying, SeesWhatAnEarlierRunHadUnderWay) {
  World world{3};
  world.act_many(120, true);
  Target whole{3};
  copy_log(world.log, whole.log, kSilent);
  for (const bool to_its_end : {false, true}) {
    Target target{3};
    Contested contested{target.log, [&] {
                          if (!to_its_end) target.disk->append_faults[4] = Fault::unknown_committed;
                          try {
                            copy_log(world.log, target.log, kSilent, kSmall);
                          } catch (const core::Broken&) {
                            EXPECT_FALSE(to_its_end);
                          }
                        }};
    copy_log(world.log, contested, kSilent, kSmall);
    EXPECT_EQ(records_of(target.log), records_of(whole.log));
  }
}

TEST(Copying, OfWhatIsThereAlreadyOpensNoWriter) {
  World world{3};
  world.act_many(50, true);
  Target target{3};
  const auto first = copy_log(world.log, target.log, kSilent);
  const std::int64_t epoch = target.disk->epoch;
  const auto second = copy_log(world.log, target.log, kSilent);
  EXPECT_EQ(second.records, 0);
  EXPECT_EQ(second.already_there, first.records);
  EXPECT_EQ(target.disk->epoch, epoch);
}

TEST(Copying, GoesBehindNothingThatIsNotItsOwnBeginning) {
  World world{3};
  world.act_many(60, false);
  const std::string key = "1";
  const ports::Partition partition = handling::partition_of(key, 3);
  const std::vector<ports::NewRecord> foreign[] = {
      {{Topic::patient_events, partition, key, "something"}},
      {{Topic::patient_history, partition, key + "/1", "something"}},
      {{Topic::patient_history, ports::Partition{2}, "x", std::nullopt}}};
  for (const auto& records : foreign) {
    for (const bool interrupted : {false, true}) {
      Target target{3};
      if (interrupted) {
        target.disk->append_faults[4] = Fault::refused;
        EXPECT_THROW(copy_log(world.log, target.log, kSilent, kSmall), core::Broken);
      }
      static_cast<void>(target.log.open_writer("")->append(records));
      const auto before = records_of(target.log);
      const std::int64_t epoch = target.disk->epoch;
      try {
        copy_log(world.log, target.log, kSilent, kSmall);
        ADD_FAILURE() << "it was taken for a beginning";
      } catch (const core::Broken& broken) {
        EXPECT_EQ(broken.kind(), core::Breakage::log_mismatch);
      }
      EXPECT_EQ(records_of(target.log), before);
      EXPECT_EQ(target.disk->epoch, epoch) << "a living writer was fenced";
    }
  }
}

TEST(Copying, StopsWhenAnotherWriterTakesTheTargetOver) {
  World world{3};
  world.act_many(60, false);
  Target target{3};
  target.disk->append_faults[3] = Fault::fenced;
  try {
    copy_log(world.log, target.log, kSilent, kSmall);
    FAIL() << "it went on";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::locked);
  }
}

TEST(Copying, LetsIdsAndRegistrationsGoOn) {
  World world{5, 20};
  world.act_many(200, false);
  Target target{4};
  copy_log(world.log, target.log, kSilent);
  const ScratchFolder folder;
  constexpr auto kNoProgress = [](const projections::RebuildProgress&) {};
  std::filesystem::create_directories(folder.path() / "a");
  std::filesystem::create_directories(folder.path() / "b");
  const auto before =
      infra::states::open_or_rebuild(folder.path() / "a", world.log, world.codec, kNoProgress);
  const auto after =
      infra::states::open_or_rebuild(folder.path() / "b", target.log, world.codec, kNoProgress);
  EXPECT_EQ(after.states->highest_number(), before.states->highest_number());
  EXPECT_GT(after.states->highest_number(), 0);
  std::size_t registered = 0;
  for (std::int64_t number = 1; number <= 20; ++number) {
    const auto id = patient::PatientId::numbered(number);
    const patient::State state = before.states->find(id);
    EXPECT_EQ(after.states->find(id), state);
    for (const auto& command : state.commands) EXPECT_EQ(after.states->by_command(command.id), id);
    if (!state.registration) continue;
    ++registered;
    EXPECT_EQ(after.states->by_registration(state.registration->key()), id);
  }
  EXPECT_GT(registered, 0U);
}

}  // namespace
}  // namespace testing_projections
