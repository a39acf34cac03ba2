#include "infra/control/listener.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "domain/core/broken.h"
#include "infra/control/frames.h"

namespace infra::control {
namespace {

namespace fs = std::filesystem;
using boost::asio::local::stream_protocol;

constexpr std::chrono::milliseconds kRest{100};
constexpr std::size_t kOutputBytes = 16 * 1024;
constexpr std::size_t kStartBytesMax = 16
                                       << 20;  // more than a kernel lets a program be started with

[[noreturn]] void left() {
  throw core::Broken(core::Breakage::io, "whoever asked for this is gone");
}

// What is written becomes frames; when the caller is gone, it fails.
class Output final : public std::streambuf {
 public:
  Output(Channel& channel, Kind kind) : channel_(channel), kind_(kind) {}

 protected:
  int_type overflow(int_type byte) override {
    if (!traits_type::eq_int_type(byte, traits_type::eof()))
      bytes_ += traits_type::to_char_type(byte);
    return bytes_.size() < kOutputBytes || flush() ? traits_type::not_eof(byte)
                                                   : traits_type::eof();
  }
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    for (std::string_view rest{bytes, static_cast<std::size_t>(count)}; !rest.empty();) {
      const std::string_view some = rest.substr(0, kOutputBytes);
      rest.remove_prefix(some.size());
      bytes_ += some;
      if (bytes_.size() >= kOutputBytes && !flush()) return 0;
    }
    return count;
  }
  int sync() override { return flush() ? 0 : -1; }

 private:
  bool flush() {
    const std::string bytes = std::exchange(bytes_, {});
    return bytes.empty() || channel_.send(kind_, bytes);
  }

  Channel& channel_;
  Kind kind_;
  std::string bytes_;
};

// Asks for more of the caller's standard input when all of it is read.
class Input final : public std::streambuf {
 public:
  explicit Input(Channel& channel) : channel_(channel) {}

 protected:
  int_type underflow() override {
    if (ended_) return traits_type::eof();
    if (!channel_.send(Kind::wants_input, "")) left();
    auto frame = channel_.receive();
    if (!frame || frame->kind != Kind::input) left();
    bytes_ = std::move(frame->bytes);
    ended_ = bytes_.empty();
    setg(bytes_.data(), bytes_.data(), bytes_.data() + bytes_.size());
    return ended_ ? traits_type::eof() : traits_type::to_int_type(bytes_.front());
  }

 private:
  Channel& channel_;
  std::string bytes_;
  bool ended_ = false;
};

// None: the caller is gone, or is none of ours.
std::optional<Start> receive_start(Channel& channel) {
  Start start;
  std::size_t bytes = 0;
  while (auto frame = channel.receive()) {
    bytes += kFrameHeadBytes + frame->bytes.size();
    if (bytes > kStartBytesMax) return std::nullopt;
    switch (frame->kind) {
      case Kind::folder: start.folder = std::move(frame->bytes); break;
      case Kind::variable: {
        const std::size_t equals = frame->bytes.find('=');
        if (equals == std::string::npos) return std::nullopt;
        start.variables[frame->bytes.substr(0, equals)] = frame->bytes.substr(equals + 1);
        break;
      }
      case Kind::argument: start.arguments.push_back(std::move(frame->bytes)); break;
      case Kind::terminal: start.terminal = true; break;
      case Kind::run: return start;
      default: return std::nullopt;
    }
  }
  return std::nullopt;
}

class Conversation final : public Caller {
 public:
  Conversation(Channel::Socket socket, const std::atomic<bool>& stopping)
      : channel_(std::move(socket)),
        stopping_(stopping),
        in_buffer_(channel_),
        out_buffer_(channel_, Kind::output),
        err_buffer_(channel_, Kind::error),
        in_(&in_buffer_),
        out_(&out_buffer_),
        err_(&err_buffer_) {
    in_.exceptions(std::ios::badbit);  // So that what reading throws arrives.
  }

  [[nodiscard]] const Start& start() const override { return start_; }
  [[nodiscard]] std::istream& in() override { return in_; }
  [[nodiscard]] std::ostream& out() override { return out_; }
  [[nodiscard]] std::ostream& err() override { return err_; }
  void expect_wanted() const override {
    if (!channel_.is_open()) left();
    if (!stopping_) return;
    throw core::Broken(core::Breakage::locked,
                       "the service stops; what was done so far is kept, ask again");
  }

