#include <gtest/gtest.h>

#include <cstdlib>

#include "domain/core/broken.h"
#include "infra/log_kafka/examination.h"
#include "tests/kafka/broker.h"

// A user who has no rights but those that ACLs give: what is missing is named, and the ACLs that
// the names add up to are enough.
namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;

// The log of `settings` as the user of the run's broker comes to it.
Settings as_user(Settings settings) {
  settings.brokers = user_brokers();
  settings.properties = {{"security.protocol", "SASL_PLAINTEXT"},
                         {"sasl.mechanisms", "PLAIN"},
                         {"sasl.username", kUser},
                         {"sasl.password", kPassword}};
  return settings;
}

void allow(const Settings& settings, const std::string& resource, const std::string& operations) {
  const std::string command = SOURCE_ROOT "/tests/kafka/allow " + version() + ' ' + brokers() +
                              ' ' + kUser + ' ' + resource + ' ' + settings.topic_prefix + ". " +
                              operations;
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

// The checks that are not well, and all that is said of them.
std::string ills(const Settings& settings) {
  std::string text;
  for (const auto& symptom : infra::log_kafka::examine(settings)) {
    if (!symptom.well) text += symptom.check + ": " + symptom.message + '\n';
  }
  return text;
}

// What is said of the brokers, where that is well.
std::string brokers_row(const Settings& settings) {
  for (const auto& symptom : infra::log_kafka::examine(settings)) {
    if (symptom.check == "brokers" && symptom.well) return symptom.message;
  }
  return "not well";
}

template <class Act>
std::string complaint_of(const Act& act) {
  try {
    act();
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::io) << broken.what();
    return broken.what();
  }
  ADD_FAILURE() << "it was allowed";
  return {};
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST(KafkaUser, IsToldWhichRightsAreMissingUntilThereAreEnough) {
  const Settings settings = as_user(with_log());
  const std::string topics = "on the topics with the prefix " + settings.topic_prefix + '.';
  const std::string ids = "on the transactional ids with the prefix " + settings.topic_prefix + '.';

  EXPECT_PRED2(has, complaint_of([&] { static_cast<void>(KafkaLog::open(settings)); }), topics);
  EXPECT_PRED2(has, ills(settings), "patient-history: missing rights");

  allow(settings, "--topic", "Read Describe DescribeConfigs");
  const auto log = KafkaLog::open(settings);
  EXPECT_PRED2(has, complaint_of([&] { static_cast<void>(log->open_writer("")); }), ids);
  EXPECT_PRED2(has, ills(settings), ids);

  allow(settings, "--transactional-id", "Write Describe");
  EXPECT_PRED2(has, complaint_of([&] { static_cast<void>(log->open_writer("")); }), topics);
  EXPECT_PRED2(has, ills(settings), topics);

  allow(settings, "--topic", "Write");
  const auto writer = log->open_writer("");
  const std::vector<ports::NewRecord> records{
      {ports::Topic::patient_events, ports::Partition{0}, "1", "x"}};
  EXPECT_TRUE(std::holds_alternative<ports::Committed>(writer->append(records)));
  EXPECT_EQ(log->compact(ports::Topic::patient_events), std::nullopt);
  EXPECT_EQ(ills(settings), "");

  EXPECT_PRED2(has,
               complaint_of([&] { static_cast<void>(log->group_offsets("reactor")); }),
               "on the groups with the prefix " + settings.topic_prefix + '.');
  allow(settings, "--group", "Read Describe");
  EXPECT_TRUE(log->group_offsets("reactor").empty());
}

TEST(KafkaUser, IsToldWhyTheReleaseOfTheBrokersIsNotKnown) {
  EXPECT_PRED2(has,
               brokers_row(as_user(fresh_settings())),
               "release not known (this user lacks the ACL DescribeConfigs on the cluster)");
}

TEST(KafkaUser, IsToldWhichRightsMakingTheTopicsNeeds) {
  const Settings settings = as_user(fresh_settings());
  const auto create = [&] { KafkaLog::create(settings, 2, ports::Incarnation{core::Uuid{{1}}}); };
  EXPECT_PRED2(has, complaint_of(create), "to make them Create");
  allow(settings, "--topic", "Describe");
  EXPECT_PRED2(has, complaint_of(create), "to make them Create") << "which are not there, it knows";
  allow(settings, "--topic", "Create Read Write Describe DescribeConfigs");
  allow(settings, "--transactional-id", "Write Describe");
  create();
  EXPECT_EQ(ills(settings), "");
}

TEST(KafkaUser, WithAWrongPasswordIsToldSo) {
  Settings settings = as_user(fresh_settings());
  settings.patience = std::chrono::milliseconds{4000};
  settings.properties.back().second = "falsch";
  const std::string found = ills(settings);
  EXPECT_PRED2(has, found, "Invalid username or password");
  EXPECT_FALSE(has(found, "falsch")) << found;
}

}  // namespace
}  // namespace testing_kafka
