#include <array>
#include <charconv>

#include "infra/http/connection.h"
#include "infra/http/worker.h"

// The half of a connection that answers.
namespace infra::http {
namespace {

// A body up to so many bytes is copied behind the head and leaves with it.
constexpr std::size_t kCopiedBytesMax = std::size_t{8} * 1024;
// What a connection keeps to write from.
constexpr std::size_t kKeptBytesMax = 1024;
// So many bytes taken are worth a new deadline.
constexpr std::size_t kCreditBytes = std::size_t{16} * 1024;

void begin_chunk(std::string& out, std::size_t size) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  out.assign(digits.data(), end);
  out.append("\r\n");
}

void release_above(std::string& text, std::size_t bytes) {
  text.clear();
  if (text.capacity() > bytes) text.shrink_to_fit();
}

}  // namespace

void Connection::begin_answer(Response response, Framing::Body body) {
  if (!is_sendable(response)) {
    std::string route = std::move(response.route);
    std::string asker = std::move(response.asker);
    response = problem(500, "internal", "The answer could not be sent.");
    response.route = std::move(route);
    response.asker = std::move(asker);
    body = Framing::Body::sized;
  }
  if (worker_.stopping()) keep_alive_ = false;
  write_head(out_,
             response,
             {.body = body, .keep_alive = keep_alive_, .http_1_0 = http_1_0_},
             worker_.date());
  account_.status = response.status;
  account_.route = std::move(response.route);
  account_.asker = std::move(response.asker);
  account_.head_bytes = out_.size();
  written_ = 0;
  on_credit_ = 0;
  drop_deadline();
  body_.clear();
  if (!is_head_ && may_have_body(response.status)) {
    if (response.body.size() <= kCopiedBytesMax) {
      out_ += response.body;
    } else {
      body_ = std::move(response.body);
    }
  }
  phase_ = Phase::writing;
}

bool Connection::write_out() {
  while (unwritten() > 0) {
    if (writing_) return false;
    const std::size_t of_out = std::min(written_, out_.size());
    const std::size_t of_body = written_ - of_out;
    const Buffers bytes{boost::asio::const_buffer{out_.data() + of_out, out_.size() - of_out},
                        boost::asio::const_buffer{body_.data() + of_body, body_.size() - of_body}};
    NetError error;
    const std::size_t count = stream_->write_now(bytes, error);
    if (error) {
      close();
      return false;
    }
    if (count == 0) {
      if (deadline_ == Clock::time_point::max()) set_deadline(worker_.limits().write_timeout);
      writing_ = true;
      stream_->write(bytes, shared_from_this());
      return false;
    }
    count_written(count);
  }
  return !writing_;
}

void Connection::count_written(std::size_t bytes) {
  written_ += bytes;
  on_credit_ += bytes;
  if (on_credit_ < kCreditBytes || phase_ == Phase::continuing) return;
  on_credit_ = 0;
  drop_deadline();  // The next wait begins a new one.
}

void Connection::on_written(const NetError& error, std::size_t bytes) {
  writing_ = false;
  if (phase_ == Phase::closed) return release_if_quiet();
  if (error) return close();
  count_written(bytes);
  advance();
}

void Connection::end_answer() {
  observe(true);
  parser_.reset();
  began_ = false;
  has_header_ = false;
  release_above(out_, kKeptBytesMax);
  release_above(body_, 0);
  written_ = 0;
  if (!keep_alive_ || worker_.stopping()) return end();
  phase_ = Phase::reading;
  set_deadline(worker_.limits().idle_timeout);
}

void Connection::observe(bool complete) {
  const Observer& observer = worker_.observer();
  if (!observer) return;
  const std::size_t of_body = written_ > account_.head_bytes ? written_ - account_.head_bytes : 0;
  observer({.method = account_.method,
            .route = account_.route,
            .asker = account_.asker,
            .remote = remote_,
            .status = account_.status,
            .bytes = streams_ ? account_.event_bytes : of_body,
            .duration = Clock::now() - account_.began,
            .complete = complete});
}

void Connection::on_stream(Response head, std::shared_ptr<EventChannel> channel) {
  no_longer_in_flight();
  if (phase_ == Phase::closed) {
    account_.status = head.status;
    account_.route = std::move(head.route);
    account_.asker = std::move(head.asker);
    observe(false);
    return channel->end();
  }
  keep_alive_ = false;
  const bool sendable = is_sendable(head);
  begin_answer(std::move(head), http_1_0_ ? Framing::Body::until_close : Framing::Body::chunked);
  if (sendable && !is_head_) {
    phase_ = Phase::streaming;
    streams_ = true;
    chunked_ = !http_1_0_;
    channel_ = channel;
    last_event_ = Clock::now();
    read_into_the_air();  // Shows when the client goes.
  }
  if (!channel_ || worker_.stopping()) channel->end();
  advance();
}

void Connection::on_events() {
  if (channel_) advance();
}

bool Connection::step_streaming() {
  if (!write_out()) return false;
  out_.clear();
  body_.clear();
  written_ = 0;
  drop_deadline();
  switch (channel_->take(body_)) {
    case EventChannel::Taken::nothing: return false;
    case EventChannel::Taken::overflowed: close(); return false;
    case EventChannel::Taken::bytes:
      last_event_ = Clock::now();
      account_.event_bytes += body_.size();
      if (chunked_) {
        begin_chunk(out_, body_.size());
        body_ += "\r\n";
      }
      return true;
    case EventChannel::Taken::closed:
      std::exchange(channel_, nullptr)->end();
      if (chunked_) out_ = "0\r\n\r\n";
      phase_ = Phase::writing;
      return true;
  }
  return false;
}

}  // namespace infra::http
