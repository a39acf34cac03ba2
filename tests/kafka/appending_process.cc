#include "tests/kafka/appending_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <sstream>
#include <stdexcept>

namespace testing_kafka {

AppendingProcess::AppendingProcess(const infra::log_kafka::Settings& settings, std::int64_t first)
    : AppendingProcess(
          {APPENDING_PROGRAM, settings.brokers, settings.topic_prefix, std::to_string(first)}) {}

AppendingProcess::AppendingProcess(std::vector<std::string> words) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int error =
      posix_spawn(&pid_, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  pipe_ = ends[0];
  if (error != 0) throw std::runtime_error("the program cannot be started");
}

AppendingProcess::~AppendingProcess() {
  send(SIGKILL);
  waitpid(pid_, nullptr, 0);
  close(pipe_);
}

void AppendingProcess::send(int signal) const { kill(pid_, signal); }

bool AppendingProcess::await_lines(std::size_t count, std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  const auto lines = [&] {
    return static_cast<std::size_t>(std::count(output_.begin(), output_.end(), '\n'));
  };
  while (lines() < count && !ended_ && std::chrono::steady_clock::now() < until) take(until);
  return lines() >= count || ended_;
}

bool AppendingProcess::await_end(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (!ended_ && std::chrono::steady_clock::now() < until) take(until);
  return ended_;
}

bool AppendingProcess::take(std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  pollfd what{.fd = pipe_, .events = POLLIN, .revents = 0};
  if (poll(&what, 1, std::max(0, static_cast<int>(left.count()))) <= 0) return true;
  std::array<char, 4096> buffer;
  const ssize_t size = read(pipe_, buffer.data(), buffer.size());
  ended_ = size <= 0;
  if (!ended_) output_.append(buffer.data(), static_cast<std::size_t>(size));
  return !ended_;
}

std::vector<std::int64_t> AppendingProcess::said(const std::string& word) const {
  std::vector<std::int64_t> numbers;
  // What is behind the last line break is half a line of a process that was killed.
  std::istringstream lines{output_.substr(0, output_.rfind('\n') + 1)};
  std::string said;
  std::int64_t number = 0;
  while (lines >> said >> number) {
    if (said == word) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace testing_kafka
