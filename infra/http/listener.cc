#include "infra/http/listener.h"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "domain/core/broken.h"

namespace infra::http {
namespace {

using boost::asio::ip::tcp;

// While the system has no descriptor or memory for another connection.
constexpr std::chrono::milliseconds kPause{100};

std::string name_of(const Listen& listen) {
  const bool is_v6 = listen.host.find(':') != std::string::npos;
  return (is_v6 ? '[' + listen.host + ']' : listen.host) + ':' + std::to_string(listen.port);
}

[[noreturn]] void refuse(const Listen& listen, const NetError& error) {
  throw core::Broken{core::Breakage::io,
                     "cannot listen on " + name_of(listen) + ": " + error.message()};
}

// The addresses of the host, IPv4 first.
std::vector<tcp::endpoint> endpoints_of(const Listen& listen) {
  boost::asio::io_context context;
  tcp::resolver resolver{context};
  NetError error;
  const auto found = resolver.resolve(listen.host,
                                      std::to_string(listen.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service,
                                      error);
  if (error) refuse(listen, error);
  std::vector<tcp::endpoint> endpoints;
  for (const auto& one : found) endpoints.push_back(one.endpoint());
  std::stable_partition(endpoints.begin(), endpoints.end(), [](const tcp::endpoint& one) {
    return one.address().is_v4();
  });
  return endpoints;
}

}  // namespace

Listener::Listener(Shared& shared, const Listen& listen, std::vector<Worker*> workers)
    : shared_(shared),
      workers_(std::move(workers)),
      acceptor_(workers_.front()->context()),
      pause_(workers_.front()->context()) {
  bind(listen);
}

void Listener::bind(const Listen& listen) {
  NetError first;
  for (const tcp::endpoint& endpoint : endpoints_of(listen)) {
    NetError error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) {
      port_ = acceptor_.local_endpoint().port();
      return;
    }
    if (!first) first = error;
    NetError ignored;
    acceptor_.close(ignored);
  }
  refuse(listen, first);
}

void Listener::start() {
  boost::asio::post(acceptor_.get_executor(), [this] { accept(); });
}

void Listener::close() {
  boost::asio::post(acceptor_.get_executor(), [this] {
    NetError ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
}

void Listener::accept() {
  if (!acceptor_.is_open()) return;
  Worker& worker = *workers_[turn_++ % workers_.size()];
  acceptor_.async_accept(worker.context(), [this, &worker](const NetError& error, Socket socket) {
    on_accepted(error, std::move(socket), worker);
  });
}

void Listener::on_accepted(const NetError& error, Socket socket, Worker& worker) {
  if (error == boost::asio::error::operation_aborted) return;
  if (error && error != boost::asio::error::connection_aborted) {
    pause_.expires_after(kPause);
    pause_.async_wait([this](const NetError& stopped) {
      if (!stopped) accept();
    });
    return;
  }
  if (!error) {
    if (shared_.connections++ >= shared_.limits.connections_max) {
      --shared_.connections;
      turn_away(std::move(socket));
    } else if (&worker == workers_.front()) {
      worker.adopt(std::move(socket));
    } else {
      auto held = std::make_shared<Socket>(std::move(socket));
      boost::asio::post(worker.context(), [&worker, held] { worker.adopt(std::move(*held)); });
    }
  }
  accept();
}

// As far as it goes without waiting: whoever is one too many gets no more of our time.
void Listener::turn_away(Socket socket) const {
  if (shared_.tls) return;
  Response busy = problem(503, "busy", "Too many connections are open; try again.");
  busy.headers.push_back({"Retry-After", "1"});
  std::string bytes;
  write_head(bytes, busy, {.keep_alive = false}, HttpDate{}.now());
  bytes += busy.body;
  NetError ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(boost::asio::buffer(bytes), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
}

}  // namespace infra::http
