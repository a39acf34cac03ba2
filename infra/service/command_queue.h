#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "domain/handling/submission.h"

namespace infra::service {

// Group commit: many threads submit, the thread that writes takes what is waiting and hands it to
// the writer as one batch. The longer an append takes, the more commands share the next one; and
// the writer lingers for those who were just answered and may come back, for an append costs much
// and each of its commands little.
// Bounded: a full queue says no at once, so that memory never grows and the caller can say "try
// again". Any thread may call it.
class CommandQueue {
 public:
  // One answer for each submission of a group, or what broke instead.
  using Answers = std::variant<std::vector<handling::Answer>, std::exception_ptr>;
  // Called once, by the thread that writes, which it must neither hold up nor throw at.
  using Answered = std::function<void(Answers)>;
  using Handle =
      std::function<std::vector<handling::Answer>(std::span<const handling::Submission>)>;

  // Holds up to `waiting_max` submissions, and hands out up to `batch_max` together: more only when
  // one group is larger. `arrived` is called by the thread that submits.
  // `linger_max`: so long at most callers are waited for, however long the last batch took.
  CommandQueue(std::size_t waiting_max,
               std::size_t batch_max,
               std::function<void()> arrived,
               std::chrono::milliseconds linger_max = std::chrono::milliseconds{50});
  // Nobody is left without an answer: whoever still waits is told that the queue is gone.
  ~CommandQueue();
  CommandQueue(const CommandQueue&) = delete;
  CommandQueue& operator=(const CommandQueue&) = delete;

  // Submits a group, which stays together: one transaction. False: full or closed, and `answered`
  // is never called.
  [[nodiscard]] bool submit(std::vector<handling::Submission> group, Answered answered);
  // The same, to be waited for. None: full or closed.
  [[nodiscard]] std::optional<std::future<std::vector<handling::Answer>>> submit(
      std::vector<handling::Submission> group);

  // Takes nothing any more.
  void close();
  // The same, and whoever still waits is told that this process stops.
  void end();

  // --- For the thread that writes.
  // Hands the next batch to `handle` and answers it; what `handle` throws is everybody's answer,
  // and thrown on. False: nothing waited. Where something does, it may linger for more: until half
  // of the callers that were there at the last batch are back, and at most until as much time has
  // passed since that batch as it took. Who was the only one then is never held up.
  bool serve(const Handle& handle);
  // Answers everybody who waits with `broken`.
  void refuse(const std::exception_ptr& broken);

  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Group {
    std::vector<handling::Submission> submissions;
    Answered answered;
  };
  using Clock = std::chrono::steady_clock;

  void linger();
  [[nodiscard]] bool is_enough() const;  // of groups_, under mutex_
  [[nodiscard]] std::vector<Group> take();

  const std::size_t waiting_max_;
  const std::size_t batch_max_;
  const std::function<void()> arrived_;
  const std::chrono::milliseconds linger_max_;
  Clock::time_point lingers_until_;  // of the thread that writes
  mutable std::mutex mutex_;         // for the next ones
  std::condition_variable enough_;
  std::deque<Group> groups_;
  std::size_t waiting_ = 0;  // submissions in groups_
  std::size_t wanted_ = 0;   // groups that are worth waiting for
  bool closed_ = false;
};

}  // namespace infra::service
