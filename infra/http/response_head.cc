#include "infra/http/response_head.h"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ostream>

namespace infra::http {
namespace {

namespace beast = boost::beast;

bool breaks_line(char c) { return c == '\r' || c == '\n' || c == '\0'; }

bool is_name(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_transports_own(std::string_view name) {
  return beast::iequals(name, "content-length") || beast::iequals(name, "transfer-encoding") ||
         beast::iequals(name, "connection") || beast::iequals(name, "date");
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (code < 0x20) {
      out.append("\\u00").append({kHex[code / 16U], kHex[code % 16U]});
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string_view title_of(int status) {
  const auto text =
      beast::http::obsolete_reason(beast::http::int_to_status(static_cast<unsigned>(status)));
  return {text.data(), text.size()};
}

Response problem(int status, std::string_view code, std::string_view message) {
  Response response{.status = status, .content_type = "application/problem+json"};
  std::string& body = response.body;
  body = R"({"type":"about:blank","title":)";
  append_json(body, title_of(status));
  body += R"(,"status":)" + std::to_string(status) + R"(,"code":)";
  append_json(body, code);
  for (const char* key : {R"(,"message":)", R"(,"detail":)"}) {
    body += key;
    append_json(body, message);
  }
  body += '}';
  return response;
}

bool may_have_body(int status) { return status != 204 && status != 304; }

bool is_sendable(const Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  const auto& type = response.content_type;
  if (std::any_of(type.begin(), type.end(), breaks_line)) return false;
  return std::all_of(response.headers.begin(), response.headers.end(), [](const Header& one) {
    return is_name(one.name) && !is_transports_own(one.name) &&
           std::none_of(one.value.begin(), one.value.end(), breaks_line);
  });
}

void write_head(std::string& out,
                const Response& response,
                const Framing& framing,
                std::string_view date) {
  out.assign("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(title_of(response.status)).append("\r\n");
  append_header(out, "Date", date);
  const bool has_body = may_have_body(response.status);
  if (has_body && !response.content_type.empty())
    append_header(out, "Content-Type", response.content_type);
  for (const Header& one : response.headers) append_header(out, one.name, one.value);
  if (has_body && framing.body == Framing::Body::sized) {
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (framing.body == Framing::Body::chunked) append_header(out, "Transfer-Encoding", "chunked");
  if (!framing.keep_alive) {
    append_header(out, "Connection", "close");
  } else if (framing.http_1_0) {
    append_header(out, "Connection", "keep-alive");
  }
  out.append("\r\n");
}

std::string_view HttpDate::now() {
  const std::time_t second = std::time(nullptr);
  if (second == second_) return text_;
  second_ = second;
  std::tm parts{};
  gmtime_r(&second, &parts);
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto two = [](int number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  text_ = std::string{kDays.at(static_cast<std::size_t>(parts.tm_wday))} + ", " +
          two(parts.tm_mday) + ' ' + kMonths.at(static_cast<std::size_t>(parts.tm_mon)) + ' ' +
          std::to_string(1900 + parts.tm_year) + ' ' + two(parts.tm_hour) + ':' +
          two(parts.tm_min) + ':' + two(parts.tm_sec) + " GMT";
  return text_;
}

}  // namespace infra::http
