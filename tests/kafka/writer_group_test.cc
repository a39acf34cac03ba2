#include "infra/log_kafka/writer_group.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>

#include "tests/kafka/broker.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;
using infra::log_kafka::WriterGroup;
using std::chrono::seconds;

// A member, and whoever waits for what it says.
class Candidate {
 public:
  explicit Candidate(const Settings& settings)
      : group_(std::make_unique<WriterGroup>(settings, [this] {
          const std::lock_guard lock{mutex_};
          changed_.notify_all();
        })) {}

  [[nodiscard]] std::int64_t turn() const { return group_->turn(); }
  // Waits until `happened`, or in vain.
  template <class Happened>
  [[nodiscard]] bool await(Happened happened, seconds limit = seconds{20}) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return happened(*group_); });
  }
  [[nodiscard]] bool await_turn(seconds limit = seconds{20}) {
    return await([](const WriterGroup& group) { return group.turn() > 0; }, limit);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<WriterGroup> group_;
};

TEST(KafkaWriterGroup, KeepsTheOneWhoLivesAndGivesTheNextItsTurnAtOnceWhenItLeaves) {
  Settings settings = with_log();
  // Longer than anybody waits here: whoever is followed has left, and was not given up.
  settings.properties = {{"session.timeout.ms", "40000"}};
  auto first = std::make_unique<Candidate>(settings);
  ASSERT_TRUE(first->await_turn());
  Candidate second{settings};
  {
    Candidate third{settings};
    EXPECT_FALSE(third.await_turn(seconds{3}));
  }
  EXPECT_FALSE(second.await_turn(seconds{3}));
  EXPECT_EQ(first->turn(), 1) << "others came and went, and it is the same turn";
  first.reset();
  EXPECT_TRUE(second.await_turn());
}

TEST(KafkaWriterGroup, TellsWhoIsThereToThoseWhoAreNot) {
  const Settings settings = with_log();
  const auto log = KafkaLog::open(settings);
  EXPECT_EQ(log->present_writer(), std::nullopt);
  {
    Candidate candidate{settings};
    ASSERT_TRUE(candidate.await_turn());
    const auto who = log->present_writer();
    ASSERT_TRUE(who.has_value());
    EXPECT_EQ(who->find("kartei@"), 0U) << *who;
    EXPECT_NE(who->find(':' + std::to_string(getpid()) + " (/127.0.0.1)"), std::string::npos)
        << *who;
  }
  EXPECT_EQ(log->present_writer(), std::nullopt);
}

TEST(KafkaWriterGroup, HearsOfAWriterThatDidNotWaitForItsTurn) {
  const Settings settings = with_log();
  const auto mine = KafkaLog::open(settings);
  Candidate candidate{settings};
  ASSERT_TRUE(candidate.await_turn());
  const auto writer = mine->open_writer("");
  const std::int64_t epoch = mine->last_epoch();
  EXPECT_EQ(epoch, writer->epoch().get());
  const auto theirs = KafkaLog::open(settings);
  const auto other = theirs->open_writer("");
  EXPECT_TRUE(
      candidate.await([&](const WriterGroup& group) { return group.last_writer() > epoch; }));
}

// Where the end is the client asks only once it has its turn: somebody may have written meanwhile.
TEST(KafkaWriterGroup, HearsOfAWriterThatCameBeforeItListened) {
  const Settings settings = with_log();
  const auto writer = KafkaLog::open(settings)->open_writer("");
  Candidate candidate{settings};
  EXPECT_TRUE(candidate.await(
      [&](const WriterGroup& group) { return group.last_writer() == writer->epoch().get(); }));
}

TEST(KafkaWriterGroup, KnowsHowOftenTheTopicsWantTicks) {
  Settings settings = fresh_settings();
  KafkaLog::create(settings,
                   3,
                   testing_logs::identity_with(3).incarnation,
                   {.replication = 1, .overrides = {{"segment.ms", "120000"}}});
  EXPECT_EQ(KafkaLog::open(settings)->tick_interval(ports::Topic::patient_history),
            std::chrono::minutes{2});
}

}  // namespace
}  // namespace testing_kafka
