#include "infra/service/command_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "domain/core/broken.h"
#include "infra/service/wakeup.h"

namespace {

using handling::Answer;
using handling::Done;
using handling::Submission;
using infra::service::CommandQueue;
using infra::service::Wakeup;

Submission submission(std::int64_t number) {
  return {patient::CommandId{core::Uuid{}},
          patient::Digest{0},
          patient::PatientId::numbered(number),
          patient::Delete{},
          handling::ExpectAny{},
          "test",
          patient::CorrelationId{core::Uuid{}}};
}

std::vector<Answer> done(std::span<const Submission> submissions) {
  std::vector<Answer> answers;
  for (const Submission& one : submissions) {
    answers.emplace_back(Done{*one.patient, {}, patient::Sequence{1}, {}});
  }
  return answers;
}

// A writer that waits until it is told to go on, so that a test decides what queues up behind it.
class Gate {
 public:
  void open() { opened_.set_value(); }
  std::vector<Answer> handle(std::span<const Submission> submissions) {
    if (!entered_once_.exchange(true)) {
      entered_.set_value();
      opened_.get_future().wait();
    }
    batches.push_back(submissions.size());
    return done(submissions);
  }
  void wait_until_entered() { entered_.get_future().wait(); }
  std::vector<std::size_t> batches;  // read after the queue is gone

 private:
  std::promise<void> opened_;
  std::promise<void> entered_;
  std::atomic<bool> entered_once_ = false;
};

// A queue and the thread that serves it.
class Served {
 public:
  Served(CommandQueue::Handle handle, std::size_t waiting_max, std::size_t batch_max)
      : queue{waiting_max, batch_max, [this] { wakeup_.wake(); }},
        thread_{[this, handle = std::move(handle)] {
          while (!stopping_ || queue.waiting() > 0) {
            try {
              if (!queue.serve(handle)) wakeup_.sleep(std::chrono::seconds{1});
            } catch (const std::runtime_error&) {  // Whoever waited for the answer has it.
            }
          }
        }} {}
  ~Served() {
    stopping_ = true;
    wakeup_.wake();
    thread_.join();
  }
  std::optional<std::future<std::vector<Answer>>> submit(std::int64_t number) {
    return queue.submit({submission(number)});
  }

 private:
  Wakeup wakeup_;

 public:
  CommandQueue queue;

