#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "domain/handling/partitioner.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"
#include "tests/kafka/foreign_eyes.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;

constexpr std::int32_t kPartitions = 12;

std::string topic_of(const Settings& settings, ports::Topic topic) {
  return settings.topic_prefix + '.' + std::string{name(topic)};
}

TEST(KafkaForeignEyes, AnotherClientFindsEachPatientWhereItsOwnMurmur2SaysAndNothingAborted) {
  const Settings settings = fresh_settings();
  KafkaLog::create(settings, kPartitions, testing_logs::identity_with(kPartitions).incarnation);
  const auto log = KafkaLog::open(settings);
  std::vector<std::string> expected;
  const auto append = [&](ports::LogWriter& writer, const std::string& id) {
    const ports::Partition partition = handling::partition_of(id, kPartitions);
    const auto offsets =
        testing_logs::append(writer,
                             {{ports::Topic::patient_events, partition, id, "state"},
                              {ports::Topic::patient_history, partition, id + "/1", "change"}});
    ASSERT_EQ(offsets.size(), 2U);
    std::ostringstream line;
    line << partition.get() << ' ' << offsets[0] << ' ' << id << " state " << partition.get();
    expected.push_back(line.str());
  };
  {
    const auto writer = log->open_writer("");
    for (const char* id : {"1", "42", "9007199254740991", "a", "A-b_c.d", "42-b"}) {
      append(*writer, id);
    }
  }
  ForeignTransaction half{settings.topic_prefix + ".writer"};
  const std::string topic = topic_of(settings, ports::Topic::patient_events);
  for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
    half.produce(topic, partition, "never");
  }
  log->reclaim();
  const auto writer = log->open_writer("");
  for (int id = 1000; id < 1020; ++id) append(*writer, std::to_string(id));
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(foreign_lines(topic, expected.size()), expected);
}

}  // namespace
}  // namespace testing_kafka
