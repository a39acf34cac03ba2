#include "infra/service/command_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace {

using handling::Answer;
using handling::Done;
using handling::Submission;
using infra::service::CommandQueue;

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

TEST(CommandQueue, AnswersEveryCommandOfManyThreads) {
  constexpr std::int64_t kThreads = 4;
  constexpr std::int64_t kEach = 200;
  CommandQueue queue{done, kThreads, 64};
  std::vector<std::thread> threads;
  std::atomic<std::int64_t> answered = 0;
  for (std::int64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::int64_t number = 1; number <= kEach; ++number) {
        auto answer = queue.submit(submission(thread * kEach + number));
        ASSERT_TRUE(answer);
        const Answer got = answer->get();
        ASSERT_EQ(std::get<Done>(got).patient.number(), thread * kEach + number);
        ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, kThreads * kEach);
}

TEST(CommandQueue, GivesTheWriterWhatQueuedUpMeanwhileAsOneBatch) {
  Gate gate;
  std::vector<std::future<Answer>> answers;
  {
    CommandQueue queue{[&](auto submissions) { return gate.handle(submissions); }, 100, 64};
    answers.push_back(*queue.submit(submission(1)));
    gate.wait_until_entered();
    for (std::int64_t number = 2; number <= 71; ++number) {
      answers.push_back(*queue.submit(submission(number)));
    }
    gate.open();
  }
  EXPECT_EQ(gate.batches, (std::vector<std::size_t>{1, 64, 6}));
  for (auto& answer : answers) EXPECT_TRUE(std::holds_alternative<Done>(answer.get()));
}

TEST(CommandQueue, SaysNoWhenItIsFullAndTakesCommandsAgainLater) {
  Gate gate;
  CommandQueue queue{[&](auto submissions) { return gate.handle(submissions); }, 2, 64};
  auto first = queue.submit(submission(1));
  gate.wait_until_entered();
  auto second = queue.submit(submission(2));
  auto third = queue.submit(submission(3));
  EXPECT_FALSE(queue.submit(submission(4)));
  gate.open();
  static_cast<void>(first->get());
  static_cast<void>(second->get());
  static_cast<void>(third->get());
  EXPECT_TRUE(queue.submit(submission(5)));
}

TEST(CommandQueue, AnswersWhatItAcceptedBeforeItStops) {
  std::vector<std::future<Answer>> answers;
  {
    CommandQueue queue{done, 1000, 16};
    for (std::int64_t number = 1; number <= 500; ++number) {
      answers.push_back(*queue.submit(submission(number)));
    }
  }
  for (auto& answer : answers) EXPECT_TRUE(std::holds_alternative<Done>(answer.get()));
}

TEST(CommandQueue, HandsTheWritersExceptionToEveryCommandOfTheBatch) {
  CommandQueue queue{
      [](auto) -> std::vector<Answer> { throw std::runtime_error("the disk is gone"); }, 10, 10};
  auto answer = queue.submit(submission(1));
  EXPECT_THROW(static_cast<void>(answer->get()), std::runtime_error);
}

}  // namespace
