#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "tests/kafka/appending_process.h"
#include "tests/kafka/broker.h"

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;
using ports::Topic;
using std::chrono::seconds;

constexpr std::int64_t kTransactionsPerProcess = 10'000;

// The transactions in the log, in the order of their numbers. Each must be there once, in both
// topics.
std::vector<std::int64_t> transactions(const ports::Log& log) {
  std::vector<std::int64_t> events;
  std::vector<std::int64_t> histories;
  for (const std::string& key : keys(log, Topic::patient_events)) events.push_back(std::stoll(key));
  for (const std::string& key : keys(log, Topic::patient_history))
    histories.push_back(std::stoll(key));
  std::sort(events.begin(), events.end());
  std::sort(histories.begin(), histories.end());
  EXPECT_EQ(events, histories) << "a transaction is in both topics or in none";
  EXPECT_EQ(std::adjacent_find(events.begin(), events.end()), events.end()) << "one is there twice";
  return events;
}

// Everything that the process was told is committed is there, and what is there beyond that it was
// in the middle of: at most one.
void expect_kept(const AppendingProcess& process,
                 const std::vector<std::int64_t>& log,
                 std::int64_t first) {
  std::vector<std::int64_t> its;
  std::copy_if(log.begin(), log.end(), std::back_inserter(its), [&](std::int64_t number) {
    return number >= first && number < first + kTransactionsPerProcess;
  });
  const auto committed = process.said("committed");
  EXPECT_TRUE(std::includes(its.begin(), its.end(), committed.begin(), committed.end()))
      << "a commit that was acknowledged is lost\n"
      << process.output();
  EXPECT_LE(its.size(), committed.size() + 1) << process.output();
}

TEST(KafkaTakeover, AProcessThatWasPausedGivesUpWhenItWakes) {
  const Settings settings = with_log();
  const auto log = KafkaLog::open(settings);
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const std::int64_t first = seed * kTransactionsPerProcess;
    AppendingProcess process{settings, first};
    ASSERT_TRUE(process.await_lines(3 + random() % 20, seconds{30})) << process.output();
    process.send(SIGSTOP);
    log->reclaim();
    const auto writer = log->open_writer("");
    const auto before = transactions(*log);
    const std::string mark = std::to_string(seed);
    const auto appended = testing_logs::append(
        *writer, {testing_logs::event(0, mark), testing_logs::history(0, mark + "/1")});
    ASSERT_EQ(appended.size(), 2U);
    process.send(SIGCONT);
    EXPECT_TRUE(process.await_end(seconds{5})) << "it goes on: " << process.output();
    EXPECT_TRUE(writer->still_owner());
    expect_kept(process, before, first);
    auto after = transactions(*log);
    EXPECT_EQ(std::erase(after, seed), 1);
    EXPECT_EQ(after, before) << "what was decided when the newer writer was open changed\n"
                             << process.output();
  }
}

TEST(KafkaTakeover, AProcessThatIsKilledLosesNothingThatWasAcknowledged) {
  const Settings settings = with_log();
  const auto cycles = static_cast<std::uint32_t>(fault_cycles(60));
  for (std::uint32_t seed = 1; seed <= cycles; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const std::int64_t first = seed * kTransactionsPerProcess;
    AppendingProcess process{settings, first};
    ASSERT_TRUE(process.await_lines(1 + random() % 20, seconds{30})) << process.output();
    process.send(SIGKILL);
    ASSERT_TRUE(process.await_end(seconds{5}));
    const auto log = KafkaLog::open(settings);
    static_cast<void>(log->open_writer(""));
    expect_kept(process, transactions(*log), first);
  }
}

}  // namespace
}  // namespace testing_kafka
