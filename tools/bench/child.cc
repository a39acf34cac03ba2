#include "tools/bench/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace bench {

Child::Child(const Words& words) : name_(words.front()) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for " + name_);
  output_ = pipe[0];
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  const int failed =
      posix_spawnp(&id_, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (failed == 0) return;
  ::close(output_);
  throw std::runtime_error("cannot start " + name_);
}

Child::~Child() {
  if (id_ != 0) {
    ::kill(id_, SIGTERM);
    int status = 0;
    ::waitpid(id_, &status, 0);
  }
  ::close(output_);
}

std::optional<std::string> Child::line() {
  std::array<char, 4096> some{};
  while (unread_.find('\n') == std::string::npos) {
    const ssize_t read = ::read(output_, some.data(), some.size());
    if (read <= 0) return std::nullopt;
    unread_.append(some.data(), static_cast<std::size_t>(read));
  }
  const std::size_t end = unread_.find('\n');
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

void Child::wait() {
  int status = 0;
  const bool ended = ::waitpid(id_, &status, 0) == id_;
  id_ = 0;
  if (!ended || status != 0) throw std::runtime_error(name_ + " failed");
}

double Child::cpu_seconds() const {
  std::ifstream file{"/proc/" + std::to_string(id_) + "/stat"};
  std::string text;
  std::getline(file, text);
  // Behind the name in brackets: the state, and ten numbers before those of the time.
  std::istringstream words{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int i = 0; i < 11; ++i) words >> skipped;
  double user = 0;
  double system = 0;
  words >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::int64_t Child::resident_bytes() const {
  std::ifstream file{"/proc/" + std::to_string(id_) + "/statm"};
  std::int64_t all = 0;
  std::int64_t resident = 0;
  file >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

std::string output_of(const Words& words) {
  Child child{words};
  std::string output;
  while (const auto line = child.line()) output += *line + '\n';
  child.wait();
  return output;
}

}  // namespace bench
