#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "infra/http/message.h"

namespace infra::http {

class EventChannel;  // what an EventStream shares with its connection
class Pending;       // what the copies of a Reply share

// One server-sent event. Line breaks and NUL in `id` and `event` are left out; `data` may have
// lines.
struct SseEvent {
  std::string id = {};     // empty: none
  std::string event = {};  // empty: "message"
  std::string data = {};
};

// Server-sent events to one client, as long as it listens. Every member may be called from any
// thread, none of them blocks; the handle itself (moving, destroying) is one thread's at a time.
// The server sends a comment whenever a stream was silent for Limits::stream_heartbeat. After
// Server::stop a handle is closed and harmless.
class EventStream {
 public:
  EventStream() = default;  // closed
  explicit EventStream(std::shared_ptr<EventChannel> channel);
  ~EventStream();  // close()
  EventStream(EventStream&&) noexcept;
  EventStream& operator=(EventStream&&) noexcept;  // closes what it held

  // Hands `event` over to be sent. False: it is not, and no later one will be, because the client
  // is gone, or reads so slowly that Limits::stream_buffer_bytes are full (which ends the stream),
  // or the stream was closed.
  bool send(const SseEvent& event);
  // A line that clients ignore; same promise as send().
  bool comment(std::string_view text);
  // False once nothing more can be sent.
  [[nodiscard]] bool open() const;

  // Called at most once, when the stream ends by anything but close(): from an I/O thread, never
  // from within send(); or at once, from within on_closed(), when it has ended already. Must not
  // block or throw; may destroy this handle. It may still be running when close() returns, so let
  // it own what it uses. A second callback replaces the first.
  void on_closed(std::function<void()> callback);

  // What was handed over is still sent, then the connection ends in good order. Again: nothing.
  void close();

 private:
  std::shared_ptr<EventChannel> channel_;  // null: default-constructed, moved from
};

// The one answer to one request. Copies share it: the first send() or stream() of any of them
// counts, from any thread, during the handler or later; what comes after that is dropped. When the
// last copy goes unanswered, the client gets a 500. All of it is harmless when the client or the
// server has gone meanwhile.
class Reply {
 public:
  explicit Reply(std::shared_ptr<Pending> pending);

  // False: it was answered before. On the I/O thread, within the handler, is the fastest.
  bool send(Response response) const;

  // Answers 200 with text/event-stream; the connection ends with the stream. `route`
  // and `asker` as in Response. Closed from the beginning when it was answered before; soon, when
  // asked by HEAD.
  [[nodiscard]] EventStream stream(std::vector<Header> headers = {},
                                   std::string route = {},
                                   std::string asker = {}) const;

 private:
  std::shared_ptr<Pending> pending_;
};

}  // namespace infra::http
