#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// HTTP requests to other services.
namespace infra::outgoing {

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method = "GET";
  std::string url = {};  // http or https; what is put into it is percent_encoded() before
  std::vector<Header> headers = {};  // one with a line break throws core::Broken (io)
  std::string body = {};
  bool directly = false;  // by no proxy, whatever the environment says
};

struct Response {
  int status = 0;
  std::string body = {};
  // How long the server wants to be left alone (Retry-After; RFC 9110, 10.2.3), also where it named
  // a time; 0: it does not say.
  std::chrono::seconds retry_after{0};
};

struct Options {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{30'000};  // of the whole exchange
  std::size_t answer_bytes_max = std::size_t{8} * 1024 * 1024;
  // Whether to give up: asked again and again while a request runs, at least each second.
  std::function<bool()> cancelled = [] { return false; };
};

// A client that keeps its connections for the next request. Certificates and names of https are
// verified against the system's store; redirects are not followed, proxies are those of the
// environment (http_proxy, https_proxy, no_proxy). What is no GET is sent once, on a connection of
// its own; a GET is sent again when a kept connection turns out to be dead. Used by one thread.
class Client {
 public:
  explicit Client(Options options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) = delete;

  // The answer, whatever its status. Throws core::Broken (io) when there is none that is whole: not
  // reached, too late, cut off, too large, cancelled. Its text is of this room and says nothing of
  // URL, headers and bodies.
  [[nodiscard]] Response send(const Request& request);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Bytes as one segment of a path or one value of a query: everything but A-Z a-z 0-9 - . _ ~ is
// escaped (RFC 3986, section 2.3).
[[nodiscard]] std::string percent_encoded(std::string_view bytes);

}  // namespace infra::outgoing
