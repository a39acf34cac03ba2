#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "infra/http/server.h"
#include "tests/projections/scratch_folder.h"

namespace testing_http {

// A certificate for localhost and 127.0.0.1, signed by itself, and its key, in a folder that goes
// with them.
class Certificate {
 public:
  Certificate();
  [[nodiscard]] infra::http::Tls files() const;

 private:
  testing_projections::ScratchFolder folder_;
};

// A client of 127.0.0.1 that speaks TLS, trusting that certificate and no other.
class TlsPeer {
 public:
  // Throws when the handshake fails. `version_max`: of the protocol, 0 for any.
  TlsPeer(std::uint16_t port, const infra::http::Tls& trusted, int version_max = 0);
  ~TlsPeer();
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  void send(std::string_view bytes);
  // Everything up to and with `mark`, or up to the end.
  std::string read_until(std::string_view mark);
  // Whether the other side said that it was the end, and did not just stop.
  [[nodiscard]] bool ended_well() const { return ended_well_; }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  int socket_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  std::string received_;
  bool ended_well_ = false;
};

}  // namespace testing_http
