#include "tests/logs/conformance.h"

namespace testing_logs {
namespace {

using ports::Offset;
using ports::Partition;
using ports::Topic;

TEST_P(LogConformance, CompactionLeavesTheLastRecordOfEachKeyWhereItWas) {
  const auto writer = log->open_writer("");
  for (int round = 0; round < 5; ++round) {
    static_cast<void>(append(*writer, {event(0, "a", std::to_string(round)), event(0, "b", "x")}));
  }
  static_cast<void>(append(*writer, {event(0, "a", "last"), history(0, "a/1")}));
  const auto ends = log->ends(Topic::patient_events);
  const auto result = log->compact(Topic::patient_events);
  EXPECT_EQ(result->removed, 9);
  EXPECT_EQ(result->kept, 5);
  const std::vector<Seen> kept{{0, 15, "b", "x"}, {0, 17, "a", "last"}};
  EXPECT_EQ(appended(Topic::patient_events), kept);
  EXPECT_EQ(read(*log, Topic::patient_events).size(), 5U) << "the genesis records stay";
  EXPECT_EQ(log->ends(Topic::patient_events), ends);
  EXPECT_EQ(log->compact(Topic::patient_events)->removed, 0);
  open_again();
  EXPECT_EQ(appended(Topic::patient_events), kept);
  EXPECT_EQ(append(*log->open_writer(""), {event(0, "c")}), (std::vector<std::int64_t>{19}));
}

TEST_P(LogConformance, CompactionKeepsTheLastOfTheReservedKeys) {
  const auto writer = log->open_writer("");
  const std::string tick{ports::kTickKey};
  for (int round = 0; round < 3; ++round) {
    static_cast<void>(append(*writer, {event(1, tick, std::to_string(round))}));
  }
  static_cast<void>(append(*writer, {event(1, "a")}));
  static_cast<void>(log->compact(Topic::patient_events));
  EXPECT_EQ(appended(Topic::patient_events),
            (std::vector<Seen>{{1, 6, tick, "2"}, {1, 8, "a", "v"}}));
}

TEST_P(LogConformance, CompactionKeepsTombstonesThatAReaderMayHaveMissed) {
  const auto writer = log->open_writer("");
  static_cast<void>(append(*writer, {event(0, "a"), event(0, "b"), event(0, "a", std::nullopt)}));
  static_cast<void>(log->compact(Topic::patient_events));
  EXPECT_EQ(appended(Topic::patient_events),
            (std::vector<Seen>{{0, 3, "b", "v"}, {0, 4, "a", std::nullopt}}));
}

// Whether an old tombstone goes, and when, is the log's affair; its key never comes back.
TEST_P(LogConformance, CompactionNeverBringsBackWhatATombstoneEnded) {
  const auto writer = log->open_writer("");
  static_cast<void>(append(*writer, {event(0, "a")}));
  static_cast<void>(append(*writer, {event(0, "a", std::nullopt)}));
  std::vector<ports::NewRecord> many;
  for (int number = 0; number < 2000; ++number) many.push_back(event(0, std::to_string(number)));
  ASSERT_EQ(append(*writer, many).size(), many.size());
  static_cast<void>(log->compact(Topic::patient_events));
  open_again();
  const auto kept = appended(Topic::patient_events);
  EXPECT_GE(kept.size(), many.size());
  for (const Seen& one : kept) EXPECT_FALSE(one.key == "a" && one.value) << one.offset;
  EXPECT_EQ(kept.back().key, "1999");
}

TEST_P(LogConformance, CompactionKeepsTheLastRecordOfAPartitionEvenAsATombstone) {
  const auto writer = log->open_writer("");
  static_cast<void>(append(*writer, {event(0, "a"), event(0, "a", std::nullopt)}));
  for (int again = 0; again < 2; ++again) static_cast<void>(log->compact(Topic::patient_events));
  EXPECT_EQ(appended(Topic::patient_events), (std::vector<Seen>{{0, 3, "a", std::nullopt}}));
}

TEST_P(LogConformance, AReaderGoesOnWhereverItStoodBeforeACompaction) {
  const auto writer = log->open_writer("");
  for (int round = 0; round < 6; ++round) {
    static_cast<void>(append(*writer, {event(0, "a", std::to_string(round)), event(0, "b")}));
  }
  std::vector<std::unique_ptr<ports::LogReader>> readers;
  std::vector<std::size_t> polled;
  const std::vector<ports::Start> start{{Partition{0}, Offset{0}}};
  for (std::size_t count = 0; count <= 13; ++count) {
    readers.push_back(log->open_reader(Topic::patient_events, start));
    for (std::size_t one = 0; one < count; ++one) {
      EXPECT_EQ(readers.back()->poll(1, [](const ports::Record&) {}), 1U);
    }
  }
  static_cast<void>(log->compact(Topic::patient_events));
  static_cast<void>(append(*writer, {event(0, "c")}));
  const std::vector<Seen> kept{{0, 17, "a", "5"}, {0, 18, "b", "v"}, {0, 20, "c", "v"}};
  for (std::size_t count = 0; count < readers.size(); ++count) {
    SCOPED_TRACE(count);
    auto seen = read(*readers[count], 1);
    if (count == 0) seen.erase(seen.begin());  // the genesis
    const auto missed = static_cast<std::ptrdiff_t>(count > 11 ? count - 11 : 0);
    EXPECT_EQ(seen, std::vector<Seen>(kept.begin() + missed, kept.end()));
    EXPECT_EQ(readers[count]->position(Partition{0}), Offset{22});
  }
}

TEST_P(LogConformance, AReaderMayStartInWhatACompactionRemoved) {
  const auto writer = log->open_writer("");
  for (int round = 0; round < 4; ++round) static_cast<void>(append(*writer, {event(0, "a")}));
  static_cast<void>(append(*writer, {event(0, "b")}));
  static_cast<void>(log->compact(Topic::patient_events));
  for (std::int64_t offset = 1; offset <= 8; ++offset) {
    SCOPED_TRACE(offset);
    const std::vector<ports::Start> start{{Partition{0}, Offset{offset}}};
    const auto reader = log->open_reader(Topic::patient_events, start);
    EXPECT_EQ(read(*reader), (std::vector<Seen>{{0, 8, "a", "v"}, {0, 10, "b", "v"}}));
  }
}

}  // namespace
}  // namespace testing_logs
