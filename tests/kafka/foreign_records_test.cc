#include <gtest/gtest.h>

#include "domain/handling/partitioner.h"
#include "tests/kafka/foreign.h"
#include "tests/kafka/kafka_environment.h"
#include "tests/whole/rows.h"

// Records that somebody else has written into the log's own topics.
namespace testing_kafka {
namespace {

using whole::Place;
using whole::Ran;
using whole::sample;
using whole::Words;

constexpr std::int32_t kPartitions = 3;

class KafkaForeignRecords : public ::testing::Test {
 protected:
  KafkaForeignRecords() {
    const std::string partitions = std::to_string(kPartitions);
    EXPECT_EQ(place.json({"topics", "create", "--partitions", partitions}).status, 0);
    EXPECT_EQ(place.json({"import", "registrations", sample("registrations")}).status, 0);
  }
  [[nodiscard]] std::string topic(ports::Topic topic = ports::Topic::patient_events) const {
    return environment.settings.topic_prefix + '.' + std::string{name(topic)};
  }
  // The values of a key, oldest first.
  [[nodiscard]] std::vector<std::string> values(ports::Topic topic, const std::string& key) const {
    const auto log = infra::log_kafka::KafkaLog::open(environment.settings);
    std::vector<std::string> values;
    for (const testing_logs::Seen& one : testing_logs::read(*log, topic)) {
      if (one.key == key && one.value) values.push_back(*one.value);
    }
    return values;
  }
  void expect_problem(const std::string& code, const std::string& patient) {
    const Ran found = place.json({"events", "verify"});
    EXPECT_EQ(found.status, 7) << found.out;
    EXPECT_EQ(found.at("data.problems.0.code"), '"' + code + '"') << found.out;
    EXPECT_EQ(found.at("data.problems.0.patient_id"), patient) << found.out;
  }

  const KafkaEnvironment environment;
  Place place;
};

TEST_F(KafkaForeignRecords, ThatNobodyCanReadSetTheirPatientApartUntilItIsRepaired) {
  const Words show{"patient", "show", "1"};
  const std::string before = place.json(show).at("data.patient");
  const std::string another = place.json({"patient", "show", "2"}).at("data");
  produce(topic(), handling::partition_of("1", kPartitions).get(), "1", "garbage");
  const Ran apart = place.json(show);
  EXPECT_EQ(apart.status, 4) << apart.out;
  EXPECT_EQ(apart.code(), R"("quarantined")");
  EXPECT_EQ(place.json({"patient", "delete", "1"}).code(), R"("quarantined")");
  EXPECT_EQ(place.json({"patient", "show", "2"}).at("data"), another);
  EXPECT_EQ(place.json({"events", "verify"}).status, 7);
  const Ran repaired = place.json({"events", "repair", "1"});
  EXPECT_EQ(repaired.status, 0) << repaired.out;
  EXPECT_EQ(place.json(show).at("data.patient"), before);
  whole::expect_in_order(place);
}

TEST_F(KafkaForeignRecords, InAWrongPartitionArePassedOverAndReported) {
  const std::string rows = whole::rows_of(place);
  const std::int32_t right = handling::partition_of("2", kPartitions).get();
  produce(topic(), (right + 1) % kPartitions, "2", "garbage");
  produce(topic(), right, "no patient's key!", "garbage");
  EXPECT_EQ(whole::rows_of(place), rows);
  const Ran found = place.json({"events", "verify"});
  EXPECT_EQ(found.status, 7) << found.out;
  EXPECT_EQ(found.size("data.problems"), 2U) << found.out;
  EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
  EXPECT_EQ(place.json({"patient", "update", "2", "--set", "ort=Ulm"}).status, 0);
}

TEST_F(KafkaForeignRecords, OfALaterVersionSetTheirPatientApartUntilItIsRepaired) {
  const Words show{"patient", "show", "1"};
  const std::string before = place.json(show).at("data.patient");
  // Of a field that is there twice the last one counts: the schema version, field 12, is 99.
  const std::string later = values(ports::Topic::patient_events, "1").back() + "\x60\x63";
  produce(topic(), handling::partition_of("1", kPartitions).get(), "1", later);
  EXPECT_EQ(place.json(show).code(), R"("quarantined")");
  EXPECT_EQ(place.json({"patient", "delete", "1"}).code(), R"("quarantined")");
  const Ran apart = place.json({"quarantine", "list"});
  EXPECT_EQ(apart.size("data"), 1U) << apart.out;
  EXPECT_NE(apart.at("data.0.error").find("version is from the future"), std::string::npos)
      << apart.out;
  expect_problem("undecodable", "1");
  EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
  EXPECT_EQ(place.json({"events", "repair", "1"}).status, 0);
  EXPECT_EQ(place.json(show).at("data.patient"), before);
  whole::expect_in_order(place);
}

TEST_F(KafkaForeignRecords, WithAnEarlierStateAreReportedAndRepaired) {
  const Words show{"patient", "show", "2"};
  const std::int32_t partition = handling::partition_of("2", kPartitions).get();
  ASSERT_EQ(place.json({"patient", "update", "2", "--set", "ort=Ulm"}).status, 0);
  const std::string before = place.json(show).at("data.patient");
  produce(topic(), partition, "2", values(ports::Topic::patient_events, "2").front());
  expect_problem("state_differs", "2");
  const Ran repaired = place.json({"events", "repair", "2"});
  EXPECT_EQ(repaired.status, 0) << repaired.out;
  EXPECT_EQ(place.json(show).at("data.patient"), before);
  whole::expect_in_order(place);
}

TEST_F(KafkaForeignRecords, WithAnEarlierSequenceAreReported) {
  const auto history = ports::Topic::patient_history;
  ASSERT_EQ(place.json({"patient", "update", "2", "--set", "ort=Ulm"}).status, 0);
  const std::string first = values(history, "2/1").front();
  produce(topic(history), handling::partition_of("2", kPartitions).get(), "2/1", first);
  expect_problem("sequence_gap", "2");
  EXPECT_EQ(place.json({"patient", "show", "1"}).status, 0);
}

}  // namespace
}  // namespace testing_kafka
