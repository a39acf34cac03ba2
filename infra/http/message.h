#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What HTTP says, without the library that reads and writes it. Plain values: no thread rule.
namespace infra::http {

// Whether both are the same but for the case of A to Z, which says nothing in names of headers,
// schemes and hosts.
[[nodiscard]] bool equal_ignoring_case(std::string_view one, std::string_view other);

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};

// One request, whole: the body has come, and what follows has been checked. Path and query are
// valid UTF-8 without NUL.
struct Request {
  std::string method = {};  // as it came: "GET"; HEAD is answered like GET, its body is not sent
  std::string target = {};  // as it came: path?query
  // Decoded segments: /api/patients/7 is {"api", "patients", "7"}, / is {}. A slash at the end is
  // an empty last segment; %2F is a slash within a segment. OPTIONS * has none.
  std::vector<std::string> path = {};
  // Decoded, in order; a name without = has an empty value. As in forms, + is a space.
  std::vector<std::pair<std::string, std::string>> query = {};
  std::vector<Header> headers = {};  // as they came, in order
  std::string body = {};
  std::string remote = {};  // address of the peer, without its port

  // The first header of that name, in any case; points into `headers`.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  // The first parameter of that name, exactly; points into `query`.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

// One answer. Content-Length, Date, Connection and Transfer-Encoding are the transport's: they do
// not stand in `headers`. 204 and 304 are sent without body and type.
struct Response {
  int status = 200;
  std::string content_type = "application/json";  // empty: none
  std::vector<Header> headers = {};  // a line break or NUL in one makes the answer a 500
  std::string body = {};
  // What observers call this exchange, for instance "/api/patients/{id}". Not sent.
  std::string route = {};
  // Who asked, as far as the handler knows; for observers. Not sent.
  std::string asker = {};
};

// What HTTP calls a status: "Not Found".
[[nodiscard]] std::string_view title_of(int status);

// An RFC 9457 problem document with the title of `status`, the key `code`, and `message`, which is
// its `detail` as well. Both are UTF-8; what JSON needs escaped is escaped.
[[nodiscard]] Response problem(int status, std::string_view code, std::string_view message);

}  // namespace infra::http
