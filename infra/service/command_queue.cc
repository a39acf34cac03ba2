#include "infra/service/command_queue.h"

#include <algorithm>
#include <iterator>

#include "domain/core/expects.h"

namespace infra::service {

CommandQueue::CommandQueue(Handle handle, std::size_t waiting_max, std::size_t batch_max)
    : handle_(std::move(handle)),
      waiting_max_(waiting_max),
      batch_max_(batch_max),
      thread_([this] { run(); }) {
  core::expects(waiting_max > 0 && batch_max > 0, "a queue has room for at least one command");
}

CommandQueue::~CommandQueue() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::optional<std::future<handling::Answer>> CommandQueue::submit(handling::Submission submission) {
  Waiting waiting{std::move(submission), {}};
  auto answer = waiting.answer.get_future();
  {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() >= waiting_max_) return std::nullopt;
    waiting_.push_back(std::move(waiting));
  }
  wake_.notify_one();
  return answer;
}

void CommandQueue::run() {
  while (true) {
    std::vector<Waiting> batch;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto count = static_cast<std::ptrdiff_t>(std::min(batch_max_, waiting_.size()));
      const auto end = waiting_.begin() + count;
      batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
      waiting_.erase(waiting_.begin(), end);
    }
    answer(std::move(batch));
  }
}

void CommandQueue::answer(std::vector<Waiting> batch) {
  std::vector<handling::Submission> submissions;
  submissions.reserve(batch.size());
  for (Waiting& waiting : batch) submissions.push_back(std::move(waiting.submission));
  try {
    std::vector<handling::Answer> answers = handle_(submissions);
    core::expects(answers.size() == batch.size(), "every command gets an answer");
    for (std::size_t at = 0; at < batch.size(); ++at) {
      batch[at].answer.set_value(std::move(answers[at]));
    }
  } catch (...) {
    for (Waiting& waiting : batch) waiting.answer.set_exception(std::current_exception());
  }
}

}  // namespace infra::service
