#include "infra/http/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>

#include "infra/http/target.h"

namespace infra::http {
namespace {

namespace beast = boost::beast;
using HttpError = beast::http::error;

// Reserved for a body before it comes; more only as it does.
constexpr std::size_t kTrustedBytesMax = std::size_t{64} * 1024;
// The end of every chunked body has so many bytes, so it is no loss to wait for them; with fewer at
// hand Beast 1.81 trips over its own assertion.
constexpr std::size_t kLastChunkBytes = 5;

std::string copy(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

RequestParser::RequestParser(const Limits& limits) : limits_(limits) {
  header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  body_limit(limits.body_bytes);
  eager(true);
}

std::size_t RequestParser::put(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !is_done()) {
    if (has_header_ && chunked() && bytes.size() - used < kLastChunkBytes) break;
    Error error;
    const std::size_t taken = basic_parser::put(
        boost::asio::const_buffer{bytes.data() + used, bytes.size() - used}, error);
    used += taken;
    if (error == HttpError::need_more) break;
    if (error) {
      explain(error);
      break;
    }
  }
  return used;
}

std::optional<std::size_t> RequestParser::bytes_missing() const {
  if (chunked()) return std::nullopt;
  const auto remaining = content_length_remaining();
  return remaining ? static_cast<std::size_t>(*remaining) : 0;
}

void RequestParser::refuse(Error& error, int status, std::string_view message) {
  unreadable_ = Unreadable{status, message};
  error = HttpError::bad_field;
}

void RequestParser::explain(const Error& error) {
  if (unreadable_) return;
  if (error == HttpError::header_limit) {
    unreadable_ = Unreadable{431, "The header of the request is too large."};
  } else if (error == HttpError::body_limit) {
    unreadable_ = Unreadable{413, "The body of the request is too large."};
  } else if (error == HttpError::bad_content_length ||
             error == HttpError::multiple_content_length ||
             error == HttpError::bad_transfer_encoding) {
    unreadable_ = Unreadable{400, "The length of the body is ambiguous."};
  } else if (has_header_) {
    unreadable_ = Unreadable{400, "The chunks of the body are malformed."};
  } else {
    unreadable_ = Unreadable{400, "This is no well-formed HTTP/1.1 request."};
  }
}

void RequestParser::on_request_impl(
    beast::http::verb, Text method, Text target, int version, Error&) {
  request_.method = copy(method);
  request_.target = copy(target);
  request_.headers.reserve(8);
  header_bytes_ = method.size() + target.size();
  http_1_0_ = version == 10;
}

void RequestParser::on_response_impl(int, Text, int, Error&) {}

void RequestParser::on_field_impl(Field field, Text name, Text value, Error& error) {
  // Beast forgets what it has parsed when a packet ends between two lines, so it is counted here.
  // Trailers count as well, and go nowhere: nobody should take them for headers.
  header_bytes_ += name.size() + value.size() + 4;
  if (header_bytes_ > limits_.header_bytes) {
    error = HttpError::header_limit;
    return;
  }
  if (has_header_) return;
  switch (field) {
    case Field::host: ++hosts_; break;
    case Field::content_length:
      ++lengths_;
      if (value.find(',') != Text::npos) ++lengths_;
      break;
    case Field::transfer_encoding:
      ++encodings_;
      if (!beast::iequals(value, "chunked")) ++encodings_;
      break;
    case Field::expect:
      if (!beast::iequals(value, "100-continue")) {
        refuse(error, 417, "Nothing but 100-continue can be expected here.");
        return;
      }
      expects_continue_ = !http_1_0_;
      break;
    default: break;
  }
  request_.headers.push_back({copy(name), copy(value)});
}

void RequestParser::on_header_impl(Error& error) {
  has_header_ = true;
  if (lengths_ + encodings_ > 1 || (encodings_ > 0 && http_1_0_))
    return refuse(error, 400, "The length of the body is ambiguous.");
  if (hosts_ > 1 || (hosts_ == 0 && !http_1_0_))
    return refuse(error, 400, "A request names its host once.");
  if (!http::parse_target(request_))
    return refuse(error, 400, "The target is no path of percent-encoded UTF-8.");
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) {
  const std::uint64_t announced = length ? *length : 0;
  request_.body.reserve(
      static_cast<std::size_t>(std::min<std::uint64_t>(announced, kTrustedBytesMax)));
}

std::size_t RequestParser::on_body_impl(Text body, Error&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, Text, Error&) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, Error&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

void RequestParser::on_finish_impl(Error&) {}

}  // namespace infra::http