  void run(const Listener::Handle& handle) {
    auto start = receive_start(channel_);
    if (!start) return;
    start_ = std::move(*start);
    const int status = handle(*this);
    out_.flush();
    err_.flush();
    static_cast<void>(channel_.send(Kind::ended, std::to_string(status)));
  }
  void refuse() { static_cast<void>(channel_.send(Kind::busy, "")); }
  void hang_up() noexcept { channel_.hang_up(); }

 private:
  Channel channel_;
  const std::atomic<bool>& stopping_;
  Start start_;
  Input in_buffer_;
  Output out_buffer_;
  Output err_buffer_;
  std::istream in_;
  std::ostream out_;
  std::ostream err_;
};

struct Running {
  explicit Running(std::unique_ptr<Conversation> one) : conversation(std::move(one)) {}
  std::unique_ptr<Conversation> conversation;
  bool done = false;
  std::thread thread;
};

}  // namespace

struct Listener::Parts {
  Parts(const fs::path& directory, Handle given)
      : handle(std::move(given)), address(directory), acceptor(context), rest(context) {
    std::error_code none;
    fs::remove(address.file(), none);
    boost::system::error_code error;
    acceptor.open(stream_protocol{}, error);
    if (!error) acceptor.bind(address.endpoint(), error);
    // Nobody can connect before it listens.
    if (!error && ::chmod(address.file().c_str(), S_IRUSR | S_IWUSR) != 0)
      error.assign(errno, boost::system::system_category());
    if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
    if (error)
      throw core::Broken(core::Breakage::io, address.file().string() + ": " + error.message());
  }

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, Channel::Socket socket) {
      if (error == boost::asio::error::operation_aborted) return;
      if (!error) {
        take(std::make_unique<Conversation>(std::move(socket), stopping));
        return accept();
      }
      rest.expires_after(kRest);  // No descriptor is free, say.
      rest.async_wait([this](boost::system::error_code) { accept(); });
    });
  }

  void take(std::unique_ptr<Conversation> conversation) {
    const std::lock_guard lock{mutex};
    for (auto one = running.begin(); one != running.end();) {
      if (one->done) one->thread.join();
      one = one->done ? running.erase(one) : std::next(one);
    }
    if (running.size() >= kTogetherMax || stopping) return conversation->refuse();
    Running& own = running.emplace_back(std::move(conversation));
    try {
      own.thread = std::thread{[this, &own] {
        own.conversation->run(handle);
        const std::lock_guard when_done{mutex};
        own.conversation->hang_up();
        own.done = true;
        ended.notify_all();
      }};
    } catch (const std::system_error&) {  // The system has no room for one more.
      own.conversation->refuse();
      running.pop_back();
    }
  }

  const Handle handle;
  const Address address;
  std::atomic<bool> stopping = false;
  boost::asio::io_context context;
  stream_protocol::acceptor acceptor;
  boost::asio::steady_timer rest;
  std::thread accepting;

  std::mutex mutex;  // for the next ones
  std::condition_variable ended;
  std::list<Running> running;
};

Listener::Listener(const fs::path& directory, Handle handle)
    : parts_(std::make_unique<Parts>(directory, std::move(handle))) {
  parts_->accept();
  parts_->accepting = std::thread{[this] { parts_->context.run(); }};
}

void Listener::stop(std::chrono::milliseconds limit) {
  parts_->stopping = true;
  parts_->context.stop();
  if (parts_->accepting.joinable()) {
    parts_->accepting.join();
    boost::system::error_code ignored;
    parts_->acceptor.close(ignored);
    std::error_code none;
    fs::remove(parts_->address.file(), none);
  }
  std::unique_lock lock{parts_->mutex};
  parts_->ended.wait_for(lock, limit, [this] {
    return std::all_of(parts_->running.begin(), parts_->running.end(), [](const Running& one) {
      return one.done;
    });
  });
}

Listener::~Listener() {
  stop(std::chrono::milliseconds{0});
  {
    const std::lock_guard lock{parts_->mutex};
    for (Running& one : parts_->running) one.conversation->hang_up();
  }
  for (Running& one : parts_->running) one.thread.join();
}

}  // namespace infra::control
