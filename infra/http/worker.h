#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "infra/http/connection.h"
#include "infra/http/server.h"
#include "infra/http/tls_stream.h"

namespace infra::http {

// What the I/O threads of one server have in common.
struct Shared {
  const Limits limits;
  Handler handler;  // empty until it serves
  const Observer observer;
  std::unique_ptr<TlsContext> tls;  // null: plain
  std::atomic<bool> stopping = false;
  std::atomic<std::size_t> connections = 0;
  std::atomic<std::size_t> in_flight = 0;
  std::atomic<std::size_t> busy = 0;  // connections that have more to say
  std::mutex mutex = {};
  std::condition_variable quiet = {};  // with the mutex: stopping, and nobody is busy
};

// One I/O thread with its connections. What is not said to be for any thread is for this one.
class Worker {
 public:
  // `shared` must outlive the worker.
  explicit Worker(Shared& shared);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Any thread: begins the thread; on_stop() of every connection; the end of the thread, which
  // closes what is open and is waited for.
  void start();
  void begin_stop();
  void finish();

  [[nodiscard]] boost::asio::io_context& context() { return io_; }  // posting: any thread
  void adopt(Socket socket);

  // For the connections.
  [[nodiscard]] const Limits& limits() const { return shared_.limits; }
  [[nodiscard]] const Handler& handler() const { return shared_.handler; }
  [[nodiscard]] const Observer& observer() const { return shared_.observer; }
  [[nodiscard]] bool stopping() const { return shared_.stopping; }
  [[nodiscard]] const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  [[nodiscard]] std::string_view date() { return date_.now(); }
  // False: too many are in flight.
  [[nodiscard]] bool take_in_flight();
  void give_in_flight_back() { --shared_.in_flight; }
  void no_longer_busy();
  void forget(const Connection& connection);

 private:
  void tick();
  // Calls `visit` with every connection; it may close any of them.
  template <class Visit>
  void for_each(Visit visit);

  Shared& shared_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<Executor> work_{io_.get_executor()};
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> timer_{io_};
  const std::chrono::milliseconds tick_every_;
  std::shared_ptr<Mailbox> mailbox_;
  std::vector<std::shared_ptr<Connection>> connections_;
  bool finished_ = false;
  HttpDate date_;
  std::thread thread_;
};

}  // namespace infra::http
