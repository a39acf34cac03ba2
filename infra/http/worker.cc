#include "infra/http/worker.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "infra/http/short_turns.h"

namespace infra::http {
namespace {

std::chrono::milliseconds tick_for(const Limits& limits) {
  const auto shortest = std::min({limits.header_timeout,
                                  limits.body_timeout,
                                  limits.idle_timeout,
                                  limits.write_timeout,
                                  limits.stream_heartbeat});
  return std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{500});
}

void set_options(Socket& socket, std::chrono::milliseconds write_timeout) {
  NetError ignored;
  socket.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  // A peer that vanished without a word is noticed when he acknowledges nothing for so long.
  const auto patience = static_cast<unsigned>(write_timeout.count());
  static_cast<void>(::setsockopt(
      socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience));
}

}  // namespace

Worker::Worker(Shared& shared) : shared_(shared), tick_every_(tick_for(shared.limits)) {
  mailbox_ =
      std::make_shared<Mailbox>([this] { boost::asio::post(io_, [this] { mailbox_->open(); }); });
}

Worker::~Worker() = default;

void Worker::start() {
  thread_ = std::thread{[this] {
    ask_for_short_turns();
    mailbox_->begin();
    tick();
    io_.run();
  }};
}

void Worker::begin_stop() {
  boost::asio::post(io_,
                    [this] { for_each([](Connection& connection) { connection.on_stop(); }); });
}

void Worker::finish() {
  if (!thread_.joinable()) return;  // It never began.
  boost::asio::post(io_, [this] {
    mailbox_->shut();
    for_each([](Connection& connection) { connection.close(); });
    finished_ = true;
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

void Worker::adopt(Socket socket) {
  NetError error;
  const auto peer = socket.remote_endpoint(error);
  if (error || shared_.stopping) {  // Closed with the socket.
    --shared_.connections;
    return;
  }
  set_options(socket, shared_.limits.write_timeout);
  auto stream = shared_.tls ? shared_.tls->make_stream(std::move(socket))
                            : make_plain_stream(std::move(socket));
  ++shared_.busy;
  auto connection =
      std::make_shared<Connection>(*this, std::move(stream), peer.address().to_string());
  connection->place = connections_.size();
  connections_.push_back(connection);
  connection->start();
}

void Worker::forget(const Connection& connection) {
  const std::size_t place = connection.place;
  std::swap(connections_[place], connections_.back());
  connections_[place]->place = place;
  connections_.pop_back();
  --shared_.connections;
}

bool Worker::take_in_flight() {
  if (shared_.in_flight++ < shared_.limits.in_flight_max) return true;
  --shared_.in_flight;
  return false;
}

void Worker::no_longer_busy() {
  if (--shared_.busy > 0 || !shared_.stopping) return;
  const std::lock_guard lock{shared_.mutex};
  shared_.quiet.notify_all();
}

template <class Visit>
void Worker::for_each(Visit visit) {
  // From the back: whoever closes changes places with the last one, who was visited.
  for (std::size_t place = connections_.size(); place-- > 0;) {
    if (place >= connections_.size()) continue;
    const auto connection = connections_[place];
    visit(*connection);
  }
}

void Worker::tick() {
  const auto now = Clock::now();
  for_each([now](Connection& connection) { connection.on_tick(now); });
  timer_.expires_at(now + tick_every_);
  timer_.async_wait([this](const NetError& error) {
    // The last tick may have been on its way already when the timer was cancelled.
    if (!error && !finished_) tick();
  });
}

}  // namespace infra::http
