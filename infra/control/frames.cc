#include "infra/control/frames.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <system_error>

#include "domain/core/broken.h"
#include "domain/core/expects.h"

namespace infra::control {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kPathBytesMax = 100;  // an address has 108, with the zero at its end

using Head = std::array<unsigned char, kFrameHeadBytes>;

Head head_of(Kind kind, std::size_t length) {
  return {static_cast<unsigned char>(kind),
          static_cast<unsigned char>(length >> 24U & 0xFFU),
          static_cast<unsigned char>(length >> 16U & 0xFFU),
          static_cast<unsigned char>(length >> 8U & 0xFFU),
          static_cast<unsigned char>(length & 0xFFU)};
}

std::size_t length_of(const Head& head) {
  std::size_t length = 0;
  for (std::size_t at = 1; at < head.size(); ++at) length = length << 8U | head[at];
  return length;
}

}  // namespace

bool Channel::send(Kind kind, std::string_view bytes) {
  core::expects(bytes.size() <= kFrameBytesMax, "a frame is no larger than both sides take");
  const Head head = head_of(kind, bytes.size());
  const std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(bytes)};
  boost::system::error_code error;
  asio::write(socket_, both, error);
  return !error;
}

std::optional<Frame> Channel::receive() {
  Head head{};
  boost::system::error_code error;
  asio::read(socket_, asio::buffer(head), error);
  if (error || length_of(head) > kFrameBytesMax) return std::nullopt;
  Frame frame{static_cast<Kind>(head[0]), std::string(length_of(head), '\0')};
  asio::read(socket_, asio::buffer(frame.bytes), error);
  if (error) return std::nullopt;
  return frame;
}

void Channel::hang_up() noexcept {
  // Asio's own shutdown() may not be called beside a read; the kernel's may.
  static_cast<void>(::shutdown(const_cast<Socket&>(socket_).native_handle(), SHUT_RDWR));
}

bool Channel::is_open() const noexcept {
  char one = 0;
  const auto read =
      ::recv(const_cast<Socket&>(socket_).native_handle(), &one, 1, MSG_PEEK | MSG_DONTWAIT);
  return read > 0 || (read < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

Address::Address(const std::filesystem::path& directory) : file_(directory / kSocketName) {
  if (file_.native().size() <= kPathBytesMax) return;
  directory_ = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory_ < 0) {
    throw core::Broken(core::Breakage::io,
                       directory.string() + ": " + std::system_category().message(errno));
  }
}

Address::~Address() {
  if (directory_ >= 0) ::close(directory_);
}

asio::local::stream_protocol::endpoint Address::endpoint() const {
  if (directory_ < 0) return {file_.native()};
  return {"/proc/self/fd/" + std::to_string(directory_) + '/' + kSocketName};
}

}  // namespace infra::control
