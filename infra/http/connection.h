#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "infra/http/event_channel.h"
#include "infra/http/mailbox.h"
#include "infra/http/request_parser.h"
#include "infra/http/response_head.h"
#include "infra/http/stream.h"

namespace infra::http {

class Worker;

using Clock = std::chrono::steady_clock;

// One connection: reads a request, hands it over, writes its answer, begins again. It never reads
// ahead of the request that runs. Everything happens on the I/O thread of its worker; what others
// send comes through the mailbox. Lives as long as an operation, an unanswered request or the
// worker refers to it; once closed and quiet it holds nothing of Asio, so it may outlive the
// worker.
class Connection final : public StreamUser,
                         public Recipient,
                         public std::enable_shared_from_this<Connection> {
 public:
  // `worker` must outlive the connection until it is closed.
  Connection(Worker& worker, std::unique_ptr<Stream> stream, std::string remote);
  ~Connection() override = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  // Looks at the clock, now and then.
  void on_tick(Clock::time_point now);
  // The server stops: whoever waits for a request is closed, streams end, the others finish.
  void on_stop();
  // Cuts the connection off. Again: nothing.
  void close();

  // The worker's note where it keeps this connection.
  std::size_t place = 0;

  void on_opened(const NetError& error) override;
  void on_read(const NetError& error, std::size_t bytes) override;
  void on_written(const NetError& error, std::size_t bytes) override;
  void on_ended() override;
  void on_answer(Response response) override;
  void on_stream(Response head, std::shared_ptr<EventChannel> channel) override;
  void on_events() override;

 private:
  enum class Phase {
    opening,     // handshake
    reading,     // a request comes, or may come
    continuing,  // 100 Continue is being written
    answering,   // a handler has the request
    writing,     // the answer is being written
    streaming,   // events are being written
    ending,      // nothing more is said; the peer may still talk into the air
    closed,
  };
  // What is known of the exchange that runs, for the observer.
  struct Account {
    std::string method;
    std::string route;
    std::string asker;
    int status = 0;
    std::size_t head_bytes = 0;   // in front of the body
    std::size_t event_bytes = 0;  // of a stream, so far
    Clock::time_point began;
  };

  // Goes on until something has to be waited for. Not from within itself.
  void advance();
  // One step; false: something has to be waited for.
  bool step();
  bool step_reading();
  bool await_body();
  bool step_streaming();

  void begin_request();
  void read_more();
  // Reads what nobody wants to know, to see the end.
  void read_into_the_air();
  void hand_over();
  void no_longer_in_flight();
  void refuse(const Unreadable& why);
  void begin_answer(Response response, Framing::Body body = Framing::Body::sized);
  void end_answer();
  void observe(bool complete);
  void end();
  void no_longer_busy();

  // Writes what is in out_ and body_. False: not all of it yet, or the connection is closed.
  bool write_out();
  [[nodiscard]] std::size_t unwritten() const { return out_.size() + body_.size() - written_; }
  void count_written(std::size_t bytes);

  void set_deadline(std::chrono::milliseconds from_now) { deadline_ = Clock::now() + from_now; }
  void drop_deadline() { deadline_ = Clock::time_point::max(); }
  void release_if_quiet();

  Worker& worker_;
  std::unique_ptr<Stream> stream_;  // null: closed and quiet
  const std::string remote_;
  Phase phase_ = Phase::opening;
  bool advancing_ = false;
  bool began_ = false;       // a byte of the request has come
  bool has_header_ = false;  // of the request; what follows is known from here on
  bool keep_alive_ = true;   // as the request wants it
  bool http_1_0_ = false;
  bool is_head_ = false;
  bool is_busy_ = true;     // the server waits for it when it stops
  bool in_flight_ = false;  // a handler has the request
  bool body_awaited_ = false;
  bool streams_ = false;
  bool chunked_ = false;  // the event stream
  bool opening_ = false;  // operations of the stream that will call back
  bool reading_ = false;
  bool writing_ = false;
  bool ending_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point last_event_;
  boost::beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  std::optional<Response> answer_;  // which advance() has not taken yet
  std::string out_;
  std::string body_;           // follows out_
  std::size_t written_ = 0;    // of out_ and body_
  std::size_t on_credit_ = 0;  // written since the deadline was set
  std::shared_ptr<EventChannel> channel_;
  Account account_;
};

}  // namespace infra::http
