#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>

#include "infra/log_embedded/embedded_log.h"
#include "infra/log_memory/memory_log.h"

namespace {

using ports::NewRecord;
using ports::Offset;
using ports::Partition;
using ports::Topic;

constexpr std::int32_t kPartitions = 3;

class StandingClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override {
    return core::Timestamp{std::chrono::seconds{1'767'225'600}};
  }
};

// A place where a log lives on when the object that stands for it is gone.
class Home {
 public:
  virtual ~Home() = default;
  // The same log each time, as a restarted process would open it.
  virtual std::unique_ptr<ports::Log> open() = 0;
};

const ports::LogIdentity kIdentity{
    ports::Incarnation{*core::Uuid::parse("0a0b0c0d-0e0f-4a0b-8c0d-0e0f0a0b0c0d")}, kPartitions};

class MemoryHome final : public Home {
 public:
  std::unique_ptr<ports::Log> open() override {
    return std::make_unique<infra::log_memory::MemoryLog>(disk_, kIdentity, clock_);
  }

 private:
  StandingClock clock_;
  std::shared_ptr<infra::log_memory::Disk> disk_ = std::make_shared<infra::log_memory::Disk>();
};

class EmbeddedHome final : public Home {
 public:
  EmbeddedHome() {
    std::string pattern = (std::filesystem::temp_directory_path() / "log.XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~EmbeddedHome() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<ports::Log> open() override {
    using infra::log_embedded::EmbeddedLog;
    if (!EmbeddedLog::exists(folder_)) {
      return EmbeddedLog::create(folder_, kPartitions, kIdentity.incarnation, clock_);
    }
    return EmbeddedLog::open(folder_, clock_, infra::log_embedded::Access::read_write);
  }

 private:
  StandingClock clock_;
  std::filesystem::path folder_;
};

struct Seen {
  std::int32_t partition;
  std::int64_t offset;
  std::string key;
  std::optional<std::string> value;
  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> read(ports::LogReader& reader, std::size_t limit = 1000) {
  std::vector<Seen> seen;
  const auto keep = [&](const ports::Record& record) {
    std::optional<std::string> value;
    if (record.value) value = std::string{*record.value};
    seen.push_back(
        {record.partition.get(), record.offset.get(), std::string{record.key}, std::move(value)});
  };
  while (reader.poll(limit, keep) > 0) {
  }
  return seen;
}

NewRecord event(std::int32_t partition, std::string key, std::optional<std::string> value = "v") {
  return {Topic::patient_events, Partition{partition}, std::move(key), std::move(value)};
}
NewRecord history(std::int32_t partition, std::string key) {
  return {Topic::patient_history, Partition{partition}, std::move(key), "h"};
}

using MakeHome = std::function<std::unique_ptr<Home>()>;

class LogConformance : public ::testing::TestWithParam<MakeHome> {
 protected:
  std::vector<Seen> all(Topic topic) {
    const auto reader = log->open_reader(topic, ports::from_the_beginning(*log));
    return read(*reader);
  }
  // What was appended, without the genesis records.
  std::vector<Seen> appended(Topic topic) {
    auto seen = all(topic);
    std::erase_if(seen, [](const Seen& one) { return one.key == ports::kGenesisKey; });
    return seen;
  }
  std::vector<std::int64_t> append(ports::LogWriter& writer, std::vector<NewRecord> records) {
    const ports::Appended outcome = writer.append(records);
    const auto* committed = std::get_if<ports::Committed>(&outcome);
    if (committed == nullptr) return {};
    std::vector<std::int64_t> offsets;
    for (const Offset offset : committed->offsets) offsets.push_back(offset.get());
    return offsets;
  }

