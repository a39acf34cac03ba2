#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "infra/http/message.h"

namespace infra::http {

class EventChannel;

// Who answers are for: a connection. Called on its I/O thread only.
class Recipient {
 public:
  virtual ~Recipient() = default;
  virtual void on_answer(Response response) = 0;
  // `head` says how the stream begins; the events come through the channel.
  virtual void on_stream(Response head, std::shared_ptr<EventChannel> channel) = 0;
  // There is something to be taken out of the channel.
  virtual void on_events() = 0;
};

struct Letter {
  enum class What { answer, stream, events };
  What what;
  std::shared_ptr<Recipient> to;
  Response response = {};
  std::shared_ptr<EventChannel> channel = {};
};

// Letters from any thread to one I/O thread, in order. Lives as long as anybody who may write one;
// the thread may be gone before.
class Mailbox {
 public:
  // `wake` has the I/O thread call open() soon; called by whoever writes into an empty box.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  // False: the thread has ended, the letter is dropped.
  bool post(Letter letter);

  // Whether the caller is the I/O thread.
  [[nodiscard]] bool is_here() const { return thread_.load() == std::this_thread::get_id(); }

  // For the I/O thread: the beginning, the letters that are in, the end. After shut() nobody wakes
  // anybody; of letters that were not handed out the channels end.
  void begin() { thread_ = std::this_thread::get_id(); }
  void open();
  void shut();

 private:
  std::atomic<std::thread::id> thread_;
  std::mutex mutex_;
  std::function<void()> wake_;  // empty once shut
  std::vector<Letter> letters_;
};

}  // namespace infra::http
