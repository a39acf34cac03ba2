#include "tests/whole/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <stdexcept>

namespace whole {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Terminal::Terminal(std::size_t columns)
    : columns_(columns), screen_side_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  if (screen_side_ < 0 || ::grantpt(screen_side_) != 0 || ::unlockpt(screen_side_) != 0)
    throw std::runtime_error("no terminal");
  path_ = ::ptsname(screen_side_);
}

Terminal::~Terminal() { ::close(screen_side_); }

bool Terminal::await(const std::function<bool()>& happened, milliseconds limit) {
  const auto until = steady_clock::now() + limit;
  while (!happened()) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0 || !read(static_cast<int>(left.count()))) return happened();
  }
  return true;
}

void Terminal::drain() {
  while (read(60'000)) {
  }
}

bool Terminal::read(int limit) {
  pollfd what{.fd = screen_side_, .events = POLLIN, .revents = 0};
  if (::poll(&what, 1, limit) <= 0) return false;
  std::array<char, 4096> some;
  const ssize_t count = ::read(screen_side_, some.data(), some.size());
  for (ssize_t at = 0; at < count; ++at) take(some[static_cast<std::size_t>(at)]);
  return count > 0;
}

void Terminal::take(char c) {
  if (!sequence_.empty() || c == '\x1b') {
    sequence_ += c;
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) return;
    obey(sequence_);
    sequence_.clear();
  } else if (c == '\r') {
    column_ = 0;
  } else if (c == '\n') {
    lines_.emplace_back();
  } else {
    if (column_ == columns_ && wraps_) {
      lines_.emplace_back();
      column_ = 0;
    } else if (column_ == columns_) {
      --column_;
    }
    std::string& line = lines_.back();
    if (line.size() <= column_) line.resize(column_ + 1, ' ');
    line[column_++] = c;
  }
}

void Terminal::obey(const std::string& sequence) {
  if (sequence == "\x1b[K") {
    lines_.back().resize(std::min(column_, lines_.back().size()));
  } else if (sequence == "\x1b[?7l" || sequence == "\x1b[?7h") {
    wraps_ = sequence.back() == 'h';
  } else {
    throw std::runtime_error("a control sequence that no test knows");
  }
}

std::string Terminal::text() const {
  std::string text;
  for (const std::string& line : lines_) text += line + '\n';
  return text;
}

}  // namespace whole