  std::unique_ptr<Home> home = GetParam()();
  std::unique_ptr<ports::Log> log = home->open();
};

TEST_P(LogConformance, BeginsEveryPartitionOfBothTopicsWithItsGenesis) {
  EXPECT_EQ(log->identity(), kIdentity);
  for (const Topic topic : {Topic::patient_events, Topic::patient_history}) {
    const auto seen = all(topic);
    ASSERT_EQ(seen.size(), 3U);
    for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
      const Seen& genesis = seen[static_cast<std::size_t>(partition)];
      EXPECT_EQ(genesis.partition, partition);
      EXPECT_EQ(genesis.offset, 0);
      EXPECT_EQ(genesis.key, ports::kGenesisKey);
      EXPECT_NE(genesis.value->find(kIdentity.incarnation.get().text()), std::string::npos);
    }
  }
}

TEST_P(LogConformance, GivesATransactionConsecutiveOffsetsAndItsMarkerOneMore) {
  const auto writer = log->open_writer("");
  EXPECT_EQ(append(*writer, {event(0, "a"), history(0, "a/1"), event(0, "b"), event(2, "c")}),
            (std::vector<std::int64_t>{2, 2, 3, 2}));
  EXPECT_EQ(append(*writer, {event(0, "a")}), (std::vector<std::int64_t>{5}));
  EXPECT_EQ(log->ends(Topic::patient_events),
            (std::vector<Offset>{Offset{7}, Offset{2}, Offset{4}}));
}

TEST_P(LogConformance, KeepsEveryByteOfKeysAndValues) {
  const auto writer = log->open_writer("");
  const std::string binary{"\0\xff\n'\"", 5};
  const std::string large(890'000, 'x');
  static_cast<void>(append(*writer,
                           {event(1, binary, binary),
                            event(1, "empty", ""),
                            event(1, "gone", std::nullopt),
                            event(1, "large", large)}));
  EXPECT_EQ(appended(Topic::patient_events),
            (std::vector<Seen>{{1, 2, binary, binary},
                               {1, 3, "empty", ""},
                               {1, 4, "gone", std::nullopt},
                               {1, 5, "large", large}}));
}

TEST_P(LogConformance, ReadsOnFromAnyOffsetAndStandsAtTheEndWhenCaughtUp) {
  const auto writer = log->open_writer("");
  for (const char* key : {"a", "b", "c"}) static_cast<void>(append(*writer, {event(0, key)}));
  const std::vector<std::size_t> expected{4, 3, 3, 2, 2, 1, 1, 0, 0};
  for (std::int64_t offset = 0; offset <= 8; ++offset) {
    SCOPED_TRACE(offset);
    const std::vector<ports::Start> start{{Partition{0}, Offset{offset}}};
    const auto reader = log->open_reader(Topic::patient_events, start);
    EXPECT_EQ(read(*reader, 1).size(), expected[static_cast<std::size_t>(offset)]);
    EXPECT_EQ(reader->position(Partition{0}), log->ends(Topic::patient_events)[0]);
  }
}

TEST_P(LogConformance, ShowsAReaderWhatIsAppendedLater) {
  const auto writer = log->open_writer("");
  const auto reader = log->open_reader(Topic::patient_events, ports::from_the_beginning(*log));
  EXPECT_EQ(read(*reader).size(), 3U);
  static_cast<void>(append(*writer, {event(2, "a")}));
  EXPECT_EQ(read(*reader), (std::vector<Seen>{{2, 2, "a", "v"}}));
}

TEST_P(LogConformance, FencesTheWriterBeforeIt) {
  const auto older = log->open_writer("");
  EXPECT_TRUE(older->still_owner());
  const auto newer = log->open_writer("");
  EXPECT_FALSE(older->still_owner());
  EXPECT_TRUE(newer->still_owner());
  EXPECT_GT(newer->epoch(), older->epoch());
  const std::vector<NewRecord> records{event(0, "a")};
  EXPECT_TRUE(std::holds_alternative<ports::Fenced>(older->append(records)));
  EXPECT_TRUE(appended(Topic::patient_events).empty());
  EXPECT_EQ(append(*newer, records), (std::vector<std::int64_t>{2}));
}

TEST_P(LogConformance, KeepsEverythingWhenItIsOpenedAgain) {
  static_cast<void>(append(*log->open_writer(""), {event(0, "a"), history(0, "a/1")}));
  const auto before = all(Topic::patient_events);
  log.reset();
  log = home->open();
  EXPECT_EQ(log->identity(), kIdentity);
  EXPECT_EQ(all(Topic::patient_events), before);
  EXPECT_EQ(append(*log->open_writer(""), {event(0, "b")}), (std::vector<std::int64_t>{4}));
}

TEST_P(LogConformance, KeepsWhereEachGroupGoesOn) {
  EXPECT_TRUE(log->group_offsets("ingest").empty());
  const std::vector<ports::Start> first{{Partition{0}, Offset{4}}, {Partition{2}, Offset{9}}};
  const std::vector<ports::Start> later{{Partition{2}, Offset{11}}};
  log->commit_group_offsets("ingest", first);
  log->commit_group_offsets("ingest", later);
  log->commit_group_offsets("other", first);
  log.reset();
  log = home->open();
  const auto kept = log->group_offsets("ingest");
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].offset, Offset{4});
  EXPECT_EQ(kept[1].partition, Partition{2});
  EXPECT_EQ(kept[1].offset, Offset{11});
}

TEST_P(LogConformance, CompactionLeavesTheLastRecordOfEachKeyWhereItWas) {
  const auto writer = log->open_writer("");
  for (int round = 0; round < 5; ++round) {
    static_cast<void>(append(*writer, {event(0, "a", std::to_string(round)), event(0, "b", "x")}));
  }
  static_cast<void>(append(*writer, {event(0, "a", "last"), history(0, "a/1")}));
  const auto ends = log->ends(Topic::patient_events);
  const auto result = log->compact(Topic::patient_events);
  EXPECT_EQ(result.removed, 9);
  EXPECT_EQ(appended(Topic::patient_events),
            (std::vector<Seen>{{0, 15, "b", "x"}, {0, 17, "a", "last"}}));
  EXPECT_EQ(all(Topic::patient_events).size(), 5U) << "the genesis records stay";
  EXPECT_EQ(log->ends(Topic::patient_events), ends);
  EXPECT_EQ(append(*writer, {event(0, "c")}), (std::vector<std::int64_t>{19}));
}

TEST_P(LogConformance, AReaderGoesOnWhenTheRecordItStoodOnIsCompactedAway) {
  const auto writer = log->open_writer("");
  static_cast<void>(append(*writer, {event(0, "a", "1")}));
  const auto reader = log->open_reader(Topic::patient_events, ports::from_the_beginning(*log));
  static_cast<void>(read(*reader));
  static_cast<void>(append(*writer, {event(0, "a", "2")}));
  static_cast<void>(log->compact(Topic::patient_events));
  EXPECT_EQ(read(*reader), (std::vector<Seen>{{0, 4, "a", "2"}}));
}

INSTANTIATE_TEST_SUITE_P(Memory, LogConformance, ::testing::Values([]() -> std::unique_ptr<Home> {
                           return std::make_unique<MemoryHome>();
                         }));
INSTANTIATE_TEST_SUITE_P(Embedded, LogConformance, ::testing::Values([]() -> std::unique_ptr<Home> {
                           return std::make_unique<EmbeddedHome>();
                         }));

}  // namespace
