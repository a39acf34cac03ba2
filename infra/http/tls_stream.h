#pragma once

#include "infra/http/server.h"
#include "infra/http/stream.h"

namespace infra::http {

// Certificate and key of a server. Must outlive the streams it makes. Any thread.
class TlsContext {
 public:
  // Throws core::Broken (io), naming the file that cannot be used.
  explicit TlsContext(const Tls& files);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] std::unique_ptr<Stream> make_stream(Socket socket);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::http
