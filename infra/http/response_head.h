#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "infra/http/message.h"

namespace infra::http {

// How the answer is put on the connection.
struct Framing {
  enum class Body { sized, chunked, until_close };
  Body body = Body::sized;
  bool keep_alive = true;
  bool http_1_0 = false;
};

// Whether a body belongs to answers of that status.
[[nodiscard]] bool may_have_body(int status);

// Whether `response` can be sent as it is: a final status, and headers that neither break the
// message apart nor are the transport's own.
[[nodiscard]] bool is_sendable(const Response& response);

// Replaces `out` by the status line and all headers, up to and with the empty line. `date` is what
// HttpDate says. The length is that of `response.body`.
void write_head(std::string& out,
                const Response& response,
                const Framing& framing,
                std::string_view date);

// The value of the Date header, written anew once a second. One thread.
class HttpDate {
 public:
  [[nodiscard]] std::string_view now();

 private:
  std::time_t second_ = -1;
  std::string text_;
};

}  // namespace infra::http
