#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "infra/http/event_channel.h"
#include "infra/http/mailbox.h"

namespace infra::http {

// A request that a handler has, until it is answered: once, by send(), stream() or, unanswered, by
// its destructor. Any thread.
class Pending {
 public:
  // `stream_bytes_max`: what an event stream may have waiting.
  Pending(std::shared_ptr<Mailbox> mailbox,
          std::shared_ptr<Recipient> recipient,
          std::size_t stream_bytes_max);
  ~Pending();
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  // False: it was answered before.
  bool send(Response response);
  // Null: it was answered before. A channel that has ended: the server has gone.
  [[nodiscard]] std::shared_ptr<EventChannel> stream(Response head);

 private:
  void deliver(Response response);

  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Recipient> recipient_;
  const std::size_t stream_bytes_max_;
  std::atomic<bool> answered_ = false;
};

}  // namespace infra::http
