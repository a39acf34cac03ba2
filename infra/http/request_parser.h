#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <string_view>

#include "infra/http/server.h"

namespace infra::http {

// Why a request is not handed to anybody. Repeats nothing of what the client sent.
struct Unreadable {
  int status;
  std::string_view message;
};

// Makes one Request from bytes. Beast does the parsing; what it lets through and RFC 9112 does not,
// or what two servers in a row could read differently, is refused here. One thread.
class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  // `limits` must outlive the parser.
  explicit RequestParser(const Limits& limits);

  // Takes what it can from the front of `bytes` and says how much that was. What is left has to
  // come again, in front of more. Not after done() or unreadable().
  [[nodiscard]] std::size_t put(std::string_view bytes);

  [[nodiscard]] bool has_header() const { return has_header_; }
  [[nodiscard]] bool done() const { return is_done(); }
  [[nodiscard]] const std::optional<Unreadable>& unreadable() const { return unreadable_; }

  // What follows is true from has_header() on.
  [[nodiscard]] bool keeps_alive() const { return keep_alive(); }
  [[nodiscard]] bool is_http_1_0() const { return http_1_0_; }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  // Of the body that has not come; none: nobody knows, it comes in chunks.
  [[nodiscard]] std::optional<std::size_t> bytes_missing() const;

  // Complete when done(); method and target as soon as they have come.
  [[nodiscard]] Request& request() { return request_; }

 private:
  using Error = boost::beast::error_code;
  using Text = boost::beast::string_view;
  using Field = boost::beast::http::field;

  void on_request_impl(
      boost::beast::http::verb verb, Text method, Text target, int version, Error& error) override;
  void on_response_impl(int status, Text reason, int version, Error& error) override;
  void on_field_impl(Field field, Text name, Text value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error& error) override;
  std::size_t on_body_impl(Text body, Error& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, Error& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, Text body, Error& error) override;
  void on_finish_impl(Error& error) override;

  void refuse(Error& error, int status, std::string_view message);
  void explain(const Error& error);

  const Limits& limits_;
  Request request_;
  std::optional<Unreadable> unreadable_;
  std::size_t header_bytes_ = 0;
  int hosts_ = 0;
  int lengths_ = 0;
  int encodings_ = 0;
  bool http_1_0_ = false;
  bool has_header_ = false;
  bool expects_continue_ = false;
};

}  // namespace infra::http
