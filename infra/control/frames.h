#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

// What crosses between a command line and the service that runs it: one byte of kind, four of
// length (the highest first), then as many bytes.
namespace infra::control {

inline constexpr const char* kSocketName = "service.sock";
inline constexpr std::size_t kFrameHeadBytes = 5;
inline constexpr std::size_t kFrameBytesMax = 1 << 20;  // behind the head

enum class Kind : std::uint8_t {
  // The caller's, in this order. What is said of the run ends with `run`.
  folder = 'f',    // that relative paths are of
  variable = 'v',  // NAME=VALUE of its environment
  argument = 'a',
  terminal = 't',  // its standard error is one; empty
  run = 'r',       // empty
  input = 'i',     // of its standard input, when it was asked; empty: the end
  // The service's.
  output = 'o',       // for standard output
  error = 'e',        // for standard error
  wants_input = 'w',  // empty
  busy = 'b',         // too many run already, nothing was done; empty
  ended = 'x',        // the exit status in digits
};
struct Frame {
  Kind kind;
  std::string bytes;
};

// One side of a connection. Used by one thread, but for hang_up() and is_open().
class Channel {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;
  explicit Channel(Socket socket) : socket_(std::move(socket)) {}

  // False: the other side is gone.
  [[nodiscard]] bool send(Kind kind, std::string_view bytes);
  // None: it is gone, or speaks another language.
  [[nodiscard]] std::optional<Frame> receive();

  // Ends what the other functions wait for. Any thread.
  void hang_up() noexcept;
  // Whether the other side is still there. Any thread.
  [[nodiscard]] bool is_open() const noexcept;

 private:
  Socket socket_;
};

// Where the socket of a data directory is, in as few bytes as an address of one has (108): a long
// path is reached through the directory's descriptor. Holds while the object lives.
class Address {
 public:
  // Throws core::Broken (io) when the directory cannot be opened.
  explicit Address(const std::filesystem::path& directory);
  ~Address();
  Address(const Address&) = delete;
  Address& operator=(const Address&) = delete;

  [[nodiscard]] boost::asio::local::stream_protocol::endpoint endpoint() const;
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  int directory_ = -1;  // open when the path is long
};

}  // namespace infra::control
