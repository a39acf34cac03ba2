#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "domain/handling/submission.h"

namespace infra::service {

// Group commit: many threads submit, one thread hands what is waiting to the writer as one batch.
// The longer an append takes, the more commands share the next one. Bounded: a full queue says no
// at once, so that memory never grows and the caller can say "try again".
class CommandQueue {
 public:
  // Called by the queue's own thread alone. Where it throws, every command of the batch gets the
  // exception.
  using Handle =
      std::function<std::vector<handling::Answer>(std::span<const handling::Submission>)>;

  CommandQueue(Handle handle, std::size_t waiting_max, std::size_t batch_max);
  // Answers everything that was accepted, then stops.
  ~CommandQueue();
  CommandQueue(const CommandQueue&) = delete;
  CommandQueue& operator=(const CommandQueue&) = delete;

  // Any thread. None: the queue is full.
  [[nodiscard]] std::optional<std::future<handling::Answer>> submit(
      handling::Submission submission);

 private:
  struct Waiting {
    handling::Submission submission;
    std::promise<handling::Answer> answer;
  };

  void run();
  void answer(std::vector<Waiting> batch);

  Handle handle_;
  const std::size_t waiting_max_;
  const std::size_t batch_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;  // last: everything it uses exists before it runs
};

}  // namespace infra::service
