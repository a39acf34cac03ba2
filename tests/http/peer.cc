#include "tests/http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace testing_http {
namespace {

constexpr timeval kPatience{60, 0};

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

template <class Value>
void set(int socket, int option, const Value& value) {
  if (setsockopt(socket, SOL_SOCKET, option, &value, sizeof value) != 0) fail("setsockopt");
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

Peer::Peer(std::uint16_t port) : Peer(AF_INET, 0) { connect_to(loopback(port)); }

Peer Peer::that_reads_slowly(std::uint16_t port) {
  Peer peer{AF_INET, 4096};
  peer.connect_to(loopback(port));
  return peer;
}

Peer Peer::over_ipv6(std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  Peer peer{AF_INET6, 0};
  peer.connect_to(address);
  return peer;
}

Peer::Peer(int family, int receive_bytes) : socket_(::socket(family, SOCK_STREAM, 0)) {
  if (socket_ < 0) fail("socket");
  set(socket_, SO_RCVTIMEO, kPatience);
  set(socket_, SO_SNDTIMEO, kPatience);
  if (receive_bytes > 0) set(socket_, SO_RCVBUF, receive_bytes);
}

template <class Address>
void Peer::connect_to(const Address& address) {
  const void* generic = &address;
  if (connect(socket_, static_cast<const sockaddr*>(generic), sizeof address) != 0) fail("connect");
}

Peer::~Peer() {
  if (socket_ >= 0) ::close(socket_);
}

Peer::Peer(Peer&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

bool Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EPIPE || errno == ECONNRESET) return false;
      fail("send");
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Peer::end_sending() { ::shutdown(socket_, SHUT_WR); }

void Peer::vanish() {
  set(socket_, SO_LINGER, linger{1, 0});
  ::close(std::exchange(socket_, -1));
}

bool Peer::receive() {
  std::array<char, 4096> bytes{};
  const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count < 0 && errno != ECONNRESET) fail("recv");
  if (count <= 0) return false;
  received_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::string Peer::take(std::size_t bytes) {
  while (received_.size() < bytes) {
    if (!receive()) throw std::runtime_error{"the answer ends before its length"};
  }
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

std::string Peer::read_until(std::string_view mark) {
  std::size_t from = 0;
  for (;;) {
    const std::size_t found = received_.find(mark, from);
    if (found != std::string::npos) return take(found + mark.size());
    from = received_.size() < mark.size() ? 0 : received_.size() - mark.size();
    if (!receive()) return std::exchange(received_, {});
  }
}

std::string Peer::read_to_the_end() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

std::string Peer::read_chunks() {
  std::string body;
  for (;;) {
    const std::size_t size = std::stoul(read_until("\r\n"), nullptr, 16);
    body += take(size);
    if (take(2) != "\r\n") throw std::runtime_error{"a chunk without its end"};
    if (size == 0) return body;
  }
}

Answer Peer::answer(bool head) {
  Answer answer;
  const std::string first_line = read_until("\r\n");
  if (first_line.empty()) return answer;
  if (!first_line.starts_with("HTTP/1.1 ") || !first_line.ends_with("\r\n"))
    throw std::runtime_error{"no status line: " + first_line};
  answer.status = std::stoi(first_line.substr(9));
  for (std::string line; (line = read_until("\r\n")) != "\r\n";) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error{"no header: " + line};
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    std::string& value = answer.headers[name];
    if (!value.empty()) value += ", ";
    value += line.substr(colon + 2, line.size() - colon - 4);
  }
  if (head || answer.status < 200) return answer;
  if (answer.header("transfer-encoding") == "chunked") {
    answer.body = read_chunks();
  } else if (!answer.header("content-length").empty()) {
    answer.body = take(std::stoul(answer.header("content-length")));
  }
  return answer;
}

std::string request(std::string_view first_line, std::string_view headers, std::string_view body) {
  std::string text{first_line};
  text.append(" HTTP/1.1\r\nHost: kartei\r\n").append(headers);
  if (!body.empty())
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append("\r\n").append(body);
}

}  // namespace testing_http
