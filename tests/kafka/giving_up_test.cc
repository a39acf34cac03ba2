#include <gtest/gtest.h>

#include <atomic>

#include "domain/core/broken.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"

// Whoever is told to stop does not wait as long as patience allows, and what was not read because
// of that is not taken for something that is not there.
namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using ports::Topic;
using testing_logs::append;
using testing_logs::event;

class KafkaGivingUp : public ::testing::Test {
 protected:
  KafkaGivingUp() {
    settings.patience = std::chrono::minutes{10};  // Longer than a run may take.
    settings.gives_up = [this] { return given_up.load(); };
    log = KafkaLog::open(settings);
  }

  std::atomic<bool> given_up = false;
  infra::log_kafka::Settings settings = with_log(1);
  std::unique_ptr<KafkaLog> log;
};

TEST_F(KafkaGivingUp, EndsTheWaitForATopicThatMayComeBack) {
  delete_topic(settings.topic_prefix + ".patient-history");
  given_up = true;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  bool ended = false;
  while (!ended && std::chrono::steady_clock::now() < until) {  // A topic goes in its own time.
    try {
      static_cast<void>(log->ends(Topic::patient_history));
    } catch (const core::Broken&) {
      ended = true;
    }
  }
  EXPECT_TRUE(ended);
}

TEST_F(KafkaGivingUp, IsNoEndOfWhatThereIsToRead) {
  constexpr int kReaders = 20;
  ASSERT_EQ(append(*log->open_writer(""), {event(0, "a")}).size(), 1U);
  int given_ups = 0;
  for (int number = 0; number < kReaders; ++number) {
    const auto reader = log->open_reader(Topic::patient_history, ports::from_the_beginning(*log));
    given_up = true;
    try {
      EXPECT_GT(reader->poll(1, [](const ports::Record&) {}), 0U) << "nothing to read, it says";
    } catch (const core::Broken& broken) {
      EXPECT_EQ(broken.kind(), core::Breakage::broker_unavailable) << broken.what();
      ++given_ups;
    }
    given_up = false;
    while (reader->poll(1, [](const ports::Record&) {}) > 0) {
    }
    EXPECT_EQ(reader->position(ports::Partition{0}), log->ends(Topic::patient_history)[0]);
  }
  EXPECT_GT(given_ups, 0) << "what a reader wants lay ready each time";
}

}  // namespace
}  // namespace testing_kafka
