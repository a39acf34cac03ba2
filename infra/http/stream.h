#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>

namespace infra::http {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using NetError = boost::system::error_code;
using Buffers = std::array<boost::asio::const_buffer, 2>;

// Whom a Stream tells what has come of what was asked; it keeps him alive meanwhile.
class StreamUser {
 public:
  virtual ~StreamUser() = default;
  virtual void on_opened(const NetError& error) = 0;
  virtual void on_read(const NetError& error, std::size_t bytes) = 0;
  virtual void on_written(const NetError& error, std::size_t bytes) = 0;
  virtual void on_ended() = 0;
};

// One peer, plain or behind TLS. One I/O thread; at most one of each operation at a time. Must not
// be destroyed before every operation has called back.
class Stream {
 public:
  virtual ~Stream() = default;
  // The handshake, if there is one.
  virtual void open(std::shared_ptr<StreamUser> user) = 0;
  virtual void read(boost::asio::mutable_buffer into, std::shared_ptr<StreamUser> user) = 0;
  // What can be written without waiting; 0: nothing, use write().
  [[nodiscard]] virtual std::size_t write_now(const Buffers& bytes, NetError& error) = 0;
  virtual void write(const Buffers& bytes, std::shared_ptr<StreamUser> user) = 0;
  // Tells the peer that nothing follows. What it still sends can be read, as it is on the wire.
  virtual void end(std::shared_ptr<StreamUser> user) = 0;
  // Cuts everything off; what has not called back does so with an error.
  virtual void close() = 0;
};

[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(Socket socket);

}  // namespace infra::http
