#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/core/time.h"
#include "domain/ports/log.h"

namespace ports {

// One message of another service as it lies in its topic. The view holds until the sink returns.
struct Message {
  Partition partition;
  Offset offset;
  core::Timestamp sent_at;
  std::optional<std::string_view> value;  // none: a tombstone
};
using MessageSink = std::function<void(const Message&)>;

// A topic that another service writes, read for the log. Where to go on is kept with the log, and a
// topic without that is read from its beginning: no message is passed over. Used by one thread.
// Whatever throws core::Broken may be tried again after `go_back`.
class Inbox {
 public:
  virtual ~Inbox() = default;

  [[nodiscard]] virtual const std::string& topic() const = 0;

  // Hands up to `limit` messages to `sink`, each partition in its order, and returns how many. 0:
  // there are no more now. None: there is no such topic, so far. Sees nothing of a transaction that
  // is not committed.
  virtual std::optional<std::size_t> poll(std::size_t limit, const MessageSink& sink) = 0;

  // All that was handed out is done with: whoever reads next goes on behind it.
  virtual void commit() = 0;

  // What was handed out since the last commit, by whomever, is handed out again.
  virtual void go_back() noexcept = 0;

  // Hands out this one message, whatever was read and committed. False: it is there no more.
  virtual bool read_again(Partition partition, Offset offset, const MessageSink& sink) = 0;
};

}  // namespace ports
