#include "infra/http/tls_stream.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl.hpp>

#include "domain/core/broken.h"

namespace infra::http {
namespace {

namespace ssl = boost::asio::ssl;

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, ssl::context& context) : stream_(std::move(socket), context) {}

  void open(std::shared_ptr<StreamUser> user) override {
    stream_.async_handshake(
        ssl::stream_base::server,
        [user = std::move(user)](const NetError& error) { user->on_opened(error); });
  }

  void read(boost::asio::mutable_buffer into, std::shared_ptr<StreamUser> user) override {
    auto done = [user = std::move(user)](const NetError& error, std::size_t bytes) {
      user->on_read(error, bytes);
    };
    if (ended_) {
      stream_.next_layer().async_read_some(into, std::move(done));
    } else {
      stream_.async_read_some(into, std::move(done));
    }
  }

  // Encrypting may have to read first, so it always waits.
  std::size_t write_now(const Buffers&, NetError&) override { return 0; }

  void write(const Buffers& bytes, std::shared_ptr<StreamUser> user) override {
    stream_.async_write_some(bytes,
                             [user = std::move(user)](const NetError& error, std::size_t count) {
                               user->on_written(error, count);
                             });
  }

  void end(std::shared_ptr<StreamUser> user) override {
    // Sends close_notify and waits for the peer's. An error is as good: he may send other things,
    // which are then read from the wire.
    stream_.async_shutdown([this, user = std::move(user)](const NetError&) {
      ended_ = true;
      NetError ignored;
      stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
      user->on_ended();
    });
  }

  void close() override {
    NetError ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  ssl::stream<Socket> stream_;
  bool ended_ = false;
};

}  // namespace

struct TlsContext::Parts {
  ssl::context context{ssl::context::tls_server};
};

TlsContext::TlsContext(const Tls& files) : parts_(std::make_unique<Parts>()) {
  ssl::context& context = parts_->context;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  // An idle connection gives its buffers back.
  SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  const auto refuse = [](const std::string& what, const NetError& error) {
    throw core::Broken{core::Breakage::io, what + ": " + error.message()};
  };
  NetError error;
  context.use_certificate_chain_file(files.certificate_chain_file, error);
  if (error) refuse("cannot use the certificate " + files.certificate_chain_file, error);
  context.use_private_key_file(files.private_key_file, ssl::context::pem, error);
  if (error) refuse("cannot use the private key " + files.private_key_file, error);
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    throw core::Broken{core::Breakage::io,
                       "the private key " + files.private_key_file +
                           " does not belong to the certificate " + files.certificate_chain_file};
  }
}

TlsContext::~TlsContext() = default;

std::unique_ptr<Stream> TlsContext::make_stream(Socket socket) {
  return std::make_unique<TlsStream>(std::move(socket), parts_->context);
}

}  // namespace infra::http
