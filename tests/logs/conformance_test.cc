#include "tests/logs/conformance.h"

#include <algorithm>
#include <chrono>

namespace testing_logs {
namespace {

using ports::NewRecord;
using ports::Offset;
using ports::Partition;
using ports::Topic;

TEST_P(LogConformance, BeginsEveryPartitionOfBothTopicsWithItsGenesis) {
  for (const std::int32_t partitions : {1, 3, 64}) {
    SCOPED_TRACE(partitions);
    use_partitions(partitions);
    const auto identity = identity_with(partitions);
    EXPECT_EQ(log->identity(), identity);
    for (const Topic topic : {Topic::patient_events, Topic::patient_history}) {
      const auto seen = read(*log, topic);
      ASSERT_EQ(seen.size(), static_cast<std::size_t>(partitions));
      for (std::int32_t partition = 0; partition < partitions; ++partition) {
        const Seen& genesis = seen[static_cast<std::size_t>(partition)];
        EXPECT_EQ(genesis.partition, partition);
        EXPECT_EQ(genesis.offset, 0);
        EXPECT_EQ(genesis.key, ports::kGenesisKey);
        const std::string incarnation = identity.incarnation.get().text();
        EXPECT_NE(genesis.value->find(incarnation), std::string::npos);
      }
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

TEST_P(LogConformance, KeepsATransactionOverEveryPartitionOfBothTopics) {
  for (const std::int32_t partitions : {1, 64}) {
    SCOPED_TRACE(partitions);
    use_partitions(partitions);
    std::vector<NewRecord> records;
    std::vector<Seen> events;
    std::vector<Seen> histories;
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      records.push_back(event(partition, "e"));
      records.push_back(history(partition, "e/1"));
      events.push_back({partition, 2, "e", "v"});
      histories.push_back({partition, 2, "e/1", "h"});
    }
    EXPECT_EQ(append(*log->open_writer(""), records).size(), records.size());
    open_again();
    EXPECT_EQ(appended(Topic::patient_events), events);
    EXPECT_EQ(appended(Topic::patient_history), histories);
  }
}

TEST_P(LogConformance, KeepsEveryByteOfKeysAndValues) {
  const auto writer = log->open_writer("");
  const std::string binary{"\0\xff\n'\"\x80\0", 7};
  const std::string large(ports::kRecordBytesMax - 1, '\xfe');
  EXPECT_EQ(append(*writer,
                   {event(1, binary, binary),
                    event(1, std::string{1, '\0'}, std::string{1, '\0'}),
                    event(1, "empty", ""),
                    event(1, "gone", std::nullopt),
                    event(1, "l", large)})
                .size(),
            5U);
  open_again();
  EXPECT_EQ(appended(Topic::patient_events),
            (std::vector<Seen>{{1, 2, binary, binary},
                               {1, 3, std::string{1, '\0'}, std::string{1, '\0'}},
                               {1, 4, "empty", ""},
                               {1, 5, "gone", std::nullopt},
                               {1, 6, "l", large}}));
}

TEST_P(LogConformance, ReadsOnFromAnyOffsetAndStandsAtTheEndWhenCaughtUp) {
  const auto writer = log->open_writer("");
  for (const char* key : {"a", "b", "c"}) static_cast<void>(append(*writer, {event(0, key)}));
  const std::vector<std::size_t> expected{4, 3, 3, 2, 2, 1, 1, 0, 0};
  for (std::int64_t offset = 0; offset <= 8; ++offset) {
    SCOPED_TRACE(offset);
    const std::vector<ports::Start> start{{Partition{0}, Offset{offset}}};
    const auto reader = log->open_reader(Topic::patient_events, start);
    EXPECT_EQ(reader->position(Partition{0}), Offset{offset});
    EXPECT_EQ(read(*reader, 1).size(), expected[static_cast<std::size_t>(offset)]);
    EXPECT_EQ(reader->position(Partition{0}), log->ends(Topic::patient_events)[0]);
    static_cast<void>(read(*reader));
    EXPECT_EQ(reader->position(Partition{0}), log->ends(Topic::patient_events)[0]);
  }
}

TEST_P(LogConformance, AnotherReaderGoesOnWhereOneStopped) {
  const auto writer = log->open_writer("");
  for (int round = 0; round < 4; ++round) {
    static_cast<void>(append(*writer, {event(0, "a"), event(0, "b"), event(2, "c")}));
  }
  const auto whole = read(*log, Topic::patient_events);
  const auto beginning = ports::from_the_beginning(*log);
  for (std::size_t count = 1; count <= whole.size(); ++count) {
    SCOPED_TRACE(count);
    std::vector<Seen> seen;
    const auto first = log->open_reader(Topic::patient_events, beginning);
    const std::size_t handed_out = first->poll(count, [&](const ports::Record& record) {
      seen.push_back({record.partition.get(),
                      record.offset.get(),
                      std::string{record.key},
                      std::string{*record.value}});
    });
    EXPECT_EQ(handed_out, seen.size());
    EXPECT_LE(handed_out, count);
    std::vector<ports::Start> starts;
    for (const ports::Start& start : beginning) {
      starts.push_back({start.partition, first->position(start.partition)});
    }
    const auto rest = read(*log->open_reader(Topic::patient_events, starts));
    seen.insert(seen.end(), rest.begin(), rest.end());
    // Only the order within a partition is promised.
    std::stable_sort(seen.begin(), seen.end(), [](const Seen& one, const Seen& other) {
      return one.partition < other.partition;
    });
    EXPECT_EQ(seen, whole);
  }
}

TEST_P(LogConformance, AReaderReadsOnlyThePartitionsItWasOpenedFor) {
  const auto writer = log->open_writer("");
  static_cast<void>(append(*writer, {event(0, "a"), event(1, "b"), event(2, "c")}));
  const std::vector<ports::Start> starts{{Partition{1}, Offset{1}}};
  const auto reader = log->open_reader(Topic::patient_events, starts);
  EXPECT_EQ(read(*reader), (std::vector<Seen>{{1, 2, "b", "v"}}));
}

TEST_P(LogConformance, ShowsAReaderWhatIsAppendedLater) {
  const auto writer = log->open_writer("");
  const auto reader = log->open_reader(Topic::patient_events, ports::from_the_beginning(*log));
  EXPECT_EQ(read(*reader).size(), 3U);
  static_cast<void>(append(*writer, {event(2, "a")}));
  EXPECT_EQ(read(*reader), (std::vector<Seen>{{2, 2, "a", "v"}}));
}

TEST_P(LogConformance, HandsOutAllThatHasComeWithoutALookForTheEnd) {
  const auto writer = log->open_writer("");
  const std::vector<ports::Start> starts{{Partition{1}, Offset{1}}};
  const auto reader = log->open_reader(Topic::patient_events, starts);
  static_cast<void>(append(*writer, {event(1, "a"), event(1, "b")}));
  static_cast<void>(append(*writer, {event(1, "c")}));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  std::string keys;
  while (keys.size() < 3 && std::chrono::steady_clock::now() < until) {
    reader->poll_ready(2, [&](const ports::Record& record) { keys += record.key; });
  }
  EXPECT_EQ(keys, "abc");
  EXPECT_TRUE(read(*reader).empty());
}

TEST_P(LogConformance, FencesTheWriterBeforeIt) {
  const auto older = log->open_writer("");
  EXPECT_TRUE(older->still_owner());
  const auto newer = log->open_writer("");
  EXPECT_FALSE(older->still_owner());
  EXPECT_TRUE(newer->still_owner());
  EXPECT_GT(newer->epoch(), older->epoch());
  const std::vector<NewRecord> records{event(0, "a"), history(1, "a/1")};
  EXPECT_TRUE(std::holds_alternative<ports::Fenced>(older->append(records)));
  EXPECT_TRUE(appended(Topic::patient_events).empty());
  EXPECT_TRUE(appended(Topic::patient_history).empty());
  EXPECT_EQ(append(*newer, records), (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(appended(Topic::patient_events).size(), 1U);
}

TEST_P(LogConformance, CountsEpochsOnWhenItIsOpenedAgain) {
  const auto epoch = log->open_writer("")->epoch();
  open_again();
  EXPECT_GT(log->open_writer("")->epoch(), epoch);
}

TEST_P(LogConformance, KeepsEverythingWhenItIsOpenedAgain) {
  EXPECT_EQ(append(*log->open_writer(""), {event(0, "a"), history(0, "a/1")}).size(), 2U);
  const auto events = read(*log, Topic::patient_events);
  const auto histories = read(*log, Topic::patient_history);
  const auto ends = log->ends(Topic::patient_history);
  open_again();
  EXPECT_EQ(log->identity(), identity_with(kPartitions));
  EXPECT_EQ(read(*log, Topic::patient_events), events);
  EXPECT_EQ(read(*log, Topic::patient_history), histories);
  EXPECT_EQ(log->ends(Topic::patient_history), ends);
  EXPECT_EQ(append(*log->open_writer(""), {event(0, "b")}), (std::vector<std::int64_t>{4}));
}

TEST_P(LogConformance, KeepsWhereEachGroupGoesOn) {
  EXPECT_TRUE(log->group_offsets("ingest").empty());
  const std::vector<ports::Start> first{{Partition{0}, Offset{4}}, {Partition{2}, Offset{9}}};
  const std::vector<ports::Start> later{{Partition{2}, Offset{11}}};
  log->commit_group_offsets("ingest", first);
  log->commit_group_offsets("ingest", later);
  log->commit_group_offsets("other", first);
  open_again();
  const auto kept = log->group_offsets("ingest");
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].partition, Partition{0});
  EXPECT_EQ(kept[0].offset, Offset{4});
  EXPECT_EQ(kept[1].partition, Partition{2});
  EXPECT_EQ(kept[1].offset, Offset{11});
  EXPECT_EQ(log->group_offsets("other")[1].offset, Offset{9});
}

// An adapter joins with one line.
INSTANTIATE_TEST_SUITE_P(Memory, LogConformance, ::testing::Values(memory_home));
INSTANTIATE_TEST_SUITE_P(Embedded, LogConformance, ::testing::Values(embedded_home));

}  // namespace
}  // namespace testing_logs
