#include "infra/http/connection.h"

#include <algorithm>

#include "infra/http/pending.h"
#include "infra/http/worker.h"

namespace infra::http {
namespace {

constexpr std::size_t kIdleBytes = 2048;  // what a connection keeps to read into
constexpr std::size_t kReadBytesMax = std::size_t{64} * 1024;
constexpr std::size_t kChunkReadBytes = std::size_t{16} * 1024;
// How long a peer may take to notice that the connection ends.
constexpr std::chrono::milliseconds kEndingMax{5'000};

std::string_view code_of(int status) { return status == 408 ? "timeout" : "usage"; }

}  // namespace

Connection::Connection(Worker& worker, std::unique_ptr<Stream> stream, std::string remote)
    : worker_(worker), stream_(std::move(stream)), remote_(std::move(remote)) {}

void Connection::start() {
  set_deadline(worker_.limits().header_timeout);
  opening_ = true;
  stream_->open(shared_from_this());
}

void Connection::on_opened(const NetError& error) {
  opening_ = false;
  if (phase_ == Phase::closed) return release_if_quiet();
  if (error) return close();
  phase_ = Phase::reading;
  advance();
}

void Connection::on_read(const NetError& error, std::size_t bytes) {
  reading_ = false;
  if (phase_ == Phase::closed) return release_if_quiet();
  if (error) return close();
  if (phase_ == Phase::ending || phase_ == Phase::streaming) return read_into_the_air();
  buffer_.commit(bytes);
  advance();
}

void Connection::on_tick(Clock::time_point now) {
  if (channel_ && now - last_event_ >= worker_.limits().stream_heartbeat) {
    last_event_ = now;
    channel_->send(block_of_comment(""));
  }
  if (now < deadline_) return;
  if (phase_ == Phase::reading && began_) {
    refuse({408, "The request did not come in time."});
    advance();
  } else {
    close();
  }
}

void Connection::on_stop() {
  if (phase_ == Phase::opening || (phase_ == Phase::reading && !has_header_)) return close();
  if (!channel_) return;
  channel_->end();
  advance();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();  // The worker may have the last one.
  const bool unfinished = phase_ == Phase::writing || phase_ == Phase::streaming;
  phase_ = Phase::closed;
  if (unfinished) observe(false);
  stream_->close();
  no_longer_busy();
  worker_.forget(*this);
  if (const auto channel = std::move(channel_)) channel->end();
  release_if_quiet();
}

void Connection::release_if_quiet() {
  if (opening_ || reading_ || writing_ || ending_) return;
  stream_.reset();
  parser_.reset();
  buffer_ = {};
}

void Connection::no_longer_busy() {
  if (is_busy_) worker_.no_longer_busy();
  is_busy_ = false;
}

void Connection::advance() {
  if (advancing_) return;
  advancing_ = true;
  while (step()) {
  }
  advancing_ = false;
}

bool Connection::step() {
  switch (phase_) {
    case Phase::reading: return step_reading();
    case Phase::continuing:
      if (!write_out()) return false;
      phase_ = Phase::reading;
      return true;
    case Phase::answering:
      if (!answer_) return false;
      begin_answer(*std::exchange(answer_, std::nullopt));
      return true;
    case Phase::writing:
      if (!write_out()) return false;
      end_answer();
      return true;
    case Phase::streaming: return step_streaming();
    case Phase::opening:
    case Phase::ending:
    case Phase::closed: return false;
  }
  return false;
}

bool Connection::step_reading() {
  if (reading_) return false;
  if (buffer_.size() > 0) {
    if (!began_) begin_request();
    const auto bytes = buffer_.cdata();
    buffer_.consume(parser_->put({static_cast<const char*>(bytes.data()), bytes.size()}));
    if (parser_->unreadable()) {
      refuse(*parser_->unreadable());
      return true;
    }
    if (parser_->has_header() && !has_header_) {
      has_header_ = true;
      keep_alive_ = parser_->keeps_alive();
      http_1_0_ = parser_->is_http_1_0();
      is_head_ = parser_->request().method == "HEAD";
    }
    if (parser_->done()) {
      hand_over();
      return true;
    }
    if (buffer_.size() > worker_.limits().header_bytes) {
      refuse({400, "The chunks of the body are malformed."});
      return true;
    }
    if (has_header_ && !body_awaited_) return await_body();
  }
  read_more();
  return false;
}

bool Connection::await_body() {
  body_awaited_ = true;
  set_deadline(worker_.limits().body_timeout);
  const bool has_begun = buffer_.size() > 0 || !parser_->request().body.empty();
  if (parser_->expects_continue() && !has_begun) {
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    written_ = 0;
    phase_ = Phase::continuing;
    return true;
  }
  read_more();
  return false;
}

void Connection::begin_request() {
  began_ = true;
  has_header_ = false;
  body_awaited_ = false;
  is_head_ = false;
  http_1_0_ = false;
  keep_alive_ = false;  // Until the header is known.
  account_ = {};
  account_.began = Clock::now();
  deadline_ = account_.began + worker_.limits().header_timeout;
  parser_.emplace(worker_.limits());
}

void Connection::read_more() {
  std::size_t size = kIdleBytes;
  if (!began_) {
    if (buffer_.capacity() > kIdleBytes) buffer_ = {};
  } else if (has_header_) {
    size =
        std::clamp(parser_->bytes_missing().value_or(kChunkReadBytes), kIdleBytes, kReadBytesMax);
  } else {
    size = std::max(kIdleBytes, buffer_.size());
  }
  reading_ = true;
  stream_->read(buffer_.prepare(size), shared_from_this());
}

void Connection::read_into_the_air() {
  if (reading_) return;
  buffer_.clear();
  reading_ = true;
  const std::size_t size = phase_ == Phase::ending ? kChunkReadBytes : kIdleBytes;
  stream_->read(buffer_.prepare(size), shared_from_this());
}

void Connection::hand_over() {
  Request request = std::move(parser_->request());
  parser_.reset();
  request.remote = remote_;
  account_.method = request.method;
  drop_deadline();
  phase_ = Phase::answering;
  if (!worker_.take_in_flight()) {
    Response busy = problem(503, "busy", "Too many requests are running; try again.");
    busy.headers.push_back({"Retry-After", "1"});
    return begin_answer(std::move(busy));
  }
  in_flight_ = true;
  Reply reply{std::make_shared<Pending>(
      worker_.mailbox(), shared_from_this(), worker_.limits().stream_buffer_bytes)};
  try {
    worker_.handler()(std::move(request), std::move(reply));
  } catch (...) {
    // The reply went unanswered with the handler, which is a 500. What it was is the handler's to
    // say: it knows where to.
  }
}

void Connection::on_answer(Response response) {
  no_longer_in_flight();
  if (phase_ == Phase::closed) {
    account_.status = response.status;
    account_.route = std::move(response.route);
    account_.asker = std::move(response.asker);
    return observe(false);
  }
  answer_ = std::move(response);
  advance();
}

void Connection::no_longer_in_flight() {
  if (in_flight_) worker_.give_in_flight_back();
  in_flight_ = false;
}

void Connection::refuse(const Unreadable& why) {
  account_.method = parser_->request().method;
  is_head_ = account_.method == "HEAD";
  keep_alive_ = false;
  begin_answer(problem(why.status, code_of(why.status), why.message));
}

void Connection::end() {
  phase_ = Phase::ending;
  no_longer_busy();
  set_deadline(std::min(kEndingMax, worker_.limits().header_timeout));
  ending_ = true;
  stream_->end(shared_from_this());
}

void Connection::on_ended() {
  ending_ = false;
  if (phase_ == Phase::closed) return release_if_quiet();
  read_into_the_air();
}

}  // namespace infra::http
