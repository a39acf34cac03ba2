#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "infra/http/origin.h"
#include "infra/http/stream.h"

namespace infra::http {

using Resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, Executor>;
using WireRequest = boost::beast::http::request<boost::beast::http::string_body>;
using WireAnswer = boost::beast::http::response_parser<boost::beast::http::string_body>;

// One connection of a client, plain or behind TLS. One thread, one operation at a time; whoever
// calls keeps it alive until it has called back.
class Wire {
 public:
  using Done = std::function<void(const NetError& error)>;

  virtual ~Wire() = default;
  // Connects to one of the places, and shakes hands.
  virtual void open(const Resolver::results_type& places, Done done) = 0;
  // Both must live until it is done.
  virtual void exchange(const WireRequest& request, WireAnswer& answer, Done done) = 0;
  // Whether nothing came behind the last answer.
  [[nodiscard]] virtual bool is_clean() const = 0;
  // Cuts everything off; what has not called back does so with an error.
  virtual void close() = 0;
};

// What clients believe about servers. Must outlive the wires it makes.
class Trust {
 public:
  // Throws core::Broken (io), naming the file that cannot be used; none: whom the system believes.
  explicit Trust(const std::optional<std::string>& ca_file);
  ~Trust();
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;

  [[nodiscard]] std::unique_ptr<Wire> make_wire(boost::asio::io_context& io, const Origin& to);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::http
