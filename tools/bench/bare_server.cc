#include "tools/bench/bare_server.h"

#include <pthread.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <ctime>
#include <stdexcept>
#include <thread>

namespace bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Error = boost::system::error_code;
using Answer = http::response<http::string_body>;

Answer parsed(const std::string& bytes) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  Error error;
  parser.put(asio::buffer(bytes), error);
  if (error || !parser.is_done()) throw std::runtime_error("this is no answer of HTTP");
  return parser.release();
}

// Lives as long as something of it is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, const Answer& answer) : socket_(std::move(socket)), answer_(answer) {}

  void read() {
    request_ = {};
    http::async_read(
        socket_, buffer_, request_, [self = shared_from_this()](const Error& error, std::size_t) {
          if (!error) self->write();
        });
  }

 private:
  void write() {
    http::async_write(
        socket_, answer_, [self = shared_from_this()](const Error& error, std::size_t) {
          if (!error) self->read();
        });
  }

  Socket socket_;
  const Answer& answer_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
};

}  // namespace

struct BareServer::Parts {
  explicit Parts(const std::string& bytes) : answer(parsed(bytes)) {
    accept();
    thread = std::thread{[this] { io.run(); }};
  }
  ~Parts() {
    io.stop();
    thread.join();
  }
  void accept() {
    acceptor.async_accept([this](const Error& error, Socket socket) {
      if (error) return;
      socket.set_option(tcp::no_delay{true});
      std::make_shared<Session>(std::move(socket), answer)->read();
      accept();
    });
  }

  const Answer answer;
  asio::io_context io{1};
  Acceptor acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  std::thread thread;
};

BareServer::BareServer(const std::string& answer) : parts_(std::make_unique<Parts>(answer)) {}
BareServer::~BareServer() = default;

std::uint16_t BareServer::port() const { return parts_->acceptor.local_endpoint().port(); }

double BareServer::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (pthread_getcpuclockid(parts_->thread.native_handle(), &clock) != 0) return 0;
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace bench
