#include "tests/kafka/following.h"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace testing_kafka {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool await_change(const std::filesystem::path& folder,
                  const std::function<bool()>& happened,
                  milliseconds limit) {
  const auto until = steady_clock::now() + limit;
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (watch < 0 || ::inotify_add_watch(watch, folder.c_str(), IN_MODIFY | IN_CREATE) < 0)
    throw std::runtime_error("inotify");
  bool has = happened();
  while (!has && steady_clock::now() < until) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    pollfd what{.fd = watch, .events = POLLIN, .revents = 0};
    static_cast<void>(::poll(&what, 1, std::max(0, static_cast<int>(left.count()))));
    std::array<char, 4096> events;
    while (::read(watch, events.data(), events.size()) > 0) {
    }
    has = happened();
  }
  ::close(watch);
  return has;
}

Following::Following(whole::Place& place) : place_(place), pid_(place.start_json({"follow"})) {}

Following::~Following() {
  if (pid_ != 0) place_.kill(pid_);
}

void Following::send(int signal) const { ::kill(pid_, signal); }

std::string Following::said() const {
  return whole::bytes_of(place_.folder() / ("err" + std::to_string(pid_)));
}

bool Following::await(const std::string& text, milliseconds limit) {
  std::size_t found = std::string::npos;
  const auto has_said = [&] {
    found = said().find(text, read_);
    return found != std::string::npos;
  };
  if (!await_change(place_.folder(), has_said, limit)) return false;
  read_ = found + text.size();
  return true;
}

whole::Ran Following::stop() {
  send(SIGTERM);
  whole::Ran ran = place_.end(pid_);
  pid_ = 0;
  return ran;
}

std::string Following::name() const {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return std::string{"kartei@"} + host.data() + ':' + std::to_string(pid_);
}

}  // namespace testing_kafka
