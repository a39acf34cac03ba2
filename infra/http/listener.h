#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <vector>

#include "infra/http/worker.h"

namespace infra::http {

// Accepts connections on the thread of the first worker and hands them to all of them in turn.
class Listener {
 public:
  // Listens when it returns; throws core::Broken (io). `workers` are at least one, and outlive the
  // listener, as `shared` does.
  Listener(Shared& shared, const Listen& listen, std::vector<Worker*> workers);

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Any thread. The destructor closes what was not closed, when no thread of the workers runs.
  void start();
  void close();

 private:
  void bind(const Listen& listen);
  void accept();
  void on_accepted(const NetError& error, Socket socket, Worker& worker);
  void turn_away(Socket socket) const;

  Shared& shared_;
  std::vector<Worker*> workers_;
  std::size_t turn_ = 0;
  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor> acceptor_;
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> pause_;
  std::uint16_t port_ = 0;
};

}  // namespace infra::http
