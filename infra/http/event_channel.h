#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "infra/http/mailbox.h"
#include "infra/http/reply.h"

namespace infra::http {

// Between the threads that send events and the I/O thread that writes them: bytes that wait, at
// most so many, and how it ends. May be used by any thread unless it says otherwise.
class EventChannel {
 public:
  EventChannel(std::shared_ptr<Mailbox> mailbox,
               std::shared_ptr<Recipient> recipient,
               std::size_t bytes_max);

  // The promises of EventStream.
  bool send(std::string_view block);
  [[nodiscard]] bool open() const;
  void on_closed(std::function<void()> callback);
  void close();

  // For the I/O thread. What take() found: bytes, which replace those in `into` and count as
  // waiting until the next take(); nothing; that close() or end() was called and all is out; that
  // the client is too slow.
  enum class Taken { bytes, nothing, closed, overflowed };
  [[nodiscard]] Taken take(std::string& into);
  // The connection is gone: nothing can be sent any more. Calls the callback, unless close() was
  // called. Again: nothing.
  void end();

 private:
  // Has the I/O thread take what is there. Needs the lock.
  void notify();

  const std::shared_ptr<Mailbox> mailbox_;
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::shared_ptr<Recipient> recipient_;  // null once ended: it holds us, too
  std::string waiting_;
  std::size_t being_written_ = 0;
  bool notified_ = false;
  bool overflowed_ = false;
  bool closed_ = false;  // by close()
  bool ended_ = false;
  std::function<void()> callback_;
};

// `event` as a block of text/event-stream.
[[nodiscard]] std::string block_of(const SseEvent& event);
[[nodiscard]] std::string block_of_comment(std::string_view text);

}  // namespace infra::http
