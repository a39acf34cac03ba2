#include "infra/http/stream.h"

namespace infra::http {
namespace {

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {
    NetError ignored;
    socket_.non_blocking(true, ignored);
  }

  void open(std::shared_ptr<StreamUser> user) override { user->on_opened({}); }

  void read(boost::asio::mutable_buffer into, std::shared_ptr<StreamUser> user) override {
    socket_.async_read_some(into,
                            [user = std::move(user)](const NetError& error, std::size_t bytes) {
                              user->on_read(error, bytes);
                            });
  }

  std::size_t write_now(const Buffers& bytes, NetError& error) override {
    const std::size_t written = socket_.write_some(bytes, error);
    if (error == boost::asio::error::would_block) error = {};
    return written;
  }

  void write(const Buffers& bytes, std::shared_ptr<StreamUser> user) override {
    socket_.async_write_some(bytes,
                             [user = std::move(user)](const NetError& error, std::size_t count) {
                               user->on_written(error, count);
                             });
  }

  void end(std::shared_ptr<StreamUser> user) override {
    NetError ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    user->on_ended();
  }

  void close() override {
    NetError ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace infra::http
