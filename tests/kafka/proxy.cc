#include "tests/kafka/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "tests/kafka/broker.h"

namespace testing_kafka {
namespace {

constexpr std::int16_t kProduce = 0;
constexpr std::int16_t kEndTransaction = 26;
constexpr int kLookMilliseconds = 5;
constexpr int kNotReleased = -1000;
constexpr const char* kHost = "127.0.0.1";

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Sockets take any kind of address through a pointer to the general one.
sockaddr* general(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

int connected_to(int port) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port);
  if (connect(connection, general(address), sizeof address) == 0) return connection;
  close(connection);
  return -1;
}

bool send_all(int connection, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t size = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return false;
    sent += static_cast<std::size_t>(size);
  }
  return true;
}

bool receive(int connection, std::string& bytes) {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(connection, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  bytes.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t byte = at; byte < at + size; ++byte) {
    number = number << 8 | static_cast<std::uint8_t>(bytes[byte]);
  }
  return number;
}

std::string big_endian(int number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

// The first message in `bytes`, its size included; nothing when it is not whole yet.
std::string take_frame(std::string& bytes) {
  constexpr std::size_t kSize = 4;
  if (bytes.size() < kSize || bytes.size() < kSize + big_endian(bytes, 0, kSize)) return {};
  std::string frame = bytes.substr(0, kSize + big_endian(bytes, 0, kSize));
  bytes.erase(0, frame.size());
  return frame;
}

std::int16_t request_of(const std::string& frame) {
  return static_cast<std::int16_t>(big_endian(frame, 4, 2));
}

// Addresses are the host and then four bytes of port, in each version of each answer.
void rename_broker(std::string& frame, int from, int to) {
  const std::string before = kHost + big_endian(from);
  for (std::size_t at = frame.find(before); at != std::string::npos;
       at = frame.find(before, at + 1))
    frame.replace(at, before.size(), kHost + big_endian(to));
}

}  // namespace

Proxy::Proxy()
    : broker_port_(std::stoi(brokers().substr(brokers().find(':') + 1))),
      released_with_(kNotReleased) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(listener_, general(address), size) != 0 || listen(listener_, SOMAXCONN) != 0 ||
      getsockname(listener_, general(address), &size) != 0)
    throw std::runtime_error("the proxy cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

Proxy::~Proxy() {
  done_ = true;
  thread_.join();
  drop_all();
  close(listener_);
}

void Proxy::run() {
  while (!done_) {
    std::vector<pollfd> sockets{{.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const Link& link : links_) {
      sockets.push_back({.fd = link.client, .events = POLLIN, .revents = 0});
      sockets.push_back({.fd = link.broker, .events = POLLIN, .revents = 0});
    }
    poll(sockets.data(), sockets.size(), kLookMilliseconds);
    for (std::size_t at = links_.size(); at-- > 0;) {
      bool goes_on = true;
      if (sockets[2 * at + 1].revents != 0) goes_on = pass_on(links_[at], true);
      if (goes_on && sockets[2 * at + 2].revents != 0) goes_on = pass_on(links_[at], false);
      if (cut_) break;
      if (goes_on) continue;
      close(links_[at].client);
      close(links_[at].broker);
      links_.erase(links_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (cut_) drop_all();
    if (sockets[0].revents != 0) accept_one();
  }
}

void Proxy::accept_one() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  const int broker = cut_ ? -1 : connected_to(broker_port_);
  if (broker >= 0) {
    links_.push_back({client, broker, {}, {}});
  } else {
    close(client);
  }
}

bool Proxy::pass_on(Link& link, bool to_broker) {
  std::string& bytes = to_broker ? link.from_client : link.from_broker;
  if (!receive(to_broker ? link.client : link.broker, bytes)) return false;
  for (std::string frame = take_frame(bytes); !frame.empty(); frame = take_frame(bytes)) {
    if (to_broker) {
      if (!pass_request(link, frame)) return false;
    } else {
      rename_broker(frame, broker_port_, port_);
      if (!send_all(link.client, frame)) return false;
    }
  }
  return true;
}

bool Proxy::pass_request(Link& link, const std::string& frame) {
  const std::int16_t request = request_of(frame);
  if (request == kProduce && release_before_next_records_.exchange(false))
    released_with_ = release();
  if (request != kEndTransaction) return send_all(link.broker, frame);
  switch (mishap_.exchange(Mishap::none)) {
    case Mishap::none: return send_all(link.broker, frame);
    case Mishap::held:
      held_ = frame;
      is_held_ = true;
      return true;
    case Mishap::lost: cut_ = true; return false;
    case Mishap::answered_late:
      static_cast<void>(send_all(link.broker, frame));
      // The broker has it when it has answered; nobody hears that.
      static_cast<void>(receive(link.broker, link.from_broker));
      cut_ = true;
      return false;
  }
  return false;
}

void Proxy::drop_all() {
  for (const Link& link : links_) {
    close(link.client);
    close(link.broker);
  }
  links_.clear();
}

// On a connection of its own: the one that it came by is long gone.
std::int16_t Proxy::release() {
  if (!is_held_.exchange(false)) throw std::runtime_error("no request is held");
  constexpr std::size_t kErrorAt = 4 + 4 + 4;  // behind size, correlation id and throttle time
  const int broker = connected_to(broker_port_);
  std::string answer;
  if (!send_all(broker, held_)) throw std::runtime_error("the broker does not take the request");
  while (answer.size() < kErrorAt + 2) {
    if (!receive(broker, answer)) throw std::runtime_error("the broker does not answer");
  }
  close(broker);
  return static_cast<std::int16_t>(big_endian(answer, kErrorAt, 2));
}

std::int16_t Proxy::released_with() const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (released_with_ == kNotReleased && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  return static_cast<std::int16_t>(released_with_.load());
}

}  // namespace testing_kafka
