#include "infra/service/command_queue.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "domain/core/broken.h"
#include "domain/core/expects.h"

namespace infra::service {

CommandQueue::CommandQueue(std::size_t waiting_max,
                           std::size_t batch_max,
                           std::function<void()> arrived,
                           std::chrono::milliseconds linger_max)
    : waiting_max_(waiting_max),
      batch_max_(batch_max),
      arrived_(std::move(arrived)),
      linger_max_(linger_max) {
  core::expects(waiting_max > 0 && batch_max > 0, "a queue has room for at least one command");
}

CommandQueue::~CommandQueue() { end(); }

void CommandQueue::end() {
  close();
  refuse(std::make_exception_ptr(
      core::Broken(core::Breakage::locked, "this process stops; nothing was appended")));
}

bool CommandQueue::submit(std::vector<handling::Submission> group, Answered answered) {
  core::expects(!group.empty(), "a group has at least one command");
  {
    const std::lock_guard lock{mutex_};
    // An empty queue takes a group of any size: else one larger than the queue never had a turn.
    const bool full = waiting_ > 0 && waiting_ + group.size() > waiting_max_;
    if (closed_ || full) return false;
    waiting_ += group.size();
    groups_.push_back({std::move(group), std::move(answered)});
    if (is_enough()) enough_.notify_one();
  }
  arrived_();
  return true;
}

std::optional<std::future<std::vector<handling::Answer>>> CommandQueue::submit(
    std::vector<handling::Submission> group) {
  const auto promise = std::make_shared<std::promise<std::vector<handling::Answer>>>();
  auto future = promise->get_future();
  const bool taken = submit(std::move(group), [promise](Answers answers) {
    if (auto* broken = std::get_if<std::exception_ptr>(&answers)) {
      promise->set_exception(std::move(*broken));
    } else {
      promise->set_value(std::get<std::vector<handling::Answer>>(std::move(answers)));
    }
  });
  if (!taken) return std::nullopt;
  return future;
}

void CommandQueue::close() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  enough_.notify_one();
}

std::size_t CommandQueue::waiting() const {
  const std::lock_guard lock{mutex_};
  return waiting_;
}

void CommandQueue::linger() {
  std::unique_lock lock{mutex_};
  if (groups_.empty()) return;
  enough_.wait_until(lock, lingers_until_, [this] { return is_enough() || closed_; });
}

bool CommandQueue::is_enough() const { return groups_.size() >= wanted_ || waiting_ >= batch_max_; }

std::vector<CommandQueue::Group> CommandQueue::take() {
  std::vector<Group> batch;
  const std::lock_guard lock{mutex_};
  std::size_t taken = 0;
  while (!groups_.empty()) {
    const std::size_t size = groups_.front().submissions.size();
    if (taken > 0 && taken + size > batch_max_) break;
    taken += size;
    batch.push_back(std::move(groups_.front()));
    groups_.pop_front();
  }
  waiting_ -= taken;
  return batch;
}

bool CommandQueue::serve(const Handle& handle) {
  linger();
  std::vector<Group> batch = take();
  if (batch.empty()) return false;
  const Clock::time_point begun = Clock::now();
  std::vector<handling::Submission> submissions;
  for (Group& group : batch) {
    std::move(group.submissions.begin(), group.submissions.end(), std::back_inserter(submissions));
  }
  std::vector<handling::Answer> answers;
  try {
    answers = handle(submissions);
    core::expects(answers.size() == submissions.size(), "every command gets an answer");
  } catch (...) {
    for (Group& group : batch) group.answered(std::current_exception());
    throw;
  }
  {
    const std::lock_guard lock{mutex_};
    wanted_ = (batch.size() + groups_.size()) / 2;  // Nobody of the batch has come back yet.
  }
  auto next = std::make_move_iterator(answers.begin());
  for (Group& group : batch) {
    const auto end = next + static_cast<std::ptrdiff_t>(group.submissions.size());
    group.answered(std::vector<handling::Answer>(next, end));
    next = end;
  }
  const Clock::time_point now = Clock::now();
  lingers_until_ = now + std::min<Clock::duration>(now - begun, linger_max_);
  return true;
}

void CommandQueue::refuse(const std::exception_ptr& broken) {
  for (std::vector<Group> batch = take(); !batch.empty(); batch = take()) {
    for (Group& group : batch) group.answered(broken);
  }
}

}  // namespace infra::service
