#include <gtest/gtest.h>

#include <algorithm>

#include "infra/log_kafka/broker_releases.h"
#include "infra/log_kafka/examination.h"
#include "infra/log_kafka/rights.h"
#include "infra/log_kafka/topic_settings_check.h"
#include "tests/kafka/foreign.h"
#include "tests/kafka/kafka_environment.h"
#include "tests/whole/process.h"

// The doctor on the broker: a sound log is called sound, and what is spoiled is found and named.
namespace testing_kafka {
namespace {

using infra::log_kafka::DescribedTopic;
using infra::log_kafka::examine;
using infra::log_kafka::KafkaLog;
using infra::log_kafka::missing_right;
using infra::log_kafka::release_by;
using infra::log_kafka::Settings;
using infra::log_kafka::Symptom;
using whole::Place;
using whole::Ran;

// What is not well, one line each.
std::string ills(const Settings& settings) {
  std::string text;
  for (const Symptom& symptom : examine(settings)) {
    if (!symptom.well) text += symptom.check + ": " + symptom.message + '\n';
  }
  return text;
}

void expect_named(const std::string& text, std::initializer_list<std::string> words) {
  for (const std::string& word : words)
    EXPECT_NE(text.find(word), std::string::npos) << word << " is not in: " << text;
}

TEST(KafkaDoctor, CallsASoundLogSoundAndFencesNobody) {
  const Settings settings = with_log();
  const auto log = KafkaLog::open(settings);
  const auto writer = log->open_writer("");
  const auto ends = log->ends(ports::Topic::patient_events);
  EXPECT_EQ(ills(settings), "");
  EXPECT_EQ(log->ends(ports::Topic::patient_events), ends);
  EXPECT_TRUE(writer->still_owner());
  const std::vector<ports::NewRecord> records{
      {ports::Topic::patient_events, ports::Partition{0}, "1", "x"}};
  EXPECT_TRUE(std::holds_alternative<ports::Committed>(writer->append(records)));
  EXPECT_EQ(ills(settings), "");
}

// The row of a check, the whole of it.
std::string row(const Settings& settings, const std::string& check) {
  std::string text;
  for (const Symptom& symptom : examine(settings)) {
    if (symptom.check == check) text += (symptom.well ? "well: " : "ill: ") + symptom.message;
  }
  return text;
}

TEST(KafkaDoctor, SaysOfWhichReleaseTheBrokersAreAsFarAsTheyTell) {
  const Settings settings = fresh_settings();
  const std::map<std::string, std::string> told = {{"3.9.1", "3.9"}, {"4.1.0", "4.0 or newer"}};
  ASSERT_TRUE(told.contains(version())) << "add what this version tells";
  EXPECT_EQ(row(settings, "brokers"),
            "well: Kafka at " + settings.brokers + " answers; release " + told.at(version()));
}

TEST(KafkaDoctor, KnowsTheReleaseOnlyByASettingThatNobodyHasSet) {
  EXPECT_EQ(release_by({{.value = "3.7-IV4", .is_default = true}}), "3.7");
  EXPECT_EQ(release_by({{.value = "3.7", .is_default = false}}), "3.7 or newer");
  EXPECT_EQ(release_by({}), "4.0 or newer");
}

TEST(KafkaDoctor, NamesThePartitionInWhichATransactionHangs) {
  Settings settings = with_log();
  settings.patience = std::chrono::milliseconds{4000};
  ForeignTransaction hanging{settings.topic_prefix + ".somebody"};
  hanging.produce(settings.topic_prefix + ".patient-history", 2, "1/1");
  const std::string found = ills(settings);
  expect_named(found,
               {"open transactions",
                settings.topic_prefix + ".patient-history partition 2",
                "kafka-transactions.sh abort"});
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 1) << found;
  hanging.abort();
  EXPECT_EQ(ills(settings), "");
}

TEST(KafkaDoctor, NamesATopicThatIsMissing) {
  const Settings settings = with_log();
  delete_topic(settings.topic_prefix + ".writer");
  expect_named(
      ills(settings),
      {"topic " + settings.topic_prefix + ".writer: there is none; `kartei topics create`"});
}

TEST(KafkaDoctor, NamesAGenesisThatIsMissing) {
  const Settings settings = with_log();
  delete_topic(settings.topic_prefix + ".patient-events");
  make_topic(settings.topic_prefix + ".patient-events", 3);
  expect_named(ills(settings), {"genesis: ", "kartei topics create", "cleanup.policy is delete"});
}

TEST(KafkaDoctor, NamesSettingsThatEndangerWhatIsInATopic) {
  const Settings settings = fresh_settings();
  KafkaLog::create(
      settings,
      2,
      ports::Incarnation{core::Uuid{{1}}},
      {.replication = 1,
       .overrides = {{"cleanup.policy", "compact,delete"}, {"max.message.bytes", "100000"}}});
  expect_named(ills(settings),
               {settings.topic_prefix + ".patient-history: cleanup.policy is compact,delete",
                "kafka-configs.sh --alter --topic " + settings.topic_prefix + ".patient-history",
                "max.message.bytes is 100000"});
}

TEST(KafkaDoctor, SaysThatNobodyAnswers) {
  Settings settings = fresh_settings();
  settings.brokers = "127.0.0.1:1";
  settings.patience = std::chrono::milliseconds{300};
  expect_named(ills(settings), {"brokers: ", "127.0.0.1:1"});
}

TEST(KafkaDoctor, OfTheProgramExitsWithSevenAndOneFindingForEachThing) {
  const KafkaEnvironment environment;
  Place place;
  EXPECT_EQ(place.json({"doctor"}).status, 7) << "there are no topics";
  EXPECT_EQ(place.json({"topics", "create", "--partitions", "2"}).status, 0);
  EXPECT_EQ(place.json(whole::new_patient("")).status, 0);
  const Ran sound = place.json({"doctor"});
  EXPECT_EQ(sound.status, 0) << sound.out;
  expect_named(sound.out,
               {"\"client\"",
                "librdkafka",
                "\"brokers\"",
                "\"transactions\"",
                "\"clocks\"",
                "\"genesis\"",
                "\"open transactions\"",
                "read model directory",
                "lag 0"});
  delete_topic(environment.settings.topic_prefix + ".patient-history");
  const Ran spoiled = place.json({"doctor"});
  EXPECT_EQ(spoiled.status, 7) << spoiled.out;
  EXPECT_EQ(spoiled.at("ok"), "true");
}

TEST(KafkaLogLevel, DebugHasTheLinesOfTheClientAndNoPassword) {
  const KafkaEnvironment environment;
  Place place;
  ::setenv("KAFKA_PROPERTY_DEBUG", "conf,broker", 1);
  ::setenv("KAFKA_PROPERTY_SASL_PASSWORD", "hunter2", 1);
  const Ran quiet = place.json({"topics", "create", "--partitions", "1"});
  const Ran loud = place.json({"topics", "describe", "--log-level", "debug"});
  ::unsetenv("KAFKA_PROPERTY_DEBUG");
  ::unsetenv("KAFKA_PROPERTY_SASL_PASSWORD");
  EXPECT_EQ(quiet.status, 0) << quiet.out;
  EXPECT_EQ(quiet.err, "");
  EXPECT_EQ(loud.status, 0) << loud.out;
  expect_named(loud.err, {"librdkafka CONF", "sasl.password"});
  EXPECT_EQ(loud.err.find("hunter2"), std::string::npos);
}

TEST(KafkaRights, AreNamedByTheAclThatIsMissing) {
  const std::map<rd_kafka_resp_err_t, std::string> expected = {
      {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "topics with the prefix kartei."},
      {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, "groups with the prefix kartei."},
      {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
       "transactional ids with the prefix"},
      {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, "IdempotentWrite"},
      {RD_KAFKA_RESP_ERR__AUTHENTICATION, "sasl.password"}};
  for (const auto& [error, words] : expected) {
    const auto right = missing_right(error, "kartei");
    ASSERT_TRUE(right);
    expect_named(*right, {words});
  }
  EXPECT_EQ(missing_right(RD_KAFKA_RESP_ERR__TIMED_OUT, "kartei"), std::nullopt);
}

TEST(KafkaTopicSettings, AreJudgedByWhatTheyDoToEvents) {
  DescribedTopic sound{.name = "kartei.patient-history",
                       .partitions = 12,
                       .replication = 3,
                       .settings = {{"cleanup.policy", "compact"},
                                    {"message.timestamp.type", "LogAppendTime"},
                                    {"compression.type", "producer"},
                                    {"segment.ms", "21600000"},
                                    {"max.compaction.lag.ms", "86400000"},
                                    {"max.message.bytes", "1048588"},
                                    {"min.insync.replicas", "2"},
                                    {"unclean.leader.election.enable", "false"}}};
  EXPECT_TRUE(faults_of(sound).empty());
  const std::vector<std::pair<std::string, std::string>> unsound = {
      {"cleanup.policy", "delete"},
      {"message.timestamp.type", "CreateTime"},
      {"max.compaction.lag.ms", "9223372036854775807"},
      {"max.message.bytes", "900000"},
      {"min.insync.replicas", "1"},
      {"min.insync.replicas", "3"},
      {"unclean.leader.election.enable", "true"}};
  for (const auto& [name, value] : unsound) {
    SCOPED_TRACE(name + '=' + value);
    DescribedTopic topic = sound;
    topic.settings[name] = value;
    ASSERT_EQ(faults_of(topic).size(), 1U);
    EXPECT_TRUE(faults_of(topic).front().starts_with(name + " is " + value + ": "));
  }
  DescribedTopic outbound{.name = "patient-events",
                          .internal = false,
                          .partitions = 3,
                          .settings = {{"cleanup.policy", "delete"}, {"compression.type", "lz4"}}};
  ASSERT_EQ(faults_of(outbound).size(), 1U);
  expect_named(faults_of(outbound).front(), {"compression.type is lz4", "gzip"});
}

}  // namespace
}  // namespace testing_kafka
