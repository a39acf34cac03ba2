#include "infra/control/call.h"

#include <charconv>
#include <istream>
#include <ostream>

#include "domain/core/broken.h"
#include "infra/control/frames.h"

namespace infra::control {
namespace {

constexpr std::size_t kInputBytes = 64 * 1024;

bool send(Channel& channel, const Start& start) {
  bool sent = channel.send(Kind::folder, start.folder.native());
  for (const auto& [name, value] : start.variables)
    sent = sent && channel.send(Kind::variable, name + '=' + value);
  for (const std::string& argument : start.arguments)
    sent = sent && channel.send(Kind::argument, argument);
  if (start.terminal) sent = sent && channel.send(Kind::terminal, "");
  return sent && channel.send(Kind::run, "");
}

// What a person has typed, or a pipe has brought: not more than is there, and at least a byte.
std::string some_of(std::istream& in) {
  std::string bytes(kInputBytes, '\0');
  if (in.peek() == std::istream::traits_type::eof()) return "";
  bytes.resize(static_cast<std::size_t>(
      in.readsome(bytes.data(), static_cast<std::streamsize>(bytes.size()))));
  if (bytes.empty()) bytes.assign(1, static_cast<char>(in.get()));
  return bytes;
}

Called converse(Channel& channel, std::istream& in, std::ostream& out, std::ostream& err) {
  while (auto frame = channel.receive()) {
    switch (frame->kind) {
      case Kind::output: out << frame->bytes << std::flush; break;
      case Kind::error: err << frame->bytes << std::flush; break;
      case Kind::wants_input:
        if (!channel.send(Kind::input, some_of(in))) return WentAway{};
        break;
      case Kind::busy: return TooMany{};
      case Kind::ended: {
        int status = 0;
        const char* const end = frame->bytes.data() + frame->bytes.size();
        if (std::from_chars(frame->bytes.data(), end, status).ptr != end) return WentAway{};
        return status;
      }
      default: return WentAway{};
    }
  }
  return WentAway{};
}

}  // namespace

Called call(const std::filesystem::path& directory,
            const Start& start,
            std::istream& in,
            std::ostream& out,
            std::ostream& err) {
  try {
    const Address address{directory};
    boost::asio::io_context context;
    Channel::Socket socket{context};
    boost::system::error_code error;
    socket.connect(address.endpoint(), error);
    if (error) return Nobody{};
    Channel channel{std::move(socket)};
    // One that is full says so without listening: what was sent in vain does not matter then.
    static_cast<void>(send(channel, start));
    return converse(channel, in, out, err);
  } catch (const core::Broken&) {
    return Nobody{};
  }
}

}  // namespace infra::control
