#include "infra/http/wire.h"

#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "domain/core/broken.h"

namespace infra::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;

// What both kinds have in common; `Layer` is the socket, or TLS on it.
template <class Layer>
class WireOver : public Wire {
 public:
  void open(const Resolver::results_type& places, Done done) override {
    asio::async_connect(
        socket(),
        places,
        [this, done = std::move(done)](NetError error, const asio::ip::tcp::endpoint&) mutable {
          if (error) return done(error);
          NetError ignored;
          socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
          shake_hands(std::move(done));
        });
  }

  void exchange(const WireRequest& request, WireAnswer& answer, Done done) override {
    beast::http::async_write(
        layer(),
        request,
        [this, &answer, done = std::move(done)](NetError error, std::size_t) mutable {
          if (error) return done(error);
          beast::http::async_read(
              layer(),
              received_,
              answer,
              [done = std::move(done)](const NetError& failed, std::size_t) { done(failed); });
        });
  }

  [[nodiscard]] bool is_clean() const override { return received_.size() == 0; }

  void close() override {
    NetError ignored;
    socket().close(ignored);
  }

 protected:
  [[nodiscard]] virtual Layer& layer() = 0;
  [[nodiscard]] virtual Socket& socket() = 0;
  virtual void shake_hands(Done done) = 0;

 private:
  beast::flat_buffer received_;
};

class PlainWire final : public WireOver<Socket> {
 public:
  explicit PlainWire(asio::io_context& io) : socket_(io) {}

 private:
  Socket& layer() override { return socket_; }
  Socket& socket() override { return socket_; }
  void shake_hands(Done done) override { done({}); }

  Socket socket_;
};

class TlsWire final : public WireOver<ssl::stream<Socket>> {
 public:
  TlsWire(asio::io_context& io, ssl::context& context, const std::string& host)
      : stream_(io, context) {
    NetError ignored;
    stream_.set_verify_callback(ssl::host_name_verification{host}, ignored);
    NetError is_name;
    asio::ip::make_address(host, is_name);
    if (is_name) tell_name(host);
  }

 private:
  // Addresses have no place in this extension (RFC 6066). OpenSSL's macro is a cast of old style.
  void tell_name(const std::string& host) {
    SSL_ctrl(stream_.native_handle(),
             SSL_CTRL_SET_TLSEXT_HOSTNAME,
             TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
  }

  ssl::stream<Socket>& layer() override { return stream_; }
  Socket& socket() override { return stream_.next_layer(); }
  void shake_hands(Done done) override {
    stream_.async_handshake(ssl::stream_base::client, std::move(done));
  }

  ssl::stream<Socket> stream_;
};

}  // namespace

struct Trust::Parts {
  ssl::context context{ssl::context::tls_client};
};

Trust::Trust(const std::optional<std::string>& ca_file) : parts_(std::make_unique<Parts>()) {
  ssl::context& context = parts_->context;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  NetError error;
  if (ca_file) {
    context.load_verify_file(*ca_file, error);
  } else {
    context.set_default_verify_paths(error);
  }
  if (!error) return;
  throw core::Broken{core::Breakage::io,
                     "cannot use " + ca_file.value_or("the system's certificate authorities") +
                         ": " + error.message()};
}

Trust::~Trust() = default;

std::unique_ptr<Wire> Trust::make_wire(asio::io_context& io, const Origin& to) {
  if (to.tls) return std::make_unique<TlsWire>(io, parts_->context, to.host);
  return std::make_unique<PlainWire>(io);
}

}  // namespace infra::http
