#include "infra/outgoing/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "domain/core/broken.h"
#include "domain/core/destroyer.h"

namespace infra::outgoing {
namespace {

using core::Destroyer;
using Handle = std::unique_ptr<CURL, Destroyer<curl_easy_cleanup>>;
using List = std::unique_ptr<curl_slist, Destroyer<curl_slist_free_all>>;

[[noreturn]] void broke(const std::string& what) { throw core::Broken(core::Breakage::io, what); }

// An option that this build of the library does not know could be one that keeps us safe.
template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
  if (curl_easy_setopt(curl, option, value) != CURLE_OK) broke("libcurl lacks an option");
}

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos;
}

void append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc{};
  static_cast<void>(list.release());  // its first element is the longer one's, too
  list.reset(longer);
}

// An empty value needs a semicolon: `Name:` would take the library's own header away.
List headers_of(const Request& request) {
  List list;
  for (const Header& header : request.headers) {
    if (has_line_break(header.name) || has_line_break(header.value)) {
      broke("a header of a request has a line break");
    }
    append(list, header.value.empty() ? header.name + ';' : header.name + ": " + header.value);
  }
  const bool typed =
      std::any_of(request.headers.begin(), request.headers.end(), [](const Header& header) {
        return curl_strequal(header.name.c_str(), "Content-Type") != 0;
      });
  if (!typed) append(list, "Content-Type:");  // or a form is what the library calls any body
  append(list, "Expect:");  // or a body waits for a leave that not every server gives
  return list;
}

struct Answer {
  std::string body;
  std::size_t bytes_max;
  bool too_large = false;
};

std::size_t take(const char* bytes, std::size_t /*one*/, std::size_t size, void* to) {
  auto& answer = *static_cast<Answer*>(to);
  answer.too_large = size > answer.bytes_max - answer.body.size();
  if (answer.too_large) return 0;
  answer.body.append(bytes, size);
  return size;
}

int look_whether_cancelled(void* options, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Options*>(options)->cancelled() ? 1 : 0;
}

}  // namespace

struct Client::Parts {
  Options options;
  Handle curl;
};

Client::Client(Options options) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) broke("libcurl does not start");
  parts_ = std::make_unique<Parts>(Parts{std::move(options), Handle{curl_easy_init()}});
  if (!parts_->curl) throw std::bad_alloc{};
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

Response Client::send(const Request& request) {
  const Options& options = parts_->options;
  CURL* curl = parts_->curl.get();
  curl_easy_reset(curl);  // keeps connections
  const List headers = headers_of(request);
  Answer answer{{}, options.answer_bytes_max};
  set(curl, CURLOPT_URL, request.url.c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_PATH_AS_IS, 1L);
  set(curl, CURLOPT_HTTPHEADER, headers.get());
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_QUICK_EXIT, 1L);  // nobody waits for a name that is still looked up
  if (request.directly) set(curl, CURLOPT_NOPROXY, "*");
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  set(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  set(curl, CURLOPT_WRITEFUNCTION, &take);
  set(curl, CURLOPT_WRITEDATA, &answer);
  set(curl, CURLOPT_NOPROGRESS, 0L);
  set(curl, CURLOPT_XFERINFOFUNCTION, &look_whether_cancelled);
  set(curl, CURLOPT_XFERINFODATA, &options);
  if (request.method != "GET") {
    set(curl, CURLOPT_FRESH_CONNECT, 1L);  // or the library sends it twice
    set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    set(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  const CURLcode code = curl_easy_perform(curl);
  if (answer.too_large) broke("the answer is too large");
  if (code == CURLE_ABORTED_BY_CALLBACK) broke("the request was given up");
  if (code != CURLE_OK) broke(curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_off_t wait = 0;  // negative for a time that is over
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
  const std::chrono::seconds retry_after{std::max<curl_off_t>(wait, 0)};
  return {static_cast<int>(status), std::move(answer.body), retry_after};
}

std::string percent_encoded(std::string_view bytes) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    if (kPlain.find(c) != std::string_view::npos) {
      text += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return text;
}

}  // namespace infra::outgoing
