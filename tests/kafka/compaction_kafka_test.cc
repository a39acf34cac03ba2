#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/kafka/broker.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;
using ports::Offset;
using ports::Partition;
using ports::Topic;
using testing_logs::append;
using testing_logs::event;
using testing_logs::Seen;

constexpr std::chrono::seconds kCleanerSecondsMax{90};

// Settings under which the brokers' cleaner comes within seconds instead of within a day.
const infra::log_kafka::Properties kCleanSoon = {{"segment.ms", "1000"},
                                                 {"min.cleanable.dirty.ratio", "0.01"},
                                                 {"min.compaction.lag.ms", "0"},
                                                 {"max.compaction.lag.ms", "1000"},
                                                 {"delete.retention.ms", "1000"}};

std::vector<Seen> without_ticks(std::vector<Seen> seen) {
  std::erase_if(seen, [](const Seen& one) { return one.key == ports::kTickKey; });
  return seen;
}

// Asks for compaction until the brokers have done it: how many records with that key are left.
std::size_t compact_until_few(ports::Log& log, const std::string& key, std::size_t few) {
  const auto deadline = std::chrono::steady_clock::now() + kCleanerSecondsMax;
  std::size_t left = 0;
  do {
    static_cast<void>(log.compact(Topic::patient_events));
    const auto seen = testing_logs::read(log, Topic::patient_events);
    left = static_cast<std::size_t>(
        std::count_if(seen.begin(), seen.end(), [&](const Seen& one) { return one.key == key; }));
  } while (left > few && std::chrono::steady_clock::now() < deadline);
  return left;
}

TEST(KafkaCompaction, TheBrokersCleanerLeavesTheLastRecordOfEachKeyWhereItWas) {
  const Settings settings = fresh_settings();
  KafkaLog::create(settings, 3, testing_logs::identity_with(3).incarnation, {1, kCleanSoon});
  const auto log = KafkaLog::open(settings);
  const auto writer = log->open_writer("");
  const std::vector<ports::Start> start{{Partition{0}, Offset{0}}};
  const auto standing = log->open_reader(Topic::patient_events, start);
  for (int round = 0; round < 6; ++round) {
    ASSERT_EQ(append(*writer, {event(0, "a", std::to_string(round)), event(0, "b")}).size(), 2U);
  }
  // One: of more the cleaner may have come first, wherever the segments happened to end.
  EXPECT_EQ(standing->poll(1, [](const ports::Record&) {}), 1U);
  const auto end = log->ends(Topic::patient_events)[0];
  EXPECT_EQ(compact_until_few(*log, "a", 1), 1U);

  const auto reopened = KafkaLog::open(settings);
  EXPECT_GE(reopened->ends(Topic::patient_events)[0], end);
  const std::vector<Seen> kept{{0, 17, "a", "5"}, {0, 18, "b", "v"}};
  auto seen = without_ticks(testing_logs::read(*reopened, Topic::patient_events));
  std::erase_if(seen, [](const Seen& one) { return one.key == ports::kGenesisKey; });
  EXPECT_EQ(seen, kept);
  // Whoever stood in what is gone reads on, and so does whoever begins there.
  EXPECT_EQ(without_ticks(testing_logs::read(*standing)).back(), kept.back());
  for (const std::int64_t offset : {3, 10, 17}) {
    SCOPED_TRACE(offset);
    const std::vector<ports::Start> there{{Partition{0}, Offset{offset}}};
    const auto reader = reopened->open_reader(Topic::patient_events, there);
    EXPECT_EQ(without_ticks(testing_logs::read(*reader)), kept);
  }
  EXPECT_TRUE(writer->still_owner()) << "a tick fences nobody";
}

}  // namespace
}  // namespace testing_kafka
