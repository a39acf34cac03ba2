#include "tools/bench/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

// Of the whole answer; 0: its head has not come.
std::size_t size_of(const std::string& bytes) {
  constexpr const char* kLength = "\r\nContent-Length: ";
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  const std::size_t length = bytes.find(kLength);
  if (length > head) throw std::runtime_error("an answer does not say its length");
  return head + 4 + std::stoul(bytes.substr(length + std::char_traits<char>::length(kLength)));
}

}  // namespace

Peer::Peer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ >= 0 &&
      ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return;
  }
  if (socket_ >= 0) ::close(socket_);
  throw std::runtime_error("cannot connect to port " + std::to_string(port));
}

Peer::~Peer() {
  if (socket_ >= 0) ::close(socket_);
}

Peer::Peer(Peer&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

std::string Peer::get(const std::string& target) {
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    throw std::runtime_error("cannot ask for " + target);
  }
  std::string answer;
  std::array<char, 8192> some{};
  for (std::size_t size = 0; size == 0 || answer.size() < size; size = size_of(answer)) {
    const ssize_t read = ::recv(socket_, some.data(), some.size(), 0);
    if (read <= 0) throw std::runtime_error("no answer to " + target);
    answer.append(some.data(), static_cast<std::size_t>(read));
  }
  return answer;
}

bool is_ok(const std::string& answer) { return answer.starts_with("HTTP/1.1 200 "); }

}  // namespace bench