 private:
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

TEST(CommandQueue, AnswersEveryCommandOfManyThreads) {
  constexpr std::int64_t kThreads = 4;
  constexpr std::int64_t kEach = 200;
  Served served{done, kThreads, 64};
  std::vector<std::thread> threads;
  std::atomic<std::int64_t> answered = 0;
  for (std::int64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::int64_t number = 1; number <= kEach; ++number) {
        auto answer = served.submit(thread * kEach + number);
        ASSERT_TRUE(answer);
        const std::vector<Answer> got = answer->get();
        ASSERT_EQ(std::get<Done>(got.front()).patient.number(), thread * kEach + number);
        ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, kThreads * kEach);
}

TEST(CommandQueue, GivesTheWriterWhatQueuedUpMeanwhileAsOneBatch) {
  Gate gate;
  std::vector<std::future<std::vector<Answer>>> answers;
  {
    Served served{[&](auto submissions) { return gate.handle(submissions); }, 100, 64};
    answers.push_back(*served.submit(1));
    gate.wait_until_entered();
    for (std::int64_t number = 2; number <= 71; ++number) answers.push_back(*served.submit(number));
    gate.open();
  }
  EXPECT_EQ(gate.batches, (std::vector<std::size_t>{1, 64, 6}));
  for (auto& answer : answers) EXPECT_TRUE(std::holds_alternative<Done>(answer.get().front()));
}

// A queue whose last batch was one of `callers` that took so long.
void have_answered(CommandQueue& queue, int callers, std::chrono::milliseconds duration) {
  for (int caller = 0; caller < callers; ++caller) {
    ASSERT_TRUE(queue.submit({submission(caller + 1)}).has_value());
  }
  ASSERT_TRUE(queue.serve([&](auto batch) {
    std::promise<void>().get_future().wait_for(duration);
    return done(batch);
  }));
}

// How long the next batch was waited for and took.
std::chrono::nanoseconds next_batch(CommandQueue& queue) {
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(queue.serve(done));
  return std::chrono::steady_clock::now() - begun;
}
constexpr std::chrono::milliseconds kSoon{500};

TEST(CommandQueue, WaitsForHalfOfThoseWhoWereAroundToComeBack) {
  CommandQueue queue{10, 10, [] {}, std::chrono::seconds{2}};
  have_answered(queue, 6, std::chrono::seconds{1});
  ASSERT_TRUE(queue.submit({submission(1)}).has_value());
  std::promise<void> serves;
  std::thread others{[&] {
    serves.get_future().wait();
    for (const int number : {2, 3}) EXPECT_TRUE(queue.submit({submission(number)}).has_value());
  }};
  serves.set_value();
  const auto begun = std::chrono::steady_clock::now();
  std::size_t together = 0;
  EXPECT_TRUE(queue.serve([&](auto batch) {
    together = batch.size();
    return done(batch);
  }));
  EXPECT_EQ(together, 3U);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds{800});
  others.join();
}

TEST(CommandQueue, WaitsForNoMoreThanABatchHolds) {
  CommandQueue queue{10, 6, [] {}, std::chrono::seconds{2}};
  have_answered(queue, 6, std::chrono::seconds{1});
  std::vector<Submission> group;
  for (const int number : {1, 2, 3, 4, 5, 6}) group.push_back(submission(number));
  ASSERT_TRUE(queue.submit(std::move(group)).has_value());
  EXPECT_LT(next_batch(queue), kSoon);
}

TEST(CommandQueue, CountsNobodyTwiceWhoIsBackAtOnce) {
  CommandQueue queue{10, 10, [] {}, std::chrono::seconds{2}};
  for (const int number : {1, 2, 3, 4}) {
    const auto comes_back = [&queue, number](const CommandQueue::Answers&) {
      EXPECT_TRUE(queue.submit({submission(number)}).has_value());
    };
    ASSERT_TRUE(queue.submit({submission(number)}, comes_back));
  }
  have_answered(queue, 2, std::chrono::seconds{1});
  ASSERT_EQ(queue.waiting(), 4U);
  EXPECT_LT(next_batch(queue), kSoon);
}

TEST(CommandQueue, HoldsNobodyUpLongForThoseWhoDoNotComeBack) {
  CommandQueue queue{10, 10, [] {}};
  have_answered(queue, 6, std::chrono::seconds{1});
  const auto answer = queue.submit({submission(1)});
  EXPECT_LT(next_batch(queue), kSoon);
}

TEST(CommandQueue, HoldsNobodyUpWhoIsTheOnlyOne) {
  CommandQueue queue{10, 10, [] {}, std::chrono::seconds{2}};
  have_answered(queue, 1, std::chrono::seconds{1});
  const auto answer = queue.submit({submission(1)});
  EXPECT_LT(next_batch(queue), kSoon);
}

TEST(CommandQueue, WaitsForNobodyWhenItIsClosed) {
  CommandQueue queue{10, 10, [] {}, std::chrono::seconds{2}};
  have_answered(queue, 6, std::chrono::seconds{1});
  const auto answer = queue.submit({submission(1)});
  queue.close();
  EXPECT_LT(next_batch(queue), kSoon);
}

TEST(CommandQueue, KeepsAGroupTogetherAndAnswersItInOrder) {
  Gate gate;
  {
    Served served{[&](auto submissions) { return gate.handle(submissions); }, 100, 4};
    auto first = served.submit(1);
    gate.wait_until_entered();
    auto pair = served.queue.submit({submission(2), submission(3)});
    auto large = served.queue.submit(
        {submission(4), submission(5), submission(6), submission(7), submission(8)});
    gate.open();
    const auto answers = large->get();
    ASSERT_EQ(answers.size(), 5U);
    EXPECT_EQ(std::get<Done>(answers[0]).patient.number(), 4);
    EXPECT_EQ(std::get<Done>(answers[4]).patient.number(), 8);
    EXPECT_EQ(pair->get().size(), 2U);
  }
  EXPECT_EQ(gate.batches, (std::vector<std::size_t>{1, 2, 5}));
}

TEST(CommandQueue, SaysNoWhenItIsFullAndTakesCommandsAgainLater) {
  Gate gate;
  Served served{[&](auto submissions) { return gate.handle(submissions); }, 2, 64};
  auto first = served.submit(1);
  gate.wait_until_entered();
  auto second = served.submit(2);
  auto third = served.submit(3);
  EXPECT_FALSE(served.submit(4));
  gate.open();
  static_cast<void>(first->get());
  static_cast<void>(second->get());
  static_cast<void>(third->get());
  EXPECT_TRUE(served.submit(5));
}

TEST(CommandQueue, TakesNothingWhenItIsClosed) {
  Served served{done, 10, 10};
  served.queue.close();
  EXPECT_FALSE(served.submit(1));
}

TEST(CommandQueue, LeavesNobodyWithoutAnAnswer) {
  std::optional<std::future<std::vector<Answer>>> answer;
  {
    CommandQueue queue{10, 10, [] {}};
    answer = queue.submit({submission(1)});
  }
  EXPECT_THROW(static_cast<void>(answer->get()), core::Broken);
}

TEST(CommandQueue, HandsTheWritersExceptionToEveryCommandOfTheBatch) {
  Served served{
      [](auto) -> std::vector<Answer> { throw std::runtime_error("the disk is gone"); }, 10, 10};
  auto answer = served.submit(1);
  EXPECT_THROW(static_cast<void>(answer->get()), std::runtime_error);
}

}  // namespace
