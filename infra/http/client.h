#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "infra/http/message.h"
#include "infra/http/origin.h"

namespace infra::http {

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{2'000};         // with looking the name up and TLS
  std::chrono::milliseconds answer_timeout{15'000};         // from the request's first byte
  std::size_t together_max = 256;                           // requests without their answer
  std::size_t answer_bytes = std::size_t{4} * 1024 * 1024;  // of a body; beyond: no answer
  // Who is believed about servers that speak TLS, in PEM; none: whom the system believes.
  std::optional<std::string> ca_file = {};
};

// A request that got no answer.
struct NoAnswer {
  bool may_have_arrived;  // else no byte of it was sent
  std::string why;        // in the system's words, without addresses
};

// Sends requests to other servers, without holding anybody up: HTTP/1.1, TLS 1.2 and newer with the
// certificate checked against the host's name. Connections to the origin that was asked last are
// kept. A kept one that is dead before it has answered is replaced, and the request sent again:
// send none that must not come twice. An answer to the second one that says that nothing was done
// (401, 403, 503) says so of that one alone, and counts as none. Any thread may call it.
class Client {
 public:
  // Called once, on the client's own thread: must not block or throw, nor destroy the client.
  using Answered = std::function<void(std::variant<Response, NoAnswer>)>;

  // Throws core::Broken (io) when the file of `ca_file` cannot be used.
  explicit Client(ClientOptions options);
  // What has no answer yet is cut off, and nobody is called any more.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Of the request its method, target, headers and body; Host and Content-Length are the client's.
  // False: too many have no answer yet; nothing was sent, nobody will be called.
  [[nodiscard]] bool send(const Origin& to, Request request, Answered answered);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::http
